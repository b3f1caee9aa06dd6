"""Editing a condition by clicking, with and without JavaScript."""

import json
from html.parser import HTMLParser
from random import Random

import pytest
from django import forms
from django.http import QueryDict

from config.kernel.conditions.condition import always
from config.kernel.conditions.draft import MOST_NODES, draft_of
from config.kernel.conditions.form_field import ConditionFormField
from config.kernel.conditions.operators import Needs
from config.kernel.conditions.parsing import parse
from config.kernel.conditions.reading import read_tree
from tests.kernel.conditions.randomly import CASES, random_tree
from tests.kernel.conditions.things import THINGS

ACTOR = frozenset({Needs.ACTOR})


class RuleForm(forms.Form):
    rule = ConditionFormField(subject="thing", allowed=ACTOR)


def page(tree=None, **more):
    """The form as a browser gets it."""
    return str(RuleForm(initial={"rule": tree}, **more))


def sent(html, press=None, **changed):
    """What the browser sends back: the inputs as they are drawn, some of them changed, and the
    button that was pressed."""
    data = QueryDict(mutable=True)
    for name, value in fields_in(html):
        data.appendlist(name, value)
    for name, value in changed.items():
        data.setlist(name.replace("_", "-"), value if isinstance(value, list) else [value])
    if press:
        data["rule-do"] = press
    return RuleForm(data)


def tree_in(form):
    assert form.is_valid(), form.errors
    return form.cleaned_data["rule"]


class Inputs(HTMLParser):
    """Names and values that a form would send; what lies in a <template> is not part of it."""

    def __init__(self):
        super().__init__()
        self.found, self.templates, self.select, self.area = [], 0, None, None

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag == "template":
            self.templates += 1
        if self.templates:
            return
        if tag == "input" and (given.get("type") != "checkbox" or "checked" in given):
            self.found.append((given["name"], given.get("value", "")))
        elif tag == "select":
            self.select = [given["name"], None]
        elif tag == "option" and self.select and (self.select[1] is None or "selected" in given):
            self.select[1] = given["value"]
        elif tag == "textarea":
            self.area = [given["name"], ""]

    def handle_endtag(self, tag):
        if tag == "template":
            self.templates -= 1
        elif tag == "select" and self.select:
            if self.select[1] is not None:
                self.found.append(tuple(self.select))
            self.select = None
        elif tag == "textarea" and self.area:
            # A browser drops the line break after <textarea> and sends CRLF.
            self.found.append((self.area[0], self.area[1].replace("\n", "\r\n")))
            self.area = None

    def handle_data(self, data):
        if self.area:
            self.area[1] += data


def fields_in(html):
    reader = Inputs()
    reader.feed(html)
    return reader.found


def test_random_conditions_survive_the_builder():
    rng = Random(11)
    for _ in range(CASES // 12):
        tree = read_tree(random_tree(rng, THINGS, None), THINGS).tree

        assert tree_in(sent(page(tree))) == tree


def test_an_untouched_form_has_not_changed_and_a_touched_one_has():
    tree = ["or", ["is", "kind", "red"], ["contains", "words", ["a", "b c"]]]
    html = page(tree)
    form = RuleForm(sent(html).data, initial={"rule": tree})
    other = RuleForm(sent(html, rule_0_kind="all").data, initial={"rule": tree})

    assert not form.has_changed()
    assert other.has_changed()
    assert tree_in(other)[0] == "and"


def test_the_empty_condition_is_an_empty_builder():
    assert tree_in(sent(page())) == always()
    assert tree_in(sent(page(always()))) == always()


def test_rows_are_added_and_removed_by_buttons_that_send_the_form():
    form = sent(page(["is", "kind", "red"]), press="add-row:0")
    assert not form.is_valid()
    assert form.errors["rule"] == ["Not saved yet: finish the condition, then save."]

    # The new row is there with what a row begins with; now it is filled in and saved.
    form = sent(str(form), rule_2_value="leak")
    assert tree_in(form) == ["and", ["is", "kind", "red"], ["contains", "words", ["leak"]]]

    form = sent(str(form), press="remove:1")
    assert tree_in(sent(str(form))) == ["contains", "words", ["leak"]]


def test_a_group_in_a_group():
    form = sent(page(["is", "kind", "red"]), press="add-group:0")
    form = sent(str(form), press="add-row:2")
    form = sent(str(form), rule_2_kind="none", rule_3_value="a", rule_4_value="b\r\nc")

    assert tree_in(form) == [
        "and",
        ["is", "kind", "red"],
        ["not", ["or", ["contains", "words", ["a"]], ["contains", "words", ["b", "c"]]]],
    ]


def test_another_field_brings_its_comparisons_and_inputs_without_javascript():
    form = sent(page(["is", "kind", "red"]), rule_1_field="at")
    assert not form.is_valid()  # "is red" means nothing for a time

    html = str(form)
    assert 'value="within_last" selected' in html
    form = sent(html, rule_1_value=["3", "days"])
    assert tree_in(form) == ["within_last", "at", [3, "days"]]

    form = sent(str(form), rule_1_operator="between")
    assert not form.is_valid()
    form = sent(str(form), rule_1_value=["2026-11-01", "2026-11-02"])
    assert tree_in(form) == ["between", "at", ["2026-11-01", "2026-11-02"]]


@pytest.mark.parametrize(
    ("tree", "changed", "message"),
    [
        (["contains", "words", ["a"]], {"rule_1_value": ""}, "Words: Give at least one value."),
        (["is", "count", 1], {"rule_1_value": "many"}, "Count: Write a number."),
        (["is", "kind", "red"], {"rule_1_value": ""}, "Kind: Write one of: red, blue, is."),
        (["is", "kind", "red"], {"rule_1_field": "gone"}, "There is no field “gone”."),
        (["between", "count", [1, 2]], {"rule_1_value": ["2", "1"]}, "Count: The lowest value"),
        (["gt", "took", [1, "days"]], {"rule_1_value": ["0", "days"]}, "Took: Write a whole"),
        (["on", "day", "2026-11-01"], {"rule_1_value": "2026-02-31"}, "Day: There is no such day"),
    ],
)
def test_a_mistake_stands_at_its_row_and_nothing_typed_is_lost(tree, changed, message):
    ((name, value),) = changed.items()
    form = sent(
        page(["or", ["is", "flag", True], tree]), **{name.replace("rule_1", "rule_3"): value}
    )

    assert not form.is_valid()
    assert form.errors["rule"][0].startswith(message)
    row = str(form).partition('data-condition-row-id="3"')[2].partition("data-condition-row-id")[0]
    assert message in row
    for text in filter(None, value if isinstance(value, list) else [value]):
        assert f'value="{text}"' in row


def test_a_group_without_rows_is_named():
    form = sent(page(["is", "kind", "red"]), press="add-group:0")
    form = sent(str(form), press="remove:3")

    form = sent(str(form))

    assert form.errors["rule"] == ["This group is empty: add a row, or remove it."]


def test_rows_become_text_and_text_becomes_rows():
    tree = ["and", ["is", "kind", "red"], ["not", ["contains", "words", ["退款"]]]]
    form = sent(page(tree), press="to-text")
    assert not form.is_valid()
    html = str(form)
    assert "kind = red and not words contains &quot;退款&quot;</textarea>" in html
    assert tree_in(sent(html)) == tree

    form = sent(html, press="to-rows", rule_text="kind = blue or flag = yes")
    assert tree_in(sent(str(form))) == ["or", ["is", "kind", "blue"], ["is", "flag", True]]


def test_a_mistake_in_the_text_is_marked_and_the_text_stays():
    html = str(sent(page(["is", "kind", "red"]), press="to-text"))

    for press in (None, "to-rows"):
        form = sent(html, press=press, rule_text="flag = yes and kind = rad")

        assert form.errors["rule"] == ["Kind: “rad” is no value here. Did you mean red?"]
        assert "<code>flag = yes and kind = <mark>rad</mark></code>" in str(form)
        assert ">flag = yes and kind = rad</textarea>" in str(form)


def test_rows_with_mistakes_do_not_turn_into_text():
    form = sent(page(["is", "count", 1]), press="to-text", rule_1_value="x")

    assert form.errors["rule"] == ["Count: Write a number."]
    assert 'value="x"' in str(form)


def test_what_rows_cannot_show_is_edited_as_text():
    deep = ["is", "flag", True]
    for _ in range(8):
        deep = ["not", deep]
    many = ["or", *[["is", "flag", True]] * (MOST_NODES + 1)]
    spaces = ["contains", "words", [" a ", "b\u2028c"]]
    for tree in (deep, many, spaces):
        condition = read_tree(tree, THINGS)
        assert draft_of(condition).is_text
        assert tree_in(sent(page(tree))) == tree


def test_a_kept_condition_that_cannot_be_run_is_shown_and_not_lost():
    html = page(["and", ["is", "gone", "red"], ["is", "flag", True]])

    assert "[&quot;is&quot;, &quot;gone&quot;, &quot;red&quot;]" in html
    assert "There is no field “gone”." in html
    assert not sent(html).is_valid()


def test_what_needs_an_event_is_not_offered_where_there_is_none():
    assert "changed_to" not in page(["is", "kind", "red"])
    assert not RuleForm({"rule": '["changed", "kind"]'}).is_valid()


def test_a_required_condition_wants_a_row():
    class Strict(forms.Form):
        rule = ConditionFormField(subject="thing", required=True)

    form = Strict(sent(page()).data)

    assert form.errors["rule"] == ["Add at least one row."]


def test_a_program_may_send_the_tree_or_the_text():
    assert ConditionFormField(subject="thing").clean(["is", "kind", "red"]) == [
        "is",
        "kind",
        "red",
    ]
    assert tree_in(RuleForm({"rule": "kind = red"})) == ["is", "kind", "red"]
    assert not RuleForm({}).is_valid()


@pytest.mark.parametrize(
    "changed",
    [
        {"rule_node": ["1:9:row"]},
        {"rule_node": ["1:0:row", "1:0:row"]},
        {"rule_node": ["0:0:group"]},
        {"rule_node": ["x:0:row"]},
        {"rule_node": ["1:0:table"]},
        {"rule_node": [f"{n}:{n - 1}:group" for n in range(1, 40)]},
        {"rule_node": [f"{n}:0:row" for n in range(1, 200)]},
        {"rule_0_kind": "xor"},
        {"rule_do": "remove:0"},
        {"rule_do": "remove:99"},
        {"rule_do": "drop:1"},
        {"rule_do": "add-row:1"},
        {"rule_1_field": "__class__"},
        {"rule_1_field": "words__contains"},
        {"rule_1_operator": "regex"},
        {"rule_1_value": ["\0"]},
        {"rule_1_value": []},
        {"rule_mode": "text", "rule_text": "(" * 3000},
        {"rule_mode": "text", "rule_text": "words = \0"},
    ],
)
def test_a_hostile_form_is_refused_and_can_be_drawn(changed):
    form = sent(page(["is", "kind", "red"]), **changed)

    assert not form.is_valid()
    assert "<fieldset" in str(form)


def test_words_of_people_are_escaped():
    html = page(["contains", "words", ["<script>alert(1)</script>", '"><b>']])

    assert "<script>alert" not in html
    assert '"><b>' not in html


def test_the_builder_loads_a_module_and_holds_what_the_script_clones():
    html = page(["is", "kind", "red"])

    assert 'type="module"' in str(RuleForm().media)
    assert "css/components/condition.css" in str(RuleForm().media)
    assert " style=" not in html
    assert " onclick=" not in html
    words = json.loads(html.partition('type="application/json">')[2].partition("</script>")[0])
    keys = {entry[2] for entries in words.values() for entry in entries}
    assert words["kind"][0] == ["is", "is", "choice:kind"]
    for key in keys:
        assert f'data-condition-editor="{key}"' in html
    assert parse("kind = red", THINGS)
