"""Variables in mails that nobody reads before they go."""

import pytest

from feedback.rules.placeholders import fill_quietly
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
