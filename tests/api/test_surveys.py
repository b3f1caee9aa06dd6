import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Organisation
from feedback.models import Feedback
from feedback.services.workflow import resolve_feedback
from surveys.enums import CollectorChannel
from surveys.models import Response, Survey
from surveys.services.archiving import close_survey
from surveys.services.defaults import ensure_call_back_survey
from tests.api.test_doors import problem
from tests.factories import FeedbackFactory, TeamFactory

pytestmark = pytest.mark.django_db

ANSWERS = {"overall": 2, "functional": 3, "service": 4, "emotional": 2, "solved": "no"}


@pytest.fixture
def survey(db) -> Survey:
    return ensure_call_back_survey()


def submit(api, survey, body=None, **headers):
    wanted = {"answers": ANSWERS} if body is None else body
    return api.post(f"surveys/{survey.slug}/responses/", wanted, **headers)


def test_a_survey_says_what_it_asks(lead_api, survey):
    row = lead_api.get("surveys/").json()["results"][0]
    assert (row["id"], row["kind"], row["status"]) == (str(survey.slug), "csat", "running")

    body = lead_api.get(f"surveys/{survey.slug}/").json()
    questions = {question["code"]: question for question in body["questions"]}
    assert questions["overall"]["role"] == "overall"
    assert questions["overall"]["maximum"] == 5
    assert [choice["code"] for choice in questions["solved"]["choices"]]


def test_answers_come_in_and_are_read_again(api, survey):
    made = submit(api, survey)
    assert made.status_code == 201, made.content

    response = Response.objects.get()
    assert response.collector.channel == CollectorChannel.API
    assert response.entered_by == api.user
    body = api.get(f"responses/{response.key}/").json()
    assert body == made.json()
    values = {one["question"]: one["number"] or one["choice"] for one in body["answers"]}
    assert values["overall"] == 2
    assert values["solved"] == "no"


def test_a_call_centre_hands_in_what_was_said_on_the_phone(api, survey):
    record = FeedbackFactory()
    body = {"answers": ANSWERS, "mode": "phone", "customer": record.customer_id}

    assert submit(api, survey, body).status_code == 201

    response = Response.objects.get()
    assert response.collector.channel == CollectorChannel.PHONE
    assert response.customer == record.customer


def test_answers_about_a_record_judge_it(api, survey):
    record = FeedbackFactory()
    resolve_feedback(record.pk, by=api.user)

    submit(api, survey, {"answers": ANSWERS, "feedback": record.number})

    record.refresh_from_db()
    assert record.satisfaction == 2
    assert record.is_open


def test_a_record_that_the_program_may_not_see_cannot_be_judged(api, survey):
    record = FeedbackFactory(team=TeamFactory())

    body = problem(
        submit(api, survey, {"answers": ANSWERS, "feedback": record.number}), 400, "invalid"
    )

    assert list(body["errors"]) == ["feedback"]
    assert Feedback.objects.get().satisfaction is None


def test_the_same_key_hands_in_once(api, survey):
    for _ in range(2):
        submit(api, survey, Idempotency_Key="call-1")

    assert Response.objects.count() == 1


@pytest.mark.parametrize(
    "answers",
    [
        {"overall": 9},
        {"overall": "many"},
        {"solved": "perhaps", "overall": 3},
        {"comment": "a\x00b"},
        {"comment": "\ud800"},
        {"overall": True},
        {"overall": {"a": 1}},
        {"overall": 1e300},
        {},
        [],
    ],
)
def test_answers_that_make_no_sense_are_named(api, survey, answers):
    body = problem(submit(api, survey, {"answers": answers}), 400, "invalid")

    assert list(body["errors"]) == ["answers"]
    assert Response.objects.count() == 0


def test_a_closed_survey_takes_nothing(api, survey):
    close_survey(survey.pk)

    problem(submit(api, survey), 409, "not_open")


def test_whose_answer_it_is_needs_a_scope_of_its_own(api, api_with, survey):
    record = FeedbackFactory()
    submit(api, survey, {"answers": ANSWERS, "feedback": record.number})

    assert api.get("responses/").json()["results"][0]["customer"] == record.customer.pk
    without = api_with("surveys:read").get("responses/").json()["results"][0]
    assert without["customer"] is None


def test_responses_about_hidden_records_are_hidden(api, stranger_api, survey, team):
    record = FeedbackFactory(team=team)
    key = submit(api, survey, {"answers": ANSWERS, "feedback": record.number}).json()["id"]

    assert stranger_api.get("responses/").json()["results"] == []
    problem(stranger_api.get(f"responses/{key}/"), 404, "not_found")


def test_responses_can_be_narrowed(api, survey):
    record = FeedbackFactory()
    submit(api, survey, {"answers": ANSWERS, "feedback": record.number})

    def count(**params):
        return len(api.get("responses/", params).json()["results"])

    assert count(survey=str(survey.slug)) == 1
    assert count(feedback=record.number) == 1
    assert count(feedback=record.number + 1) == 0
    assert count(completed_before="2020-01-01T00:00:00Z") == 0
    problem(api.get("responses/", {"survey": "x"}), 400, "invalid")


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_for_any_number_of_rows(api, survey, rows):
    for _ in range(rows):
        submit(api, survey, {"answers": ANSWERS, "feedback": FeedbackFactory().number})
    api.get("responses/")

    with CaptureQueriesContext(connection) as captured:
        api.get("responses/")

    # token, own and groups' permissions, responses, answers
    assert len(captured) == 5, [one["sql"][:90] for one in captured]


def test_responses_are_narrowed_by_a_condition_as_text_or_as_a_tree(api, survey):
    low = submit(api, survey, {"answers": ANSWERS | {"overall": 1}}).json()["id"]
    submit(api, survey, {"answers": ANSWERS | {"overall": 5}})

    for condition in ("overall <= 2", '["le", "overall", 2]'):
        found = api.get("responses/", {"condition": condition}).json()["results"]
        assert [one["id"] for one in found] == [low]
    for wrong in ("overal <= 2", "[", '["is", "overall"]', "survey changed"):
        refused = problem(api.get("responses/", {"condition": wrong}), 400, "invalid")
        assert refused["errors"]["condition"], wrong


def test_a_condition_asks_for_nothing_that_the_token_may_not_read(api, api_with, survey):
    submit(api, survey, {"answers": ANSWERS, "feedback": FeedbackFactory().number})
    narrow = api_with("surveys:read")

    for condition in ("customer.name is not empty", "feedback.subject is not empty"):
        assert len(api.get("responses/", {"condition": condition}).json()["results"]) == 1
        refused = problem(narrow.get("responses/", {"condition": condition}), 400, "invalid")
        assert "scope" in refused["errors"]["condition"][0]


def test_a_refused_condition_tells_nothing_of_what_there_is(api_with, survey):
    Organisation.objects.create(name="ACME")
    narrow = api_with("surveys:read")

    def said(condition):
        answer = narrow.get("responses/", {"condition": condition})
        return problem(answer, 400, "invalid")["errors"]["condition"]

    asked = said('customer.organisation is "ACME"')
    assert "scope" in asked[0]
    for same in (
        'customer.organisation is "nobody"',
        "Customer.fild.size is 1",
        '["is", "customer.organisation", "ACME"]',
        '["and", ["not", ["is", "customer.field.siz", 1]]]',
    ):
        assert said(same) == asked, same
    assert "feedback" in said("overall > 1 and (feedback.nothing is 1)")[0]
    assert "customer" not in said("custmer.organisation is empty")[0].replace("custmer", "")
