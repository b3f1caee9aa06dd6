"""Surveys as staff see them: numbers that agree with the lists behind them, and nobody's answers
for people who may not see the record."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import ContactKind, Role
from accounts.models import ContactPoint
from feedback.enums import TaskKind, TimelineKind
from feedback.panels import panels_for
from feedback.selectors.story import story_of
from feedback.services.assignment import assign_feedback
from feedback.services.followup import finish_task, plan_call_back
from feedback.services.tasks import give_task
from surveys.enums import CollectorChannel, InvitationState, NotAsked
from surveys.models import Invitation, Response
from surveys.selectors.overview import invitation_counts, survey_rows
from surveys.selectors.results import results_of
from surveys.services.answering import submit_response
from surveys.services.archiving import archive_survey, close_survey
from surveys.services.publishing import publish_version, save_draft
from tests.conftest import client_of, member
from tests.factories import CustomerFactory, FeedbackFactory, TeamFactory, UserFactory
from tests.factories.surveys import (
    call_back_survey,
    definition,
    element_of,
    make_survey,
    open_link,
    planned,
    sent,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def lead(team):
    return member(Role.LEAD, team)


@pytest.fixture
def analyst(db):
    return member(Role.ANALYST)


def page_of(survey, rest=""):
    return f"/surveys/{survey.slug}/{rest}"


def answered(team=None, **answers):
    """Feedback of `team` whose customer answered the call-back survey."""
    invitation = planned(FeedbackFactory(team=team))
    return submit_response(
        invitation.collector_id,
        answers={"overall": 4} | answers,
        language="en",
        invitation_id=invitation.pk,
    ).response


def queries_of(client, url) -> int:
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_list_shows_what_runs_and_how_many_answered(analyst):
    answered()
    archive_survey(make_survey(title_en="Put away").pk)

    page = client_of(analyst).get("/surveys/").content.decode()

    assert "Satisfaction after feedback was resolved" in page
    assert "Put away" not in page
    archived = client_of(analyst).get("/surveys/?show=archived").content.decode()
    assert "Put away" in archived
    assert "Satisfaction after feedback was resolved" not in archived
    (row,) = survey_rows(analyst)
    assert (row.responses, row.version) == (1, 1)


def test_the_list_costs_the_same_for_any_number_of_surveys(analyst):
    client = client_of(analyst)
    with_one = queries_of(client, "/surveys/")
    for _ in range(4):
        submit_response(open_link().pk, answers={"overall": 3}, language="en")

    assert queries_of(client, "/surveys/") == with_one


def test_the_overview_counts_question_by_question(analyst):
    answered(overall=5, solved="yes", service=4)
    answered(overall=2, solved="no", comment="Too slow")
    survey = call_back_survey()

    results = {one.question.code: one for one in results_of(survey, Response.objects.complete())}

    overall = results["overall"]
    assert (overall.shown, overall.answered, overall.valid, overall.mean) == (2, 2, 2, 3.5)
    assert [(bar.value, bar.count, bar.share) for bar in overall.bars] == [
        ("5", 1, 50.0),
        ("4", 0, 0.0),
        ("3", 0, 0.0),
        ("2", 1, 50.0),
        ("1", 0, 0.0),
    ]
    service = results["service"]
    assert (service.shown, service.answered, service.mean) == (2, 1, 4.0)
    assert [(bar.value, bar.count) for bar in results["solved"].bars] == [
        ("yes", 1),
        ("partly", 0),
        ("no", 1),
    ]
    address = page_of(survey)
    page = client_of(analyst).get(address, follow=True)
    assert page.redirect_chain == [(f"{address}results/", 302)]
    assert "Too few to say" in page.content.decode()
    assert "Too slow" in page.content.decode()


def test_no_opinion_is_answered_but_not_part_of_shares():
    raw = definition()
    question = element_of(raw, "solved")
    del question["role"]
    question["choices"].append(
        {"code": "unsure", "text": {"zh-hans": "不清楚", "en": "Not sure"}, "missing": True}
    )
    survey = make_survey(raw)
    collector = open_link(survey)
    for answer in ("yes", "no", "unsure", "unsure"):
        submit_response(collector.pk, answers={"overall": 3, "solved": answer}, language="en")

    result = next(
        one
        for one in results_of(survey, Response.objects.filter(survey=survey))
        if one.question.code == "solved"
    )

    assert (result.shown, result.answered, result.valid) == (4, 4, 2)
    shares = {bar.value: (bar.count, bar.share) for bar in result.bars}
    assert shares == {
        "yes": (1, 50.0),
        "partly": (0, 0.0),
        "no": (1, 50.0),
        "unsure": (2, 0.0),
    }


def test_a_question_taken_out_stays_in_the_results_with_its_own_base(analyst):
    survey = make_survey()
    collector = open_link(survey)
    submit_response(collector.pk, answers={"overall": 3, "service": 2}, language="en")
    shorter = definition()
    shorter["pages"][0]["elements"] = [element_of(shorter, "overall")]
    publish_version(save_draft(survey.pk, definition=shorter).pk)
    submit_response(collector.pk, answers={"overall": 5}, language="en")

    results = {
        one.question.code: one
        for one in results_of(survey, Response.objects.filter(survey=survey))
    }

    assert (results["overall"].shown, results["overall"].mean) == (2, 4.0)
    assert (results["service"].shown, results["service"].answered) == (1, 1)
    assert "functional" not in results
    page = client_of(analyst).get(page_of(survey, "results/")).content.decode()
    assert "no longer asked since version 2" in page


def test_what_does_not_count_is_in_no_figure(analyst):
    survey = make_survey()
    collector = open_link(survey)
    submit_response(collector.pk, answers={"overall": 1}, language="en", is_counted=False)
    Response.objects.create(
        survey=survey,
        version=survey.versions.get(),
        collector=collector,
        language="en",
        started_at=timezone.now(),
    )

    assert results_of(survey, Response.objects.complete().filter(survey=survey))[0].answered == 0
    assert next(row for row in survey_rows(analyst) if row.survey == survey).responses == 0


def test_every_bar_leads_to_exactly_the_responses_it_counts(analyst):
    answered(overall=5, solved="yes")
    answered(overall=5, solved="no")
    answered(overall=1, solved="partly")
    client = client_of(analyst)
    cards = client.get(page_of(call_back_survey(), "results/")).context["cards"]
    rows = [row for card in cards for row in card.rows]

    assert len(rows) == 4 * 5 + 3
    for row in rows:
        assert client.get(row.url).content.decode().count("data-row=") == row.count, row


def test_an_unknown_filter_is_named(analyst):
    url = page_of(call_back_survey(), "responses/")
    client = client_of(analyst)
    for query, named in (
        ("colour=red", "colour"),
        ("question=mood", "question"),
        ("question=overall&value=x", "value"),
        ("question=solved&value=perhaps", "value"),
        ("value=4", "question"),
        ("collector=0", "collector"),
        ("collector=x", "collector"),
    ):
        response = client.get(f"{url}?{query}")
        assert response.status_code == 400
        assert f"“{named}”" in response.content.decode()


def test_filters_are_chips_that_can_be_taken_away(analyst):
    answered(overall=5)
    url = page_of(call_back_survey(), "responses/")
    page = client_of(analyst).get(f"{url}?question=overall&value=5").content.decode()
    assert 'class="chip-note"' in page
    assert f'href="{url}"' in page


def test_the_list_of_responses_costs_the_same_for_any_number(analyst):
    client = client_of(analyst)
    answered(comment="one")
    url = page_of(call_back_survey(), "responses/")
    overview = page_of(call_back_survey(), "results/")
    with_one = queries_of(client, url), queries_of(client, overview)
    for n in range(4):
        answered(comment=f"more {n}", solved="yes")

    assert (queries_of(client, url), queries_of(client, overview)) == with_one


def test_a_lead_sees_the_answers_of_the_teams_own_records_only(lead, team):
    ours = answered(team, comment="ours")
    theirs = answered(TeamFactory(), comment="theirs")
    survey, client = call_back_survey(), client_of(lead)

    overview = client.get(page_of(survey, "results/")).content.decode()
    listed = client.get(page_of(survey, "responses/")).content.decode()

    for page in (overview, listed):
        assert "ours" in page
        assert "theirs" not in page
    assert "those of the records that you may see" in overview
    assert client.get(page_of(survey, f"responses/{ours.key}/")).status_code == 200
    assert client.get(page_of(survey, f"responses/{theirs.key}/")).status_code == 404
    (row,) = survey_rows(lead)
    assert row.responses == 1


def test_answers_about_nothing_belong_to_the_surveys_team(lead, team):
    for owner, seen in ((team, 1), (TeamFactory(), 0), (None, 1)):
        survey = make_survey(team=owner)
        submit_response(open_link(survey).pk, answers={"overall": 3}, language="en")
        assert Response.objects.visible_to(lead).filter(survey=survey).count() == seen


def test_agents_see_responses_but_not_the_survey(agent):
    survey, client = call_back_survey(), client_of(agent)
    assert client.get("/surveys/").status_code == 403
    assert client.get(page_of(survey)).status_code == 403
    assert client.get(page_of(survey, "responses/")).status_code == 200


def test_strangers_are_asked_to_sign_in(client):
    survey = call_back_survey()
    for url in ("/surveys/", page_of(survey), page_of(survey, "responses/")):
        assert client.get(url).status_code == 302


def test_invitations_are_counted_by_what_became_of_them(analyst):
    sent()
    answered()
    other = planned(FeedbackFactory(customer=CustomerFactory()))
    Invitation.objects.filter(pk=other.pk).update(
        state=InvitationState.SKIPPED, reason=NotAsked.NO_ADDRESS
    )

    counts = invitation_counts(call_back_survey(), analyst)

    assert (counts.total, counts.reached, counts.answered, counts.rate) == (3, 2, 1, 50.0)
    assert counts.reasons == [(str(NotAsked.NO_ADDRESS.label), 1)]


def test_an_open_link_is_shown_to_be_copied(analyst):
    collector = open_link()
    page = client_of(analyst).get(page_of(collector.survey, "ways/")).content.decode()
    assert f"http://testserver/a/c/{collector.token}/" in page


# --- The card on the page of a record ----------------------------------------------------------


def card_of(feedback, user):
    panels = [one for one in panels_for(feedback, user) if "surveys/" in one.template]
    return panels[0] if panels else None


def words_on(panel, user):
    from django.template.loader import render_to_string

    return render_to_string(panel.template, {"panel": panel.context, "user": user})


def test_a_record_that_is_open_has_no_card(agent, team):
    assert card_of(FeedbackFactory(team=team), agent) is None


def test_the_card_says_when_the_customer_is_asked_and_what_came_back(agent, team):
    invitation = planned(FeedbackFactory(team=team))
    feedback = invitation.feedback
    assert "will be asked on" in words_on(card_of(feedback, agent), agent)

    submit_response(
        invitation.collector_id,
        answers={"overall": 2, "comment": "Rude"},
        language="en",
        invitation_id=invitation.pk,
    )

    words = words_on(card_of(feedback, agent), agent)
    assert "★★☆☆☆" in words
    assert "Rude" in words
    assert f"/feedback/{feedback.number}/call-back/" in words


def test_the_card_and_the_story_say_why_nobody_was_asked(agent, team):
    feedback = FeedbackFactory(team=team)
    feedback.customer.contact_points.all().delete()
    planned(feedback)

    assert "There is no e-mail address." in words_on(card_of(feedback, agent), agent)
    told = [line.sentence for line in story_of(feedback)]
    assert "No survey: There is no e-mail address." in told


def test_the_card_costs_the_same_for_any_number_of_answers(agent, team):
    feedback = answered(team, comment="a").feedback
    survey = call_back_survey()

    def queries():
        with CaptureQueriesContext(connection) as captured:
            words_on(card_of(feedback, agent), agent)
        return len(captured)

    queries()  # what is kept in memory is asked for once
    with_one = queries()
    phone = survey.collectors.get(channel=CollectorChannel.PHONE)
    for n in range(3):
        submit_response(
            phone.pk,
            answers={"overall": 3, "comment": "b"},
            language="en",
            feedback=feedback,
            idempotency_key=str(n),
        )
    assert queries() == with_one


# --- Asking on the phone -----------------------------------------------------------------------


def call_url(feedback):
    return f"/feedback/{feedback.number}/call-back/"


def stamp_in(response):
    return re.search(r'name="stamp" value="([^"]+)"', response.content.decode())[1]


def test_the_call_form_asks_in_the_customers_language_and_shows_the_number(agent, team):
    customer = CustomerFactory(language="zh-hans")
    ContactPoint.objects.create(customer=customer, kind=ContactKind.PHONE, value="13812345678")
    feedback = FeedbackFactory(team=team, customer=customer)

    page = client_of(agent).get(call_url(feedback)).content.decode()

    assert "总的来说，您对这次的处理满意吗？" in page
    assert "tel:13812345678" in page


def test_a_call_is_noted_once_and_finishes_the_task(agent, team):
    feedback = FeedbackFactory(team=team)
    plan_call_back(feedback, reason="low_score")
    client = client_of(agent)
    data = {
        "stamp": stamp_in(client.get(call_url(feedback))),
        "overall": "4",
        "solved": "yes",
        "outcome": "已道歉",
    }

    for _ in range(2):
        assert client.post(call_url(feedback), data).url == feedback.get_absolute_url()

    response = Response.objects.get()
    assert response.entered_by == agent
    assert response.collector.channel == CollectorChannel.PHONE
    task = feedback.tasks.get(kind=TaskKind.CALL_BACK)
    assert (task.done_by, task.outcome) == (agent, "已道歉")
    assert feedback.timeline.filter(kind=TimelineKind.RATED).count() == 1


def test_a_faulty_call_form_keeps_everything(agent, team):
    feedback = FeedbackFactory(team=team)
    client = client_of(agent)
    stamp = stamp_in(client.get(call_url(feedback)))

    response = client.post(
        call_url(feedback), {"stamp": stamp, "comment": "kept words", "outcome": "kept outcome"}
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert "kept words" in page
    assert "kept outcome" in page
    assert not Response.objects.exists()


def test_a_stranger_to_the_team_finds_no_call_form(outsider_client, team):
    assert outsider_client.get(call_url(FeedbackFactory(team=team))).status_code == 404


def test_without_a_running_survey_the_call_form_says_so(agent, team):
    close_survey(call_back_survey().pk)
    response = client_of(agent).get(call_url(FeedbackFactory(team=team)))
    assert response.status_code == 409
    assert "no survey to ask" in response.content.decode()


def test_who_may_only_read_does_not_take_calls_down(analyst):
    assert client_of(analyst).get(call_url(FeedbackFactory())).status_code == 403
    assert UserFactory().has_perm("feedback.change_feedback") is False


# --- The page of a call-back task --------------------------------------------------------------


def the_way_to_the_form(task, user):
    """The address on the task's page, if it is there for this person."""
    page = client_of(user).get(f"/tasks/{task.pk}/").content.decode()
    address = f"/feedback/{task.feedback.number}/call-back/"
    return address if f'href="{address}"' in page else None


def test_a_call_back_leads_to_the_form_on_which_the_call_is_noted(agent, team):
    task = plan_call_back(FeedbackFactory(team=team), reason="low_score")

    address = the_way_to_the_form(task, agent)

    assert address is not None
    assert client_of(agent).get(address).status_code == 200


def test_a_call_that_was_made_leads_to_no_form(agent, team):
    task = plan_call_back(FeedbackFactory(team=team), reason="low_score")

    finish_task(task.pk, by=agent, outcome="Reached")

    assert the_way_to_the_form(task, agent) is None


def test_who_may_not_note_a_call_is_not_sent_to_its_form(agent, team):
    task = plan_call_back(FeedbackFactory(team=team), reason="low_score")
    give_task(task.pk, by=agent, assignee=agent)
    assign_feedback(task.feedback_id, by=member(Role.ADMIN), team=TeamFactory(), assignee=None)

    assert the_way_to_the_form(task, agent) is None
    assert the_way_to_the_form(task, member(Role.ANALYST)) is None
