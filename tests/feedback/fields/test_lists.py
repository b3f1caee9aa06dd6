"""Custom fields in lists: columns, orders, files, filters, saved views."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils.translation import override

from accounts.services.customers import change_customer
from feedback.errors import FilterNotKnown
from feedback.models import SavedView
from feedback.selectors.columns import columns_named
from feedback.selectors.queue import queue_page, queue_records, queue_url, read_query
from feedback.services.custom_fields import archive_custom_field
from feedback.services.custom_values import set_custom_values
from feedback.services.saved_views import save_view
from tests.factories import CustomFieldFactory, FeedbackFactory

pytestmark = pytest.mark.django_db
QUEUE = reverse("feedback:queue")
SIZES = [
    {"code": "s", "name_zh": "小", "name_en": "Small"},
    {"code": "l", "name_zh": "大", "name_en": "Large"},
]


@pytest.fixture
def fields():
    """One of each kind of order, and one about customers."""
    make = CustomFieldFactory
    return {
        "size": make(code="size", kind="choice", options=SIZES, name_en="Size", filter_often=True),
        "parts": make(code="parts", kind="choices", options=SIZES, name_en="Parts"),
        "weight": make(code="weight", kind="decimal", unit_en="kg", name_en="Weight"),
        "bought": make(code="bought", kind="date", name_en="Bought"),
        "at": make(code="at", kind="moment", name_en="At"),
        "gift": make(code="gift", kind="yes_no", name_en="Gift"),
        "words": make(code="words", kind="short_text", name_en="Words"),
        "bill": make(code="bill", kind="order", name_en="Bill"),
        "staff": make(subject="customer", code="staff", kind="integer", name_en="Staff"),
    }


@pytest.fixture
def records(fields, team, agent):
    large, small, bare = FeedbackFactory.create_batch(3, team=team)
    set_custom_values(
        large.pk,
        by=agent,
        values={
            "size": "l", "parts": ["s", "l"], "weight": 12.5, "bought": "2026-11-02",
            "at": "2026-11-02T10:00", "gift": True, "words": "=Blue Sea", "bill": "HY-20",
        },
    )  # fmt: skip
    set_custom_values(
        small.pk, by=agent, values={"size": "s", "weight": 2, "gift": False, "words": "red"}
    )
    change_customer(large.customer_id, custom={"staff": 40})
    return {"large": large.number, "small": small.number, "bare": bare.number}


def names_found(query, user, records):
    found = set(queue_records(read_query(query, user), user).values_list("number", flat=True))
    return {name for name, number in records.items() if number in found}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("field.size=l", {"large"}),
        ("field.size=l&field.size=s", {"large", "small"}),
        ("field.size=none", {"bare"}),
        ("field.size=s&field.size=none", {"small", "bare"}),
        ("field.parts=s", {"large"}),
        ("field.parts=none", {"small", "bare"}),
        ("field.weight.from=2.5", {"large"}),
        ("field.weight.from=2&field.weight.to=2", {"small"}),
        ("field.bought.to=2026-11-02", {"large"}),
        ("field.bought.from=2026-11-03", set()),
        ("field.at.from=2026-11-02&field.at.to=2026-11-02", {"large"}),
        ("field.gift=no", {"small"}),
        ("field.gift=none", {"bare"}),
        ("field.words=blue", {"large"}),
        ("field.bill=hy-20", {"large"}),
        ("field.bill=HY", set()),
        ("customer.field.staff.from=40", {"large"}),
    ],
)
def test_each_filter_by_a_custom_field_finds_its_records(records, agent, query, expected):
    assert names_found(query, agent, records) == expected
    asked = read_query(query, agent)
    assert names_found(asked.query, agent, records) == expected
    assert all(str(chip.label) and chip.words for chip in asked.chips())


@pytest.mark.parametrize(
    "name",
    ["field.colour", "field.size.from", "field.weight", "field.weight.up", "field.size.",
     "customer.field.size", "field.", "field"],
)  # fmt: skip
def test_filters_that_there_are_not_are_named(fields, agent, name):
    with pytest.raises(FilterNotKnown) as refusal:
        read_query(f"{name}=1", agent)
    assert refusal.value.field == name


@pytest.mark.parametrize(
    "query",
    ["field.size=xl", "field.gift=maybe", "field.weight.from=heavy", "field.bought.to=2026-02-30",
     "field.weight.to=1e999", "field.words=\x00"],
)  # fmt: skip
def test_values_that_a_field_cannot_have_are_named(fields, agent, query):
    with pytest.raises(FilterNotKnown):
        read_query(query, agent)


def test_a_filter_reads_as_people_speak(fields, agent):
    state = read_query("field.weight.from=2.5&customer.field.staff.to=40&field.size=l", agent)

    said = [(str(chip.label), chip.words) for chip in state.chips()]

    assert said == [
        ("Weight (kg) from", "2.5 kg"),
        ("Staff (customer) until", "40"),
        ("Size", "Large"),
    ]
    with override("zh-hans"):
        assert state.url == queue_url(view="all", **{
            "field.weight.from": "2.5", "customer.field.staff.to": "40", "field.size": "l",
        })  # fmt: skip


def test_every_column_of_a_field_is_shown_and_sorts_where_there_is_an_order(records, agent):
    names = ["field.size", "field.parts", "field.weight", "field.bought", "field.at", "field.gift",
             "field.words", "field.bill", "customer.field.staff"]  # fmt: skip
    columns = columns_named(names, agent)
    large = next(
        row
        for row in queue_page(read_query("view=open", agent), agent, columns=columns).rows
        if row.number == records["large"]
    )

    shown = [str(one.value(large)) for one in columns]

    assert shown[1:4] == ["Large", "['Small', 'Large']", "12.5"]
    assert shown[6:] == ["True", "=Blue Sea", "HY-20", "40"]
    for name in names:
        if name == "field.parts":
            with pytest.raises(FilterNotKnown):
                read_query(f"view=open&sort={name}.asc", agent)
        else:
            queue_page(read_query(f"view=open&sort={name}.desc", agent), agent)
    by_size = queue_page(read_query("view=open&sort=field.size.asc", agent), agent)
    assert [one.number for one in by_size.rows] == [
        records[one] for one in ("small", "large", "bare")
    ]


def test_files_hold_what_the_page_shows(records, agent_client):
    asked = "view=open&columns=number,field.size,field.weight,field.words&field.size=l"

    response = agent_client.post(reverse("feedback:export"), {"list": asked, "format": "csv"})

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    head, line = csv.reader(io.StringIO(text))
    assert head == ["Subject", "Number", "Size", "Weight (kg)", "Words"]
    # T78: a value that looks like a formula is text.
    assert line[1:] == [str(records["large"]), "Large", "12.5", "'=Blue Sea"]
    page = agent_client.get(reverse("feedback:print_list"), {"list": asked}).content.decode()
    assert "Large" in page
    assert "=Blue Sea" in page


@pytest.mark.parametrize("rows", [1, 5])
def test_fields_in_a_list_cost_no_query(
    fields, agent, agent_client, team, rows, django_assert_num_queries
):
    for record in FeedbackFactory.create_batch(rows, team=team):
        set_custom_values(record.pk, by=agent, values={"size": "l"})
    url = f"{QUEUE}?view=open&columns=subject,field.size,customer.field.staff&sort=field.size.asc"
    agent_client.get(url)

    with django_assert_num_queries(5):
        page = agent_client.get(f"{url}&field.size=l").content.decode()

    assert page.count('data-label="Size"><span>Large</span>') == rows


def test_the_form_offers_the_fields_and_keeps_what_is_chosen(fields, agent_client):
    url = reverse("feedback:queue_filters")

    page = agent_client.get(f"{url}?field.size=l&field.weight.from=2").content.decode()

    aside = page.index("filters-more")
    assert page.index('name="field.size"') < aside < page.index('name="customer.field.staff.from"')
    assert 'name="field.size" value="l" id="id_field.size_1" checked' in page
    assert 'name="field.weight.from" value="2"' in page


def test_a_saved_view_keeps_a_filter_by_a_field_and_its_column(records, fields, agent):
    view = SavedView(
        name_en="Large ones",
        view="open",
        filters={"field.size": ["l"]},
        columns=["subject", "field.weight"],
        sort="field.weight.desc",
    )

    save_view(view, by=agent)
    archive_custom_field(fields["size"])  # it has values, so it is put away and still means this

    assert names_found(f"saved={view.pk}", agent, records) == {"large"}


def test_the_file_of_customers_has_their_fields(records, agent_client):
    response = agent_client.get(reverse("feedback:customers"), {"export": "csv"})

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text))
    assert head[-1] == "Staff"
    assert sorted(row[-1] for row in rows)[-1] == "40"
