"""Custom fields on records and customers."""

import pytest
from django.urls import reverse

from accounts.models import Customer
from accounts.services.custom_values import ValuesRefused
from accounts.services.customers import change_customer, state_of_customer
from accounts.services.merging import merge_customers, separate_customers
from config.kernel.search.queries import understand
from feedback.errors import FieldsMissing, Stale
from feedback.models import Category, Feedback, SearchEntry, Status
from feedback.rules.placeholders import fill
from feedback.selectors.custom_fields import fields_of_feedback
from feedback.selectors.story import story_of
from feedback.services.custom_fields import archive_custom_field
from feedback.services.custom_values import set_custom_values
from feedback.services.details import set_category
from feedback.services.merging import merge_feedback, unmerge_feedback
from feedback.services.reply_templates import VariablesUnknown, ensure_readable
from feedback.services.search_index import index_what_changed
from feedback.services.template_values import template_values
from feedback.services.workflow import change_status, resolve_feedback
from tests.factories import CustomerFactory, CustomFieldFactory, FeedbackFactory

pytestmark = pytest.mark.django_db

COLOURS = [
    {"code": "red", "name_zh": "红", "name_en": "Red"},
    {"code": "blue", "name_zh": "蓝", "name_en": "Blue"},
]


@pytest.fixture
def record(team):
    return FeedbackFactory(team=team)


@pytest.fixture
def category():
    return Category.objects.order_by("pk").first()


def test_a_change_is_one_entry_with_before_and_after_in_words(record, agent):
    CustomFieldFactory(code="colour", kind="choice", options=COLOURS, name_en="Colour")
    CustomFieldFactory(code="weight", kind="decimal", unit_en="kg", name_en="Weight")
    set_custom_values(record.pk, by=agent, values={"colour": "red"})

    changed = set_custom_values(record.pk, by=agent, values={"colour": "blue", "weight": 1.5})

    assert changed.custom == {"colour": "blue", "weight": 1.5}
    assert changed.version == record.version + 2
    line = story_of(changed)[-1]
    assert line.sentence == "Colour: Red → Blue; Weight: – → 1.5 kg"
    assert line.who == agent.name


def test_the_same_value_again_is_no_change(record, agent):
    CustomFieldFactory(code="colour", kind="choice", options=COLOURS)
    first = set_custom_values(record.pk, by=agent, values={"colour": "red"})

    again = set_custom_values(record.pk, by=agent, values={"colour": "red"})

    assert again.version == first.version


def test_wrong_and_unknown_fields_are_named_and_nothing_is_written(record, agent):
    CustomFieldFactory(code="count", kind="integer")
    CustomFieldFactory(code="name", kind="short_text")

    with pytest.raises(ValuesRefused) as refusal:
        set_custom_values(record.pk, by=agent, values={"count": "x", "colour": 1, "name": "ok"})

    assert set(refusal.value.fields) == {"count", "colour"}
    assert Feedback.objects.get(pk=record.pk).custom == {}


def test_who_saw_an_older_version_is_held_back(record, agent):
    CustomFieldFactory(code="name")
    set_custom_values(record.pk, by=agent, values={"name": "a"})

    with pytest.raises(Stale):
        set_custom_values(record.pk, by=agent, values={"name": "b"}, version=record.version)


def test_a_field_is_asked_by_category_and_its_value_stays_when_it_is_not(
    record, agent, agent_client, category
):
    CustomFieldFactory(code="model", shown_when=["under", "category", [category.code]])
    assert fields_of_feedback(record) == []
    set_category(record.pk, by=agent, category=category)
    set_custom_values(record.pk, by=agent, values={"model": "HY-7"})
    assert [one.code for one in fields_of_feedback(Feedback.objects.get(pk=record.pk))] == [
        "model"
    ]

    set_category(record.pk, by=agent, category=None)

    page = agent_client.get(record.get_absolute_url()).content.decode()
    assert Feedback.objects.get(pk=record.pk).custom == {"model": "HY-7"}
    assert "no longer asked" in page
    assert "HY-7" in page


def test_what_is_needed_is_asked_for_before_staff_resolve(record, agent):
    CustomFieldFactory(code="cause", name_en="Cause", required_to_resolve=True)

    with pytest.raises(FieldsMissing, match="Cause"):
        resolve_feedback(record.pk, by=agent)

    set_custom_values(record.pk, by=agent, values={"cause": "seal"})
    assert resolve_feedback(record.pk, by=agent).state == "resolved"


def test_the_customer_may_say_it_is_settled_whatever_is_missing(record):
    CustomFieldFactory(code="cause", required_to_resolve=True)

    done = change_status(
        record.pk, status=Status.objects.get(code="resolved"), by=None, note="customer"
    )

    assert done.state == "resolved"


def test_what_staff_must_fill_in_cannot_be_emptied_by_them(record, agent):
    CustomFieldFactory(code="shop", required_for_staff=True)
    set_custom_values(record.pk, by=agent, values={"shop": "Berlin"})

    with pytest.raises(ValuesRefused):
        set_custom_values(record.pk, by=agent, values={"shop": ""})


def test_an_archived_field_keeps_its_values_and_takes_no_new_ones(record, agent):
    field = CustomFieldFactory(code="old")
    set_custom_values(record.pk, by=agent, values={"old": "1"})
    assert archive_custom_field(field) is False

    with pytest.raises(ValuesRefused, match="archived"):
        set_custom_values(record.pk, by=agent, values={"old": "2"})

    assert set_custom_values(record.pk, by=agent, values={"old": None}).custom == {}


def test_new_records_begin_with_what_is_filled_in_at_first():
    CustomFieldFactory(code="colour", kind="choice", options=COLOURS, default="blue")
    CustomFieldFactory(code="other", default="x", shown_when=["is", "channel", "phone"])

    assert FeedbackFactory().custom == {"colour": "blue"}
    assert FeedbackFactory(custom={"colour": "red"}).custom == {"colour": "red"}


def test_a_record_is_changed_on_its_page(record, agent_client):
    CustomFieldFactory(code="colour", kind="choice", options=COLOURS, name_en="Colour")
    CustomFieldFactory(code="at", kind="moment")
    change = reverse("feedback:change", args=[record.number, "fields"])
    form = agent_client.get(reverse("feedback:choices", args=[record.number, "fields"]))
    assert 'name="field_colour"' in form.content.decode()

    agent_client.post(
        change,
        {"field_colour": "red", "field_at": "2026-11-22T14:30", "version": record.version},
    )

    kept = Feedback.objects.get(pk=record.pk).custom
    assert kept["colour"] == "red"
    assert kept["at"].startswith("2026-11-22T")
    assert "Red" in agent_client.get(record.get_absolute_url()).content.decode()
    wrong = agent_client.post(change, {"field_colour": "green", "field_at": "x"})
    assert wrong.status_code == 422
    assert 'value="x"' in wrong.content.decode()
    stale = agent_client.post(change, {"field_colour": "blue", "version": record.version})
    assert stale.status_code == 409
    assert "Blue" in stale.content.decode()


def test_a_customer_has_fields_of_their_own(agent, agent_client):
    customer = CustomerFactory()
    CustomFieldFactory(subject="customer", code="size", kind="integer", name_en="Employees")
    CustomFieldFactory(
        subject="customer", code="vip", kind="yes_no", shown_when=["is", "tier", "key"]
    )
    edit = reverse("feedback:edit_customer", args=[customer.pk])
    page = agent_client.get(edit).content.decode()
    assert "field_size" in page
    assert "field_vip" not in page
    form = {"name": "Li", "language": "en", "tier": "key", "field_size": "12"}
    seen = {"seen": state_of_customer(customer)}

    assert agent_client.post(edit, form | seen).status_code == 302

    assert Customer.objects.get(pk=customer.pk).custom == {"size": 12}
    shown = agent_client.get(reverse("feedback:customer", args=[customer.pk])).content.decode()
    assert "Employees" in shown
    assert agent_client.post(edit, form | {"field_size": "many"}).status_code == 422
    with pytest.raises(ValuesRefused):
        change_customer(customer.pk, custom={"nothing": 1})


@pytest.mark.parametrize("rows", [1, 5])
def test_the_record_page_costs_the_same_for_any_number_of_fields(
    agent_client, record, rows, category, django_assert_num_queries
):
    for _ in range(rows):
        CustomFieldFactory(shown_when=["not_under", "category", [category.code]])
    agent_client.get(record.get_absolute_url())

    with django_assert_num_queries(13):
        agent_client.get(record.get_absolute_url())


def test_a_template_says_what_stands_in_a_field_in_the_language_of_the_record(record, agent):
    CustomFieldFactory(code="colour", kind="choice", options=COLOURS)
    CustomFieldFactory(subject="customer", code="size", kind="integer")
    change_customer(record.customer_id, custom={"size": 12})
    changed = set_custom_values(record.pk, by=agent, values={"colour": "red"})
    text = "{{ field.colour }} {{ customer.field.size }} {{ field.other|fallback:'?' }}"
    text = text.replace("'", '"')

    assert fill(text, template_values(changed, agent)).text == "红 12 ?"

    ensure_readable("{{ field.colour }}")
    with pytest.raises(VariablesUnknown):
        ensure_readable("{{ field.nothing }}")


def test_the_search_finds_what_stands_in_a_searched_field(record, agent):
    CustomFieldFactory(code="serial", kind="order", is_searchable=True)
    CustomFieldFactory(code="secret")
    index_what_changed()

    set_custom_values(record.pk, by=agent, values={"serial": "HY-778899", "secret": "zebra"})
    index_what_changed()

    assert list(
        SearchEntry.objects.matching(understand("778899")).values_list("pk", flat=True)
    ) == [record.pk]
    assert not SearchEntry.objects.matching(understand("zebra")).exists()


def test_merging_fills_what_is_empty_and_taking_it_back_empties_it_again(team, agent):
    for code in ("shop", "model", "bill"):
        CustomFieldFactory(code=code, name_en=code.title())
    customer = CustomerFactory()
    kept, gone = FeedbackFactory.create_batch(2, team=team, customer=customer)
    set_custom_values(kept.pk, by=agent, values={"shop": "Berlin"})
    set_custom_values(gone.pk, by=agent, values={"shop": "Paris", "model": "X3", "bill": "7"})

    merge_feedback(gone.pk, into_id=kept.pk, by=agent)

    kept.refresh_from_db()
    assert kept.custom == {"shop": "Berlin", "model": "X3", "bill": "7"}
    assert "Model: – → X3" in [line.sentence for line in story_of(kept)][-2]
    set_custom_values(kept.pk, by=agent, values={"bill": "8"})
    unmerge_feedback(gone.pk, by=agent)
    kept.refresh_from_db()
    assert kept.custom == {"shop": "Berlin", "bill": "8"}


def test_merging_customers_fills_their_fields_and_separating_empties_them(agent):
    for code in ("size", "branch"):
        CustomFieldFactory(subject="customer", code=code)
    kept, gone = CustomerFactory(), CustomerFactory()
    change_customer(kept.pk, custom={"size": "9"})
    change_customer(gone.pk, custom={"size": "1", "branch": "Food"})

    merge_customers(gone.pk, into_id=kept.pk, by=agent)

    kept.refresh_from_db()
    assert kept.custom == {"size": "9", "branch": "Food"}
    separate_customers(gone.pk, by=agent)
    kept.refresh_from_db()
    assert kept.custom == {"size": "9"}
