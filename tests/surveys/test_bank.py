"""The question bank is looked through, tidied, and gives copies that stand by themselves."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from surveys.flow.editing import element_of
from surveys.models import QuestionBankItem
from surveys.services import building
from surveys.services.bank import put_into_bank, take_from_bank
from surveys.services.editing import EMPTY
from tests.conftest import client_of, member
from tests.factories.surveys import make_survey

pytestmark = pytest.mark.django_db

WORDS = {"zh-hans": "几天？", "en": "How many days?"}
DAYS = {
    "code": "days",
    "type": "number",
    "text": WORDS,
    "when": "{overall} <= 2",
    "checks": [
        {"that": "{days} <= 30", "text": WORDS},
        {"that": "{days} <= {weeks} * 7", "text": WORDS},
    ],
}


@pytest.fixture
def analyst(db):
    return member(Role.ANALYST)


def put(analyst, name="Days", element=DAYS):
    return put_into_bank(element, name_zh=name, name_en=name, by=analyst)


def test_a_copy_names_itself_and_no_question_that_stayed_behind(analyst):
    item, survey = put(analyst), make_survey(EMPTY, publish=False)
    code = take_from_bank(survey.pk, item, page="", by=analyst)

    taken = element_of(building.current_version(survey.pk).definition, code)
    assert "when" not in taken
    assert [one["that"] for one in taken["checks"]] == [f"{{{code}}} <= 30"]
    copied = building.copy_question(survey.pk, code, by=analyst)
    again = element_of(building.current_version(survey.pk).definition, copied)
    assert again["checks"][0]["that"] == f"{{{copied}}} <= 30"


def test_it_is_searched_renamed_counted_and_cleared_out(analyst):
    item, client = put(analyst), client_of(analyst)
    other = put(analyst, "Recommend", {"code": "q", "type": "nps", "text": {"en": "Likely?"}})
    survey = make_survey(EMPTY, publish=False)
    take_from_bank(survey.pk, item, page="", by=analyst)

    found = client.get("/surveys/bank/", {"q": "many days"}).content.decode()
    assert "1 time" in found
    assert "Recommend" not in found
    adding = client.get(reverse("surveys:add_question", args=[survey.slug]), {"q": "likely"})
    assert [one.pk for one, _words in adding.context["bank"]] == [other.pk]
    client.post(f"/surveys/bank/{item.pk}/", {"name_zh": "天数", "name_en": "Length of stay"})
    assert "Length of stay" in client.get("/surveys/bank/").content.decode()
    client.post(f"/surveys/bank/{item.pk}/remove/")
    assert list(QuestionBankItem.objects.all()) == [other]
    assert client_of(member(Role.AGENT)).get("/surveys/bank/").status_code == 403


@pytest.mark.parametrize("rows", [1, 5])
def test_the_bank_costs_the_same_for_any_number(rows, analyst, django_assert_num_queries):
    for _number in range(rows):
        put(analyst)
    client = client_of(analyst)
    client.get("/surveys/bank/")
    with django_assert_num_queries(5):
        client.get("/surveys/bank/")
