"""A survey from its plan to its rewards, made by a program."""

import pytest

from accounts.enums import Role, Scope
from surveys.enums import SurveyStatus
from surveys.models import Collector, Mailing, RewardGrant, Survey
from tests.api.conftest import ApiClient, staff
from tests.api.test_doors import problem
from tests.factories.surveys import definition

pytestmark = pytest.mark.django_db


@pytest.fixture
def maker(db):
    return ApiClient(staff(Role.ANALYST), Scope.values)


@pytest.fixture
def survey(maker) -> Survey:
    made = maker.post("surveys/", {"title_zh": "新品调研", "title_en": "A new product"})
    assert made.status_code == 201, made.content
    return Survey.objects.get(slug=made.json()["id"])


@pytest.fixture
def published(maker, survey) -> Survey:
    path = f"surveys/{survey.slug}"
    assert maker.put(f"{path}/draft/", {"definition": definition()}).status_code == 200
    assert maker.post(f"{path}/publish/", {}).status_code == 200
    return survey


def answer(survey):
    answers = {"answers": {"overall": 5, "solved": "yes"}}
    program = ApiClient(staff(Role.LEAD), Scope.values)
    assert program.post(f"surveys/{survey.slug}/responses/", answers).status_code == 201


def way(maker, survey, **fields):
    wanted = {"survey": str(survey.slug), "channel": "link", "name": "Shop"} | fields
    return maker.post("survey-collectors/", wanted)


def test_a_survey_is_begun_renamed_closed_taken_up_again_copied_and_deleted(maker, survey):
    path = f"surveys/{survey.slug}"
    assert survey.owner == maker.user

    assert maker.patch(f"{path}/", {"title_en": "Renamed"}).json()["title_en"] == "Renamed"
    assert maker.post(f"{path}/close/", {}).json()["status"] == SurveyStatus.CLOSED
    assert maker.post(f"{path}/resume/", {}).json()["status"] == SurveyStatus.DRAFT
    copied = maker.post(f"{path}/copy/", {}).json()
    assert copied["title_en"] == "Renamed (copy)"
    assert maker.send("DELETE", f"surveys/{copied['id']}/", {}).status_code == 204
    assert [one.slug for one in Survey.objects.filter(title_en__startswith="Renamed")] == [
        survey.slug
    ]


def test_a_survey_that_was_answered_is_not_deleted(maker, published):
    path = f"surveys/{published.slug}"
    answer(published)

    problem(maker.send("DELETE", f"{path}/", {}), 409, "survey_has_answers")

    assert maker.post(f"{path}/archive/", {}).json()["status"] == SurveyStatus.ARCHIVED
    assert maker.get(f"{path}/").status_code == 404


def test_a_plan_says_how_many_answers_are_enough(maker, survey):
    path = f"surveys/{survey.slug}/plan/"
    assert maker.get(path).status_code == 404
    plan = {
        "goal": "Whether to build it",
        "audience": ["is", "language", "en"],
        "population": 1000,
        "steps": [{"step": "design", "due_on": "2026-12-01"}],
    }

    body = maker.put(path, plan)

    assert body.status_code == 200, body.content
    assert body.json()["progress"]["sample"]["answers"] == 278  # ±5 points, 95 %, of 1,000
    assert body.json()["steps"][0]["due_on"] == "2026-12-01"
    assert maker.get(path).json() == body.json()


def test_an_audience_is_written_only_by_who_may_read_customers(maker, survey):
    blind = ApiClient(maker.user, [Scope.SURVEYS_READ, Scope.SURVEYS_WRITE])
    plan = {"goal": "x", "audience": ["is", "language", "en"]}

    body = problem(blind.put(f"surveys/{survey.slug}/plan/", plan), 400, "invalid")

    assert list(body["errors"]) == ["audience"]


def test_a_way_is_opened_changed_and_removed(maker, survey):
    made = way(maker, survey, response_limit=10)
    assert made.status_code == 201, made.content
    one = made.json()
    assert one["url"].endswith(f"/{Collector.objects.get(pk=one['id']).token}/")

    lead = ApiClient(staff(Role.LEAD), Scope.values)
    assert lead.get("survey-collectors/").status_code == 403  # as on the pages
    changed = maker.patch(f"survey-collectors/{one['id']}/", {"response_limit": None})
    assert changed.json()["response_limit"] is None
    assert maker.send("DELETE", f"survey-collectors/{one['id']}/", {}).status_code == 204
    assert not Collector.objects.filter(pk=one["id"]).exists()


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"channel": "embed"}, "sites"),
        ({"channel": "embed", "sites": ["javascript:x"]}, "sites"),
        ({"opens_at": "2026-12-02T00:00:00Z", "closes_at": "2026-12-01T00:00:00Z"}, "closes_at"),
        ({"channel": "api"}, "channel"),
    ],
)
def test_a_way_that_could_not_work_is_refused(maker, survey, fields, wrong):
    body = problem(way(maker, survey, **fields), 400, "invalid")
    assert list(body["errors"]) == [wrong]


def test_a_mailing_is_written_and_its_wave_ordered_and_cancelled(maker, published):
    one = way(maker, published, channel="email").json()
    path = f"survey-collectors/{one['id']}"

    written = maker.patch(f"{path}/mailing/", {"subject_en": "Your opinion", "reminders": 2})
    assert written.json()["reminders"] == 2
    ordered = maker.post(f"{path}/waves/", {"at": "2099-01-01T00:00:00Z"})
    assert (ordered.status_code, ordered.json()["next_wave_at"][:4]) == (202, "2099")
    assert maker.send("DELETE", f"{path}/waves/", {}).status_code == 204
    assert Mailing.objects.get().next_wave_at is None
    assert maker.get(f"{path}/waves/").json() == []


def test_a_variable_that_nobody_knows_is_refused_in_a_mailing(maker, survey):
    one = way(maker, survey, channel="email").json()
    letter = {"body_zh": "{{ secret }}"}
    body = problem(maker.patch(f"survey-collectors/{one['id']}/mailing/", letter), 400, "invalid")
    assert list(body["errors"]) == ["body_zh"]


def test_coupons_are_promised_imported_and_given(maker, published):
    path = f"surveys/{published.slug}/reward"
    reward = {"kind": "coupon", "name_zh": "优惠券", "name_en": "A voucher", "budget": "10.00"}
    assert maker.put(f"{path}/", reward).status_code == 200
    added = maker.post(f"{path}/coupons/", {"codes": ["A-1", "A-2", "A-1"]})
    assert added.json() == {"new": 2, "known": 1}

    answer(published)

    assert maker.get(f"{path}/").json()["figures"]["coupons_left"] == 1
    (given,) = maker.get("reward-grants/", {"survey": str(published.slug)}).json()["results"]
    assert given["coupon"] == RewardGrant.objects.get().coupon.code


def test_a_lottery_that_may_not_be_drawn_yet_says_why(maker, published):
    path = f"surveys/{published.slug}/reward"
    maker.put(f"{path}/", {"kind": "lottery", "name_zh": "奖品", "name_en": "A prize"})

    problem(maker.post(f"{path}/draw/", {}), 409, "cannot_draw")

    assert maker.get(f"{path}/").json()["drawn_at"] is None


def test_whatever_is_made_twice_with_one_key_is_made_once(maker, published):
    path = f"surveys/{published.slug}"
    mail = way(maker, published, channel="email").json()
    reward = {"kind": "coupon", "name_zh": "优惠券", "name_en": "A voucher"}
    assert maker.put(f"{path}/reward/", reward).status_code == 200
    ways = {"survey": str(published.slug), "channel": "link", "name": "Shop"}

    for address, body in {
        "survey-collectors/": ways,
        f"{path}/comments/": {"text": "Too long?"},
        f"{path}/shares/": {"query": {"language": ["en"]}},
        f"{path}/reward/coupons/": {"codes": ["A-1"]},
        f"survey-collectors/{mail['id']}/waves/": {"at": "2099-01-01T00:00:00Z"},
    }.items():
        first, second = (maker.post(address, body, Idempotency_Key=address) for _n in "12")
        assert first.status_code in {201, 202}, first.content
        assert second.json() == first.json()
        assert second.headers["Idempotent-Replay"] == "true", address
    assert published.collectors.filter(name="Shop", channel="link").count() == 1
    assert published.comments.count() == 1


def test_a_link_to_results_counts_nothing_that_its_maker_may_not_count(maker, published):
    blind = ApiClient(maker.user, [Scope.SURVEYS_READ, Scope.SURVEYS_WRITE])
    path = f"surveys/{published.slug}/shares/"
    for body in (
        {"query": {"tier": ["key"]}},
        {"query": {"condition": ['customer.tier is "key"']}},
        {"query": {}, "compare": "tier:key"},
    ):
        refused = problem(blind.post(path, body), 400, "invalid")
        assert "scope" in str(refused["errors"]), body
    fine = {"query": {"language": ["en"]}, "compare": "before"}
    assert blind.post(path, fine).status_code == 201
    assert maker.post(path, {"query": {"tier": ["key"]}}).status_code == 201


def test_a_misspelt_field_of_an_answer_or_a_link_is_refused(maker, published):
    answer(published)
    one = published.responses.get()
    for address, body in {
        f"responses/{one.key}/decide/": {"decision": "leave_out", "reasons": "Test"},
        f"responses/{one.key}/correct/": {"answers": {"overall": 1}, "reason": "x", "why": "x"},
        f"surveys/{published.slug}/shares/": {"query": {}, "pasword": "secret"},
    }.items():
        refused = problem(maker.post(address, body), 400, "invalid")
        assert set(refused["errors"]) & {"reasons", "why", "pasword"}, address
    one.refresh_from_db()
    assert one.is_counted


def test_questions_of_the_bank_are_kept_found_renamed_taken_and_removed(maker, published):
    likely = {
        "code": "likely",
        "type": "nps",
        "text": {"zh-hans": "会推荐吗？", "en": "Would you recommend us?"},
        "when": "{overall} >= 4",
    }
    names = {"name_zh": "推荐", "name_en": "Recommend"}
    made = maker.post("question-bank/", names | {"question": likely})
    assert made.status_code == 201, made.content
    path = f"question-bank/{made.json()['id']}/"
    assert "when" not in made.json()["question"]
    wrong = maker.post("question-bank/", names | {"question": {"code": "x", "type": "magic"}})
    assert wrong.status_code == 400
    assert "must be one of" in wrong.content.decode()

    def listed():
        return maker.get("question-bank/", {"q": "recommend us"}).json()["results"]

    renamed = maker.patch(path, {"name_en": "NPS"}).json()
    assert (renamed["name_en"], renamed["name_zh"]) == ("NPS", "推荐")
    taken = maker.post(f"{path}take/", {"survey": str(published.slug)})
    assert taken.status_code == 201, taken.content
    draft = maker.get(f"surveys/{published.slug}/draft/").json()["definition"]
    assert draft["pages"][-1]["elements"][-1]["code"] == taken.json()["code"]
    nowhere = maker.post(f"{path}take/", {"survey": str(published.slug), "page": "gone"})
    assert nowhere.status_code == 400
    assert [one["uses"] for one in listed()] == [1]
    assert maker.send("DELETE", path, {}).status_code == 204
    assert listed() == []


def test_a_program_begins_with_a_template(maker, survey):
    templates = {one["code"]: one for one in maker.get("survey-templates/").json()}
    nps = templates["nps"]
    draft = maker.put(f"surveys/{survey.slug}/draft/", {"definition": nps["definition"]})
    assert draft.json()["faults"] == []
    assert nps["questions"] == sum(len(page["elements"]) for page in nps["definition"]["pages"])
    agent = ApiClient(staff(Role.AGENT), Scope.values)
    assert agent.get("survey-templates/").status_code == 403
    assert agent.get("question-bank/").status_code == 403
