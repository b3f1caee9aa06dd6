"""Several forms for customers, each with its address, questions and destination."""

import pytest
from django.urls import reverse

from accounts.services.custom_values import ValuesRefused
from config.kernel.conditions.parsing import parse
from config.kernel.conditions.vocabulary import vocabulary
from feedback.enums import Channel, Priority
from feedback.models import Category, Feedback, FormDefinition
from feedback.selectors.form_definitions import usual_form
from feedback.selectors.queue import queue_records, read_query
from feedback.services.form_definitions import (
    FormRefused,
    archive_form,
    make_usual,
    receive_through_form,
    save_form,
)
from tests.factories import CustomerFactory, CustomFieldFactory, FeedbackFactory
from tests.feedback.fields.test_forms import written

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("feedback:forms"), reverse("feedback:new_form")


def made(**changes):
    return save_form(FormDefinition(**{"code": "repair", "name_en": "Book a repair"} | changes))


def entered(**changes):
    return {
        "name_zh": "预约维修",
        "name_en": "Book a repair",
        "code": "repair",
        "thanks_en": "A fitter calls you.",
        "asks_files": "on",
    } | changes


@pytest.fixture
def fields():
    CustomFieldFactory(code="shop", name_en="Shop", is_public=True)
    CustomFieldFactory(code="model", name_en="Model", is_public=True)
    CustomFieldFactory(code="inside")


def test_a_form_is_made_tried_out_changed_and_used(admin_client, client, fields):
    rows = {"field_model_asked": "on", "field_model_required": "on", "field_model_place": "1",
            "field_shop_asked": "on", "field_shop_place": "2"}  # fmt: skip
    preview = admin_client.post(NEW, entered(preview="1", **rows)).content.decode()
    assert "look-en-field_model" in preview
    assert "look-zh-hans-field_shop" in preview
    assert not FormDefinition.objects.filter(code="repair").exists()

    assert admin_client.post(NEW, entered(**rows)).status_code == 302

    form = FormDefinition.objects.get(code="repair")
    assert [row["code"] for row in form.fields] == ["model", "shop"]
    page = client.get("/write/repair/?lang=en").content.decode()
    assert "Book a repair" in page
    assert page.index("field_model") < page.index("field_shop")
    assert 'name="order_number"' not in page
    assert "field_inside" not in page
    sent = written(asked="model,shop", field_shop="Berlin")
    assert client.post("/write/repair/", sent).status_code == 422
    done = client.post("/write/repair/?lang=en", sent | {"field_model": "X3"}, follow=True)
    assert "A fitter calls you." in done.content.decode()
    assert Feedback.objects.get().form == form
    edit = reverse("feedback:edit_form", args=[form.pk])
    assert admin_client.post(edit, entered(name_en="Repair", **rows)).status_code == 302
    assert "Book a repair" in admin_client.get(edit).content.decode()  # in the history


def test_what_is_wrong_is_said_and_what_was_typed_stays(admin_client):
    page = admin_client.post(NEW, entered(code="Thanks", intro_en="Half a page"))

    assert page.status_code == 422
    assert "Half a page" in page.content.decode()
    assert FormDefinition.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"code": "thanks"}, "code"),
        ({"code": "a/b"}, "code"),
        ({"code": "feedback"}, "code"),
        ({"categories": ["nowhere"]}, "categories"),
        ({"priorities": [9]}, "priorities"),
        ({"shows_every_field": False, "fields": [{"code": "inside"}]}, "fields"),
    ],
)
def test_a_form_that_makes_no_sense_is_refused_with_the_reason(fields, wrong, field):
    with pytest.raises(FormRefused) as refusal:
        made(**wrong)
    assert refusal.value.field == field


def test_a_form_decides_category_priority_and_team(client, team):
    made(categories=["service-delivery"], priorities=[Priority.HIGH], team=team)
    page = client.get("/write/repair/").content.decode()
    assert 'name="category"' not in page

    client.post("/write/repair/", written())

    record = Feedback.objects.get()
    assert (record.category.code, record.priority, record.team) == ("service-delivery", 3, team)


def test_a_form_offers_its_own_categories_and_priorities_and_takes_no_others(client):
    made(categories=["service-delivery", "product"], priorities=[1, 4])
    offered = Category.objects.get(code="service-delivery")
    other = Category.objects.get(code="experience")
    page = client.get("/write/repair/?lang=en").content.decode()
    assert page.index("Delivery") < page.index("Product")
    assert "How urgent is it for you?" in page

    assert client.post("/write/repair/", written(category=other.pk)).status_code == 422
    assert client.post("/write/repair/", written(priority=2)).status_code == 422
    sent = client.post("/write/repair/", written(category=offered.pk, priority=4))

    assert sent.status_code == 302
    assert Feedback.objects.get().priority == Priority.URGENT


def test_programs_are_held_to_the_form_too(fields):
    form = made(
        categories=["product", "service"],
        shows_every_field=False,
        fields=[{"code": "model", "required": True}],
    )
    given = {"channel": Channel.API, "customer": CustomerFactory(), "subject": "", "text": "Hm",
             "language": "en"}  # fmt: skip
    experience = Category.objects.get(code="experience")

    with pytest.raises(FormRefused):
        receive_through_form(form, **given, category=experience, custom={"model": "X3"})
    with pytest.raises(ValuesRefused) as refusal:
        receive_through_form(form, **given)
    assert set(refusal.value.fields) == {"model"}
    assert receive_through_form(form, **given, custom={"model": "X3"}).form == form


def test_the_usual_form_stands_at_the_short_address_and_can_be_another(client, admin_client):
    form = made(intro_en="Only repairs here.")
    assert "Only repairs here." not in client.get("/write/?lang=en").content.decode()

    admin_client.post(reverse("feedback:change_form", args=[form.pk, "usual"]))

    assert "Only repairs here." in client.get("/write/?lang=en").content.decode()
    assert usual_form().pk == form.pk
    with pytest.raises(FormRefused):
        archive_form(form.__class__.objects.get(pk=form.pk))


def test_what_was_used_is_archived_says_so_and_keeps_its_address(client, admin_client):
    form, unused = made(), made(code="other")
    client.post("/write/repair/", written())
    for one in (form, unused):
        admin_client.post(reverse("feedback:change_form", args=[one.pk, "remove"]))

    assert not FormDefinition.objects.filter(code="other").exists()
    gone = client.get("/write/repair/?lang=en")
    assert gone.status_code == 410
    assert "not in use any more" in gone.content.decode()
    assert client.get("/write/nowhere/").status_code == 404
    form.refresh_from_db()
    form.code = "elsewhere"
    with pytest.raises(FormRefused):
        save_form(form)
    with pytest.raises(FormRefused):
        make_usual(form)


def test_lists_and_conditions_ask_by_which_form_it_came(client, agent):
    made()
    client.post("/write/repair/", written())
    client.post("/write/", written(text="Other"))
    FeedbackFactory()
    by_filter = queue_records(read_query("form=repair", agent), agent)
    tree = parse("form is repair", vocabulary("feedback")).tree

    assert tree == ["is", "form", "repair"]
    assert Feedback.objects.filter(form__code="repair").count() == 1
    assert list(by_filter) == [] or by_filter.get().form.code == "repair"


@pytest.mark.parametrize("forms", [1, 5])
def test_the_list_of_forms_costs_the_same_for_any_number(
    admin_client, forms, django_assert_num_queries
):
    for number in range(forms):
        made(code=f"form-{number}")
    admin_client.get(LIST)

    with django_assert_num_queries(5):
        assert f"form-{forms - 1}" in admin_client.get(LIST).content.decode()


def test_questions_that_hang_on_a_choice_come_with_what_was_typed(client, agent_client):
    category = Category.objects.get(code="product")
    CustomFieldFactory(code="shop", is_public=True)
    CustomFieldFactory(
        code="model", is_public=True, default="X3", shown_when=["under", "category", ["product"]]
    )
    page = client.get("/write/").content.decode()
    assert 'data-questions="/write/feedback/questions/"' in page
    assert "js/questions.js" in page

    asked = client.post(
        "/write/feedback/questions/",
        {"category": category.pk, "asked": "shop", "field_shop": "<b>Berlin"},
    ).content.decode()
    by_staff = agent_client.post(
        reverse("feedback:new_questions"), {"category": "product-quality", "field_shop": "Here"}
    ).content.decode()

    assert 'value="shop,model"' in asked
    assert "&lt;b&gt;Berlin" in asked
    assert 'value="X3"' in asked
    assert "field-error" not in asked
    assert 'value="X3"' in by_staff
    assert 'value="Here"' in by_staff
