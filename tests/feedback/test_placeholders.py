"""Variables in mails that nobody reads before they go."""

import pytest

from feedback.rules.placeholders import Filled, brackets_match, fill, fill_quietly, unknown_in
from feedback.services.acknowledgement import acknowledge_feedback
from tests.factories import CustomerFactory, FeedbackFactory


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Hello {{ customer.name }},", "Hello,"),
        ("您好{{ customer.name }}，", "您好，"),
        ("Your number is {{ feedback.number }}.", "Your number is 7."),
        ("{{ nobody.knows }} it", " it"),
    ],
)
def test_what_has_no_value_is_left_out(text, written):
    assert fill_quietly(text, {"feedback.number": "7", "customer.name": ""}) == written


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_customer_without_a_name_is_greeted_all_the_same(language):
    customer = CustomerFactory(name="")
    mail = acknowledge_feedback(FeedbackFactory(customer=customer, language=language))

    assert mail is not None
    assert "{{" not in mail.body_text
    assert mail.body_text.startswith(("您好，", "Hello,"))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("[[Dear {{ customer.name }}, ]]thank you.", "thank you."),
        ("Thank you [[, {{ customer.name }}]].", "Thank you."),
        ("No. [[{{ feedback.number }}]]!", "No. 7!"),
        ("One\n[[Order {{ order_number }}]]\nTwo", "One\nTwo"),
        ("One\n[[Number {{ feedback.number }}]]\nTwo", "One\nNumber 7\nTwo"),
        ("[[Order {{ order_number }} of {{ feedback.number }}]]End", "End"),
        ('{{ customer.name|fallback:"您好" }}！', "您好！"),
        ("{{ customer.name|fallback:“客户” }}！", "客户！"),
        ('[[{{ customer.name|fallback:"You" }} ]]there', "Youthere"),
        ('{{ feedback.number | fallback:"?" }}', "7"),
        ("[[no variable]]", "no variable"),
    ],
)
def test_optional_parts_drop_out_and_fallbacks_stand_in(text, written):
    values = {"feedback.number": "7", "customer.name": "", "order_number": ""}

    assert fill(text, values) == Filled(written, [])
    assert fill_quietly(text, values) == written


def test_values_are_never_read_as_templates():
    values = {"customer.name": "[[{{ order_number }}]]", "order_number": "A1"}

    assert fill("{{ customer.name }}", values).text == "[[{{ order_number }}]]"


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ('{{ customer.name|fallback:"x" }}', []),
        ('{{ customer.nmae|fallback:"x" }}', ['customer.nmae|fallback:"x"']),
        ("{{ customer.name|upper }}", ["customer.name|upper"]),
        ("{{ customer.__class__ }}", ["customer.__class__"]),
        ("{{ 7*7 }}", ["7*7"]),
    ],
)
def test_only_the_declared_variables_and_fallback_are_known(text, unknown):
    assert unknown_in(text) == unknown


@pytest.mark.parametrize(
    ("text", "is_fine"),
    [("[[a]] [[b]]", True), ("[[a", False), ("a]]", False), ("[[a [[b]] ]]", False)],
)
def test_optional_parts_are_closed_and_not_nested(text, is_fine):
    assert brackets_match(text) == is_fine


def test_what_is_never_closed_stays_as_it_was_written():
    text = f"[[{{{{ product.name }}}}]] {'[[' * 10_000}"

    assert fill(text, {"product.name": "Filter"}).text == f"Filter {'[[' * 10_000}"
