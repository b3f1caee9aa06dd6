"""Conditions kept in a column."""

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.db.migrations.writer import MigrationWriter
from django.test.utils import isolate_apps

from config.kernel.conditions.kept import broken_conditions
from config.kernel.conditions.model_field import ConditionField
from tests.kernel.conditions.test_builder import sent

with isolate_apps("config.kernel"):

    class Rule(models.Model):
        rule = ConditionField("condition", subject="thing")

        class Meta:
            app_label = "kernel"

        def __str__(self):
            return f"rule {self.pk}"


class RuleForm(forms.ModelForm):
    class Meta:
        model = Rule
        fields = ["rule"]


@pytest.fixture
def table(db):
    with connection.schema_editor(atomic=False) as editor:
        editor.create_model(Rule)


def test_a_new_record_has_the_condition_that_everything_fits(table):
    assert Rule.objects.create().rule == ["and"]


def test_a_form_of_the_model_edits_it_with_the_builder(table):
    form = RuleForm(sent(str(RuleForm(initial={"rule": ["is", "kind", "red"]}))).data)

    saved = form.save()

    saved.refresh_from_db()
    assert saved.rule == ["is", "kind", "red"]
    assert "data-condition" in str(RuleForm(instance=saved))


@pytest.mark.parametrize(
    "tree",
    [["is", "gone", 1], ["changed", "kind"], {"kind": "red"}, None],
    ids=["no such field", "no event here", "no tree", "nothing"],
)
def test_what_could_not_be_run_is_not_valid(tree):
    with pytest.raises(ValidationError):
        Rule(rule=tree).full_clean()


def test_what_vanished_is_reported(table):
    Rule.objects.create(rule=["is", "kind", "red"])
    broken = Rule.objects.create(rule=["or", ["is", "kind", "red"], ["is", "shape", "round"]])

    (found,) = broken_conditions([Rule])

    assert (found.record, found.field) == (broken, "rule")
    assert found.error.problems[0].message.startswith("There is no field “shape”.")


def test_every_model_of_the_product_can_be_looked_through(db):
    assert list(broken_conditions()) == []


def test_a_migration_can_write_the_field_down():
    code, imports = MigrationWriter.serialize(Rule._meta.get_field("rule").clone())

    assert "subject='thing'" in code
    assert "import config.kernel.conditions.model_field" in imports
