"""A new survey begins with something: nothing, a template, another survey, the bank, a file."""

import pytest

from accounts.enums import Role
from surveys.flow.editing import codes_of
from surveys.models import QuestionBankItem, Survey
from surveys.services import building
from tests.conftest import client_of, member
from tests.factories.surveys import make_survey

pytestmark = pytest.mark.django_db

BOTH = ["zh-hans", "en"]


@pytest.fixture
def client(db):
    return client_of(member(Role.ANALYST))


def begin(client, start, **typed):
    usual = {"kind": "custom", "default_language": "zh-hans", "languages": BOTH}
    made = client.post(f"/surveys/new/?from={start}", usual | {"title_zh": "新的"} | typed)
    assert made.status_code == 302, made.context["form"].errors
    return Survey.objects.earliest("-pk")


def now(survey):
    return building.current_version(survey.pk).definition


def test_it_begins_with_a_choice_and_the_plan_can_wait(client):
    page = client.get("/surveys/new/").content.decode()
    assert "?from=nps" in page
    assert "/surveys/import/" in page
    assert "?from=bank" not in page

    form = client.get("/surveys/new/", {"from": "nps"}).context["form"]
    assert (form["title_en"].value(), form["kind"].value()) == ("Would you recommend us?", "nps")
    survey = begin(client, "nps", title_zh="您会推荐吗？", title_en="Recommend?")

    assert codes_of(now(survey)) == {"likely", "missing", "better", "like"}
    assert now(survey)["texts"]["title"] == {"zh-hans": "您会推荐吗？", "en": "Recommend?"}
    builder = client.get(f"/surveys/{survey.slug}/questions/").content.decode()
    assert f"/surveys/{survey.slug}/plan/" in builder


def test_one_title_and_one_language_are_enough(client):
    survey = begin(client, "empty", languages=["zh-hans"])

    assert survey.title_en == "新的"
    assert now(survey)["languages"] == ["zh-hans"]
    building.add_question(survey.pk, kind="nps", page="", by=survey.owner or member(Role.ANALYST))
    form = client.get(f"/surveys/{survey.slug}/questions/q/q1/").context["form"]
    assert "text__en" not in form.fields

    frame = {"languages": BOTH, "title__zh-hans": "新的"}
    client.post(f"/surveys/{survey.slug}/questions/frame/", frame)
    assert now(survey)["languages"] == BOTH


def test_questions_come_from_another_survey_or_from_the_bank(client):
    other = make_survey()
    copied = begin(client, "copy", source=other.pk)
    assert codes_of(now(copied)) == codes_of(now(other))

    client.post(f"/surveys/{other.slug}/questions/q/solved/bank/")
    taken = begin(client, "bank", items=[QuestionBankItem.objects.get().pk])
    assert [one["type"] for one in now(taken)["pages"][0]["elements"]] == ["single_choice"]

    refused = client.post("/surveys/new/?from=copy", {"title_zh": "", "languages": BOTH})
    assert refused.status_code == 422
