"""A survey from its plan on: how many answers it needs, how many it has, and what is due."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.enums import Role, Tier
from config.kernel.conditions.vocabulary import vocabulary
from surveys.enums import PlanStep, SurveyStatus
from surveys.models import ContactEvent, Survey, SurveyPlan
from surveys.selectors.planning import audience_of, progress_of
from surveys.services.answering import submit_response
from surveys.services.planning import StepWanted, save_plan, tick_step
from tests.conftest import client_of, member
from tests.factories import CustomerFactory
from tests.factories.surveys import make_survey, open_link

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(db):
    return member(Role.ANALYST)


def make_plan(survey=None, **fields):
    usual = {"goal": "Find out why people leave", "population": 9600, "margin": 4}
    plan = SurveyPlan(survey=survey or make_survey(), **usual | fields)
    return save_plan(plan, steps={})


def form_of(**changes):
    usual = {
        "goal": "为什么离开",
        "audience": "",
        "population": "2000",
        "channels": ["email", "paper"],
        "opens_on": "2026-12-01",
        "closes_on": "2026-12-31",
        "margin": "5",
        "confidence": "95",
        "response_rate": "20",
        "design_due_on": "2026-11-27",
    }
    return usual | changes


def test_a_survey_is_made_and_planned_without_the_administration(analyst):
    client = client_of(analyst)
    made = client.post(
        "/surveys/new/",
        {
            "title_zh": "离网",
            "title_en": "Leaving",
            "kind": "custom",
            "default_language": "zh-hans",
            "languages": ["zh-hans", "en"],
        },
    )
    survey = Survey.objects.get(title_en="Leaving")

    assert made.headers["Location"] == f"/surveys/{survey.slug}/questions/"
    assert "No plan yet" in client.get(f"/surveys/{survey.slug}/plan/").content.decode()

    client.post(f"/surveys/{survey.slug}/plan/edit/", form_of())
    page = client.get(f"/surveys/{survey.slug}/plan/").content.decode()

    # ± 5 points among 2,000 people.
    assert "of 323 answers that are needed" in page
    assert "1,615 people, if 20 % answer" in page
    assert "E-mail, Paper" in page
    assert survey.plan.steps.get(step=PlanStep.DESIGN).due_on == date(2026, 11, 27)


def test_what_was_typed_stays_when_a_plan_cannot_be_kept(analyst):
    survey = make_survey()
    refused = client_of(analyst).post(
        f"/surveys/{survey.slug}/plan/edit/", form_of(closes_on="2026-11-01", goal="留下来的话")
    )

    assert refused.status_code == 422
    assert "The window ends before it begins." in refused.content.decode()
    assert "留下来的话" in refused.content.decode()
    assert not SurveyPlan.objects.exists()


def test_the_audience_is_counted_and_said_in_words(db):
    for tier in (Tier.KEY, Tier.KEY, Tier.STANDARD):
        CustomerFactory(tier=tier)

    progress = progress_of(make_plan(population=None, audience=["is", "tier", Tier.KEY]))

    assert progress.audience.customers == progress.population == 2
    assert progress.audience.words == "Tier is Key customer"
    assert progress.sample.answers == 2


def test_a_plan_for_nobody_says_so(analyst):
    plan = make_plan(population=None, audience=["contains", "name", ["nobody is called so"]])

    page = client_of(analyst).get(f"/surveys/{plan.survey.slug}/plan/").content.decode()

    assert "Nobody fits the audience" in page


def test_answers_bring_the_margin_down(db):
    link = open_link()
    plan = make_plan(link.survey)
    margins = []
    for key in range(3):
        submit_response(
            link.pk, answers={"overall": 4}, language="en", idempotency_key=f"answer-{key}"
        )
        margins.append(progress_of(plan).reached)

    assert progress_of(plan).answers == 3
    assert margins == sorted(margins, reverse=True)


def test_a_step_is_ticked_and_its_tick_taken_back(analyst):
    plan = make_plan()
    save_plan(plan, steps={PlanStep.TEST: StepWanted(timezone.localdate() - timedelta(days=1))})
    client, url = client_of(analyst), f"/surveys/{plan.survey.slug}/plan/"

    assert "late" in client.get(url).content.decode()

    client.post(f"{url}test/")
    assert plan.steps.get(step=PlanStep.TEST).done_on == timezone.localdate()
    client.post(f"{url}test/", {"undo": "1"})
    assert plan.steps.get(step=PlanStep.TEST).done_on is None
    assert client.post(f"{url}dancing/").status_code == 404


def test_a_saved_plan_keeps_the_steps_that_nobody_named(db):
    plan = make_plan()
    tick_step(plan.pk, PlanStep.DESIGN, done_on=date(2026, 11, 1))

    save_plan(plan, steps={PlanStep.TEST: StepWanted(date(2026, 11, 9))})

    assert plan.steps.count() == len(PlanStep)
    assert plan.steps.get(step=PlanStep.DESIGN).done_on == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("what", "status"),
    [("close", SurveyStatus.CLOSED), ("archive", SurveyStatus.ARCHIVED)],
)
def test_a_survey_is_ended_and_taken_up_again(analyst, what, status):
    survey, client = make_survey(), client_of(analyst)

    client.post(f"/surveys/{survey.slug}/change/{what}/")
    survey.refresh_from_db()
    assert survey.status == status

    client.post(f"/surveys/{survey.slug}/change/resume/")
    survey.refresh_from_db()
    assert survey.status == SurveyStatus.RUNNING
    assert client.post(f"/surveys/{survey.slug}/change/sing/").status_code == 404


def test_a_copy_has_the_questions_and_nothing_else(analyst):
    link = open_link(make_survey(title_en="Leaving"))
    submit_response(link.pk, answers={"overall": 4}, language="en", idempotency_key="one")

    client_of(analyst).post(f"/surveys/{link.survey.slug}/change/copy/")
    copied = Survey.objects.get(title_en="Leaving (copy)")

    assert copied.versions.get().definition == link.survey.versions.get().definition
    assert copied.status == SurveyStatus.DRAFT
    assert not copied.collectors.exists()
    assert copied.owner == analyst


def test_only_an_unanswered_survey_is_deleted(analyst):
    client, unanswered, answered = client_of(analyst), make_survey(), open_link()
    submit_response(answered.pk, answers={"overall": 4}, language="en", idempotency_key="one")

    client.post(f"/surveys/{unanswered.slug}/remove/")
    client.post(f"/surveys/{answered.survey.slug}/remove/")

    answered.survey.refresh_from_db()
    assert not Survey.objects.filter(pk=unanswered.pk).exists()
    assert answered.survey.status == SurveyStatus.ARCHIVED


def test_agents_do_not_plan_surveys(team):
    client, survey = client_of(member(Role.AGENT, team)), make_survey()

    assert client.get(f"/surveys/{survey.slug}/plan/").status_code == 403
    assert client.post("/surveys/new/", {}).status_code == 403
    assert client.post(f"/surveys/{survey.slug}/change/close/").status_code == 403


def test_a_plan_costs_the_same_queries_however_many_answers_there_are(
    analyst, django_assert_max_num_queries
):
    plan = make_plan()
    client, url = client_of(analyst), f"/surveys/{plan.survey.slug}/plan/"
    client.get(url)

    with django_assert_max_num_queries(12):
        assert client.get(url).status_code == 200


def test_the_estimate_follows_what_is_typed_and_keeps_nothing(analyst):
    survey, client = make_survey(), client_of(analyst)
    url = f"/surveys/{survey.slug}/plan/"
    assert "Nobody fits the audience" in client.get(f"{url}edit/").content.decode()

    half = client.post(f"{url}estimate/", form_of(goal="", margin="5")).content.decode()
    assert "323 answers are needed" in half
    assert "1,615 have to be invited if 20 % answer" in half
    finer = client.post(f"{url}estimate/", form_of(margin="3", opens_on="no day")).content.decode()
    assert "697 answers are needed" in finer
    assert not SurveyPlan.objects.exists()


def test_an_audience_leaves_out_whom_we_asked_lately():
    survey, now = make_survey(), timezone.now()
    never, lately, long_ago = CustomerFactory.create_batch(3)
    for customer, days in ((lately, 10), (lately, 90), (long_ago, 40)):
        ContactEvent.objects.create(
            customer=customer, survey=survey, at=now - timedelta(days=days)
        )

    found = audience_of(["not", ["within_last", "last_asked", [30, "days"]]])

    assert found.customers == 2
    assert "Last asked to answer a survey" in found.words
    field = vocabulary("customer").field("last_asked")
    assert field.get(never) is None
    assert (now - field.get(lately)).days == 10
