"""Thanks and closed loops: who sees them, who is shown, and that figures are their lists."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from analytics.enums import MeasureKind
from analytics.errors import ThanksRefused
from analytics.models import PraiseDecision, TextReading, Thanks
from analytics.services.measures import propose_measure
from analytics.services.problems import make_problem
from analytics.services.thanks import decide_praise, take_back_thanks, thank_colleague
from feedback.enums import Mood, NoticeKind
from feedback.models import Notification
from feedback.services.followup import record_satisfaction
from feedback.services.workflow import resolve_feedback
from surveys.services.answering import submit_response
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory, TeamFactory, UserFactory
from tests.factories.surveys import sent

pytestmark = pytest.mark.django_db


def at(name, **query):
    return reverse(f"analytics:{name}", query=query)


def text(response):
    return response.content.decode()


@pytest.fixture
def colleague(team):
    return member(Role.AGENT, team)


@pytest.fixture
def solved(team, colleague):
    """Resolved by the colleague; its customer gives five of five."""
    record = FeedbackFactory(team=team, text="Thank you so much, 13812345678 is happy")
    resolve_feedback(record.pk, by=colleague, outcome="New seal")
    record_satisfaction(record.pk, overall=5, solved=True)
    return record


def read_as(record, *, mood=Mood.POSITIVE, sentiment=80, **more):
    message = record.messages.get()
    return TextReading.objects.create(
        message=message, feedback=record, said_at=message.created_at, mood=mood,
        sentiment=sentiment, **more,
    )  # fmt: skip


def figures(page):
    return [one["value"] for one in page.context["figures"]]


def test_a_colleague_is_thanked_for_a_record_in_one_step(agent_client, agent, colleague, solved):
    record = agent_client.get(solved.get_absolute_url())
    link = at("thank", number=solved.number)
    assert link in text(record)
    form = agent_client.get(link)
    assert form.context["form"]["to"].value() == colleague.pk

    agent_client.post(
        link, {"to": colleague.pk, "text": "Calm\nand quick", "number": solved.number}
    )

    said = Thanks.objects.get()
    assert (said.to, said.by, said.text, said.feedback) == (
        colleague, agent, "Calm and quick", solved,
    )  # fmt: skip
    notice = Notification.objects.get(kind=NoticeKind.THANKED)
    assert (notice.user, notice.url) == (colleague, f"{at('recognition_mine')}#thanks-{said.pk}")
    assert "Calm and quick" in text(agent_client.get(solved.get_absolute_url()))
    assert "Calm and quick" in text(client_of(colleague).get(at("recognition_mine")))


def test_thanks_need_words_and_somebody_else_who_works_here(agent, colleague):
    with pytest.raises(ThanksRefused):
        thank_colleague(agent, by=agent, text="Me")
    with pytest.raises(ThanksRefused):
        thank_colleague(colleague, by=agent, text="\u200b ")
    with pytest.raises(ThanksRefused):
        thank_colleague(UserFactory(is_active=False), by=agent, text="Farewell")
    said = thank_colleague(colleague, by=agent, text="Fine")
    assert not take_back_thanks(said.pk, by=UserFactory())
    assert take_back_thanks(said.pk, by=colleague)


def test_every_figure_of_the_board_is_as_long_as_its_list(
    lead_client, lead, agent, colleague, solved
):
    read_as(solved)
    thank_colleague(colleague, by=agent, text="Well done", feedback=solved)
    FeedbackFactory(team=solved.team)

    page = lead_client.get(at("recognition"))

    assert figures(page) == [1, 0, 0, 1, 1]
    (row,) = page.context["people"]
    assert row[0] == colleague
    for cells in (row[1], page.context["teams"][0][1]):
        for value, url in cells:
            listed = lead_client.get(url)
            found = listed.context["page"]
            assert (found.total if hasattr(found, "total") else found.paginator.count) == value
    shown = text(page)
    assert "Thank you so much" in shown
    assert "13812345678" not in shown


def test_a_person_says_whether_a_customer_thanks_us(agent_client, agent, team):
    warm, ironic, cold = (FeedbackFactory(team=team) for _ in range(3))
    read_as(warm)
    read_as(ironic, is_ironic=True)
    read_as(cold, mood=Mood.NEGATIVE, sentiment=-60)
    assert figures(agent_client.get(at("recognition")))[3] == 1

    agent_client.post(at("say_praise"), {"number": cold.number, "is_praise": "yes"})
    decide_praise(warm, is_praise=False, by=agent)

    listed = agent_client.get(at("recognition_list", kind="customers"))
    assert [row["record"] for row in listed.context["rows"]] == [cold]
    assert PraiseDecision.objects.get(feedback=cold).by == agent


def test_answers_to_surveys_are_shown_to_those_who_may_read_them(agent, agent_client, lead_client):
    record = FeedbackFactory(team=agent.teams.get(), text="It leaks")
    invitation = sent(record)
    response = submit_response(
        invitation.collector_id, answers={"overall": 5, "comment": "Wonderful people"},
        language="en", invitation_id=invitation.pk,
    ).response  # fmt: skip
    answer = response.answers.exclude(text=None).get()
    TextReading.objects.create(
        response=response, question=answer.question, feedback=record, said_at=timezone.now(),
        mood=Mood.POSITIVE, sentiment=90,
    )  # fmt: skip
    customers = at("recognition_list", kind="customers")
    assert "Wonderful people" in text(lead_client.get(customers))
    agent.groups.get().permissions.remove(Permission.objects.get(codename="view_response"))
    assert figures(agent_client.get(at("recognition")))[3] == 0
    decide_praise(record, is_praise=True, by=agent)
    (row,) = agent_client.get(customers).context["rows"]
    assert row["words"] == "It leaks"


def test_nothing_of_other_teams_is_shown_or_counted(outsider_client, agent, colleague, solved):
    problem = make_problem(by=agent, title="Seals", team=solved.team)
    measure = propose_measure(problem.pk, by=agent, kind=MeasureKind.PRODUCT, title="Seal it")
    read_as(solved)
    thank_colleague(colleague, by=agent, text="For the record", feedback=solved)
    thank_colleague(colleague, by=agent, text="For the measure", measure=measure)
    thank_colleague(colleague, by=agent, text="For the cake")

    page = outsider_client.get(at("recognition"))

    assert figures(page) == [0, 0, 0, 0, 1]
    assert "For the cake" in text(page)
    assert "For the record" not in text(page)
    assert "For the measure" not in text(page)
    assert outsider_client.get(at("thank", number=solved.number)).status_code == 404
    said = {"number": solved.number, "is_praise": "yes"}
    assert outsider_client.post(at("say_praise"), said).status_code == 404


def test_who_does_not_want_to_be_shown_or_has_left_is_not(lead_client, agent, colleague, solved):
    thank_colleague(colleague, by=agent, text="Well done")
    colleague.on_board = False
    colleague.save()

    page = lead_client.get(at("recognition"))
    assert page.context["people"] == []
    assert figures(page) == [1, 0, 0, 0, 0]
    assert lead_client.get(at("recognition_list", person=colleague.pk)).status_code == 400
    assert "Well done" in text(client_of(colleague).get(at("recognition_mine")))

    colleague.on_board, colleague.is_active = True, False
    colleague.save()
    assert lead_client.get(at("recognition")).context["people"] == []


def test_the_board_costs_the_same_for_any_number_of_thanks(
    lead_client, agent, team, django_assert_num_queries
):
    def closed(n):
        for _ in range(n):
            who = member(Role.AGENT, team)
            record = FeedbackFactory(team=team)
            resolve_feedback(record.pk, by=who, outcome="Done")
            record_satisfaction(record.pk, overall=4, solved=True)
            read_as(record)
            thank_colleague(who, by=agent, text="Fine", feedback=record)

    closed(1)
    lead_client.get(at("recognition"))
    with CaptureQueriesContext(connection) as one:
        lead_client.get(at("recognition"))
    closed(4)
    with django_assert_num_queries(len(one)):
        page = lead_client.get(at("recognition"))
    assert len(page.context["people"]) == 5


def test_another_period_shows_other_days(lead_client, agent, colleague):
    said = thank_colleague(colleague, by=agent, text="Long ago")
    Thanks.objects.filter(pk=said.pk).update(at=timezone.now() - timedelta(days=60))
    assert "Long ago" not in text(lead_client.get(at("recognition")))
    assert "Long ago" in text(lead_client.get(at("recognition", period=90)))
    assert lead_client.get(at("recognition", period=8)).status_code == 400
    assert lead_client.get(at("recognition", team=TeamFactory().pk)).status_code == 400
