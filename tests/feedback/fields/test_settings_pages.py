"""Making, changing and archiving custom fields."""

import pytest
from django.urls import reverse

from accounts.models import CustomField
from accounts.selectors.custom_fields import book_at, field_book
from feedback.services.custom_fields import FieldRefused, save_custom_field
from feedback.services.custom_values import set_custom_values
from tests.factories import CustomFieldFactory, FeedbackFactory

pytestmark = pytest.mark.django_db

LIST = reverse("feedback:custom_fields")
COLOURS = [
    {"code": "red", "name_zh": "红", "name_en": "Red"},
    {"code": "blue", "name_zh": "蓝", "name_en": "Blue"},
]


def entered(**changes):
    return {
        "name_zh": "颜色",
        "name_en": "Colour",
        "code": "colour",
        "kind": "choice",
        "option_0_code": "red",
        "option_0_zh": "红",
        "option_0_en": "Red",
        "option_1_code": "blue",
        "option_1_en": "Blue",
        "default_text": "red",
        "shown_when": "category under product",
    } | changes


def test_a_field_is_made_tried_out_and_changed(admin_client):
    new = f"{reverse('feedback:new_custom_field')}?about=feedback"
    preview = admin_client.post(new, entered(preview="1"))
    assert 'name="staff-field_colour"' in preview.content.decode()
    assert not CustomField.objects.exists()

    assert admin_client.post(new, entered()).status_code == 302

    field = CustomField.objects.get()
    assert [one["code"] for one in field.options] == ["red", "blue"]
    assert field.default == "red"
    edit = reverse("feedback:edit_custom_field", args=[field.pk])
    assert admin_client.post(edit, entered(name_en="Paint")).status_code == 302
    page = admin_client.get(edit).content.decode()
    assert "Colour" in page  # in the history
    assert "Paint" in admin_client.get(LIST).content.decode()


def test_what_is_wrong_is_said_and_what_was_typed_stays(admin_client):
    page = admin_client.post(
        reverse("feedback:new_custom_field"), entered(code="Not a code", default_text="green")
    )

    assert page.status_code == 422
    assert "Not a code" in page.content.decode()
    assert not CustomField.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "Ä"}, "code"),
        ({"kind": "choice", "options": []}, "options"),
        ({"kind": "choice", "options": [COLOURS[0], COLOURS[0]]}, "options"),
        ({"kind": "integer", "minimum": "9", "maximum": "1"}, "maximum"),
        ({"kind": "integer", "minimum": "x"}, "minimum"),
        ({"pattern": "(a+)+"}, "pattern"),
        ({"pattern": r"\d+", "example": "x"}, "example"),
        ({"kind": "integer", "default": "x"}, "default"),
        ({"required_for_customer": True}, "required_for_customer"),
        ({"subject": "customer", "required_to_resolve": True}, "required_to_resolve"),
        ({"kind": "integer", "is_searchable": True}, "is_searchable"),
        ({"shown_when": ["is", "text", "x"]}, "shown_when"),
    ],
)
def test_a_field_without_sense_is_refused(wrong, field):
    with pytest.raises(FieldRefused) as refusal:
        CustomFieldFactory(**wrong)

    assert refusal.value.field == field


def test_a_change_that_would_give_values_another_meaning_is_refused_with_the_reason(agent):
    record = FeedbackFactory()
    colour = CustomFieldFactory(code="colour", kind="choices", options=COLOURS)
    text = CustomFieldFactory(code="text")
    set_custom_values(record.pk, by=agent, values={"colour": ["red"], "text": "x"})

    def changed(field, **changes):
        one = CustomField.objects.get(pk=field.pk)
        for name, value in changes.items():
            setattr(one, name, value)
        return save_custom_field(one)

    with pytest.raises(FieldRefused, match="1 has a value here"):
        changed(text, kind="integer")
    with pytest.raises(FieldRefused, match=r"Still chosen somewhere: red \(1\)"):
        changed(colour, options=COLOURS[1:])
    with pytest.raises(FieldRefused, match="The code stays"):
        changed(text, code="words")
    assert changed(text, kind="long_text").kind == "long_text"
    assert len(changed(colour, options=COLOURS[:1]).options) == 1


def test_fields_have_an_order_and_unused_ones_are_deleted(admin_client, agent):
    first, second = CustomFieldFactory(), CustomFieldFactory()
    set_custom_values(FeedbackFactory().pk, by=agent, values={first.code: "x"})

    def do(field, what):
        url = reverse("feedback:change_custom_field", args=[field.pk, what])
        assert admin_client.post(url).status_code == 302

    do(second, "up")
    assert list(CustomField.objects.in_order()) == [second, first]
    do(first, "remove")
    do(second, "remove")
    (left,) = CustomField.objects.all()
    assert left == first
    assert left.archived_at is not None
    do(first, "back")
    assert [one.code for one in field_book().of("feedback")] == [first.code]


def test_another_process_sees_a_change_by_its_stamp(django_assert_num_queries):
    field = CustomFieldFactory(name_en="Before")
    book = field_book()
    CustomField.objects.filter(pk=field.pk).update(name_en="After", changed_at="2027-01-01T00:00Z")

    assert field_book() is book  # for a second
    assert book_at("another").all_of("feedback")[field.code].name_en == "After"
    with django_assert_num_queries(0):
        book_at("another")


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_for_any_number_of_fields(
    admin_client, rows, django_assert_num_queries
):
    for _ in range(rows):
        CustomFieldFactory(shown_when=["in", "channel", ["phone"]])
    admin_client.get(LIST)

    with django_assert_num_queries(5):
        assert admin_client.get(LIST).content.decode().count("<tr>") == rows + 1


def test_an_agent_sees_no_settings_of_fields(agent_client):
    assert agent_client.get(LIST).status_code == 403
