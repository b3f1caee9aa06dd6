"""Colleagues talk about a survey that is being written, where it is written."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from feedback.models import Notification
from surveys.models import SurveyComment
from surveys.services import building
from tests.conftest import client_of, member
from tests.factories.surveys import make_survey

pytestmark = pytest.mark.django_db


def called(name, role=Role.ANALYST):
    person = member(role)
    person.name = name
    person.save()
    return person


@pytest.fixture
def analyst(db):
    return called("Lin")


@pytest.fixture
def colleague(db):
    return called("王敏")


def to(survey, name="comments", **more):
    return reverse(f"surveys:{name}", kwargs={"slug": survey.slug, **more})


def test_a_colleague_is_mentioned_at_a_question_told_and_settles_it(analyst, colleague):
    survey = make_survey()
    client, other = client_of(analyst), client_of(colleague)

    written = client.post(to(survey), {"about": "q:overall", "text": "@王敏请看：太长？"})
    comment = SurveyComment.objects.get()

    assert written.headers["Location"] == f"{to(survey)}#comment-{comment.pk}"
    assert ">1</span></a>" in client.get(to(survey, "questions")).content.decode()
    assert not Notification.objects.filter(user=analyst).exists()
    bell = other.get("/notifications/").content.decode()
    assert "Lin mentioned you in a comment" in bell
    assert f"{to(survey)}#comment-{comment.pk}" in bell
    assert "太长" in other.get(to(survey)).content.decode()
    assert not Notification.objects.unread().filter(user=colleague).exists()

    other.post(to(survey, "change_comment", pk=comment.pk, what="settle"))
    comment.refresh_from_db()
    assert comment.resolved_by == colleague
    assert "Settled by 王敏" in client.get(to(survey)).content.decode()
    other.post(to(survey, "change_comment", pk=comment.pk, what="remove"))
    assert SurveyComment.objects.exists()  # only its author takes it back
    client.post(to(survey, "change_comment", pk=comment.pk, what="remove"))
    assert not SurveyComment.objects.exists()


def test_nobody_is_mentioned_who_cannot_see_it(analyst):
    survey = make_survey()
    called("Chen", Role.AGENT)
    refused = client_of(analyst).post(to(survey), {"about": "", "text": "@Chen look"})

    assert refused.status_code == 422
    assert "@Chen look" in refused.content.decode()
    assert not SurveyComment.objects.exists()
    assert client_of(member(Role.AGENT)).get(to(survey)).status_code == 403


def test_a_comment_follows_its_question_and_outlives_it(analyst):
    survey, client = make_survey(), client_of(analyst)
    client.post(to(survey), {"about": "q:comment", "text": "Needed?"})
    page = building.current_version(survey.pk).definition["pages"][0]["code"]
    client.post(to(survey), {"about": f"page:{page}", "text": "One page is enough"})
    code = building.add_question(survey.pk, kind="nps", page=page, by=analyst)
    client.post(to(survey), {"about": f"q:{code}", "text": "New"})
    draft = building.draft_of(survey.pk).definition
    element = next(one for one in draft["pages"][0]["elements"] if one["code"] == code)
    renamed = element | {"code": "likely"}
    building.save_question(survey.pk, code, element=renamed, seen=None, by=analyst)
    building.remove_question(survey.pk, "comment", by=analyst)

    assert SurveyComment.objects.filter(element="likely").exists()
    assert "“comment”, taken out since" in client.get(to(survey)).content.decode()


def test_programs_comment_too(analyst, colleague):
    survey, client = make_survey(), client_of(analyst)
    url = f"/api/v1/surveys/{survey.slug}/comments/"

    made = client.post(url, {"text": "@王敏 ok?", "element": "overall"}, "application/json")
    assert made.status_code == 201
    assert made.json()["mentions"] == [colleague.pk]
    assert (
        client.post(url, {"text": "x", "element": "gone"}, "application/json").status_code == 409
    )
    one = f"/api/v1/survey-comments/{made.json()['id']}/"
    settled = client.patch(one, {"settled": True}, "application/json")
    assert settled.json()["resolved_by"] == analyst.pk
    assert client.delete(one).status_code == 204
    assert client.get(url).json() == []


@pytest.mark.parametrize("rows", [1, 5])
def test_comments_cost_the_same_for_any_number(rows, analyst, django_assert_num_queries):
    survey, client = make_survey(), client_of(analyst)
    for number in range(rows):
        survey.comments.create(text=f"{number}", element="overall", author=analyst)
    client.get(to(survey))
    with django_assert_num_queries(10):
        client.get(to(survey))
