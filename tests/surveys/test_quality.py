"""Responses that look as if nobody meant them: what is found, and what staff decide."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from accounts.models import WebhookEndpoint, WebhookEvent
from surveys.enums import DuplicatePolicy, QualityPolicy, Verdict
from surveys.errors import ReasonNeeded
from surveys.flow.definition import parse
from surveys.flow.walk import read_answers
from surveys.models import (
    AnswerCorrection,
    AnswerTimes,
    QualityCheck,
    QualityDecision,
    QualityRules,
    QuotaCount,
    Response,
    RewardGrant,
)
from surveys.rules.quality import Others, Subject, Thresholds, marks_of_one
from surveys.rules.reading_time import seconds_to_read
from surveys.rules.written import likeness, nonsense_in
from surveys.services.answering import submit_response
from surveys.services.deciding import decide
from surveys.services.drafting import give_up_old_drafts
from surveys.services.quality_checking import check_response
from surveys.services.quality_rules import check_all, save_quality_rules
from surveys.services.quality_times import measure_times
from tests.conftest import client_of, member
from tests.factories import CustomerFactory
from tests.factories.surveys import make_survey, open_link
from tests.support.jobs import run_queued_jobs
from tests.surveys.test_answer_flow import ask, begin, choices, pages, send, texts
from tests.surveys.test_rewards import make_reward

pytestmark = pytest.mark.django_db

LONG = "安装师傅迟到了两个小时，打电话也没有人接，等了一整个上午。"


def rows(*codes):
    return [{"code": code, "text": texts(f"Row {code}")} for code in codes]


def with_matrix(**changes):
    """A matrix of five rows, whether one drives, and how often; a text."""
    agree = ask(
        "agree", "likert", rows=rows("a", "b", "c", "d", "e"), columns=choices("no", "so", "yes")
    )
    elements = [
        agree,
        ask("car", "single_choice", choices=choices("yes", "no")),
        ask("drives", "number"),
        ask("story", "long_text"),
    ]
    raw = {
        "schema": 1,
        "languages": ["zh-hans", "en"],
        "pages": [{"code": "p", "elements": elements}],
    }
    return raw | changes


MIXED = {"a": "no", "b": "yes", "c": "so", "d": "yes", "e": "no"}
STRAIGHT = dict.fromkeys("abcde", "yes")


def found(answers, rules=None, others=None, raw=None, **subject):
    walk = read_answers(parse(raw or with_matrix()), answers)
    marks = marks_of_one(Subject(walk, "en", **subject), rules or Thresholds(), others or Others())
    return {mark.flag: mark for mark in marks}


def submit(link, answers, **more):
    response = submit_response(link.pk, answers=answers, language="en", **more).response
    run_queued_jobs()
    return response


def flags_of(response):
    return QualityCheck.objects.get(response=response).flags


# --- what is found ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("。。。！！", "marks"),
        ("aaaaaaaa", "repeats"),
        ("好的好的好的好的", "repeats"),
        ("asdfasdf", "keys"),
        ("qwerty hjkl sdfg", "keys"),
        ("xkcdvbnmtr", "keys"),
        ("阿斯顿发生的发", "keys"),
        # What people do write.
        ("哈哈哈哈哈哈", ""),
        ("hahahaha", ""),
        ("好", ""),
        ("很好很好", ""),
        ("Poverty and property", ""),
        ("We were there", ""),
        ("HTTPSS rhythm", ""),
        ("13800138000", ""),
        ("质量不错，物流也快。", ""),
        ("yyds", ""),
    ],
)
def test_text_that_says_nothing_is_told_from_what_people_write(text, why):
    assert nonsense_in(text) == why


def test_texts_are_alike_whatever_their_marks_and_width():
    assert likeness("很好，谢谢！ ABC", "很好谢谢abc") == 1
    assert likeness(LONG, LONG.replace("两个", "三个")) > 0.7
    assert likeness(LONG, "水很好喝，孩子们也喜欢，会推荐给朋友。") < 0.1


def test_a_minute_of_reading_is_228_english_words_or_255_chinese_characters():
    assert seconds_to_read("word " * 228) == pytest.approx(60)
    assert seconds_to_read("字" * 255) == pytest.approx(60)


def test_a_straight_matrix_is_marked_and_weighs_more_where_a_row_says_the_opposite():
    assert "straight" not in found({"agree": MIXED})
    assert found({"agree": STRAIGHT})["straight"].weight == 1
    turned = Thresholds(turned_rows=frozenset({"agree_c"}))
    assert found({"agree": STRAIGHT}, turned)["straight"].weight == 3
    # Not where a row is left out, nor where so many people answer like that.
    assert "straight" not in found({"agree": {"a": "yes", "b": "yes", "c": "yes", "d": "yes"}})
    usual = Others(straight={"agree": (50, 0.6)})
    assert "straight" not in found({"agree": STRAIGHT}, others=usual)
    assert "straight" in found({"agree": STRAIGHT}, turned, usual)


def test_nobody_reads_and_answers_seven_things_in_two_seconds():
    answers = {"agree": MIXED, "car": "yes", "drives": 3}
    mark = found(answers, trail=[("p", 2000)])["unread"]
    assert mark.where == ("p",)
    assert mark.figures == {"pages": 1, "of": 1, "seconds": 2.0, "least": 7.0}
    assert "unread" not in found(answers, trail=[("p", 2000), ("p", 6000)])
    assert "unread" not in found(answers, trail=[("p", 2000)], is_by_staff=True)
    assert "unread" not in found(answers)


def test_speeding_is_asked_against_the_medians_of_the_pages_that_were_there():
    usual = Others(medians={"p": (100, 60_000), "other": (100, 90_000)})
    answers = {"car": "yes"}
    assert found(answers, others=usual, trail=[("p", 29_000)])["speeding"].figures == {
        "seconds": 29, "median": 60, "percent": 48, "n": 100,
    }  # fmt: skip
    assert "speeding" not in found(answers, others=usual, trail=[("p", 31_000)])
    few = Others(medians={"p": (99, 60_000)})
    assert "speeding" not in found(answers, others=few, trail=[("p", 9_000)])


def test_answers_of_pages_that_were_never_sent_are_marked():
    assert found({"car": "yes"}, trail=[("other", 9000)])["skipped"].where == ("p",)


def test_what_the_designer_named_as_a_contradiction_is_marked():
    rules = Thresholds(contradictions=("{car} = 'no' and {drives} > 3",))
    assert found({"car": "no", "drives": 5}, rules)["contradiction"].where == ("car", "drives")
    assert "contradiction" not in found({"car": "no", "drives": 1}, rules)


def test_the_same_and_nearly_the_same_text_are_found_by_an_index():
    link = open_link(make_survey(with_matrix()))
    first = submit(link, {"story": LONG})
    same = submit(link, {"story": LONG.replace("，", " ").replace("。", "!!")})
    near = submit(link, {"story": LONG + "真的"})
    other = submit(link, {"story": "水很好喝，孩子们也喜欢，会推荐给朋友。"})
    short = [submit(link, {"story": "很满意"}) for _ in range(2)]

    assert flags_of(first) == flags_of(other) == flags_of(short[1]) == []
    assert flags_of(same) == ["repeated"]
    assert QualityCheck.objects.get(response=same).found[0]["figures"] == {
        "n": 1, "like": [first.reference],
    }  # fmt: skip
    assert flags_of(near) == ["similar"]


def test_the_same_customer_twice_is_marked_where_one_answer_each_is_wanted():
    customer = CustomerFactory()

    def twice(policy):
        link = open_link(make_survey(with_matrix()), duplicates=policy)
        for _ in range(2):
            response = submit(link, {"car": "yes"})
            Response.objects.filter(pk=response.pk).update(customer=customer)
        return check_response(response.pk).flags

    assert twice(DuplicatePolicy.TOKEN) == ["same_person"]
    assert twice(DuplicatePolicy.NONE) == []


def test_pages_leave_their_times_and_a_fast_one_is_found_after_handing_in(client):
    link = open_link(make_survey(pages()), duplicates=DuplicatePolicy.COOKIE)
    send(client, send(client, begin(client, link), score="4"), word="good")
    run_queued_jobs()
    response = Response.objects.get()
    assert [code for code, _spent in response.trail] == ["you", "owners", "last"]
    assert flags_of(response) == ["unread"]
    assert response.is_counted

    measure_times(response.version)
    times = AnswerTimes.objects.get()
    assert set(times.pages) == {"you", "owners", "last"}

    client.cookies.clear()  # A private window.
    send(client, send(client, begin(client, link), score="4"), word="good")
    run_queued_jobs()
    assert "same_browser" in flags_of(Response.objects.first())


def test_looking_at_a_response_costs_the_same_however_many_there_are():
    link = open_link(make_survey(with_matrix()))

    def cost():
        response = submit(link, {"story": LONG, "agree": STRAIGHT})
        with CaptureQueriesContext(connection) as captured:
            check_response(response.pk)
        return len(captured)

    cost()
    second = cost()
    for _ in range(4):
        submit(link, {"story": LONG})
    assert cost() == second


# --- what becomes of it -------------------------------------------------------------------------


@pytest.fixture
def analyst(db):
    return member(Role.ANALYST)


def hold(survey, **fields):
    return save_quality_rules(
        QualityRules(survey=survey, policy=QualityPolicy.HOLD, hold_from=1, **fields)
    )


def test_a_decision_takes_everything_with_it_and_can_be_taken_back(analyst):
    quota = {"code": "drivers", "when": "{car} = 'yes'", "limit": 1, "end": "full"}
    raw = with_matrix(quotas=[quota], ends=[{"code": "full", "text": texts("Enough.")}])
    survey = make_survey(raw)
    make_reward(survey=survey, codes=["A"])
    response = submit(open_link(survey), {"car": "yes", "agree": STRAIGHT})
    assert flags_of(response) == ["straight"]

    def stands():
        response.refresh_from_db()
        grant = RewardGrant.objects.get()
        return (
            response.is_counted,
            QuotaCount.objects.get().taken,
            grant.withdrawn_at is None,
            Response.objects.complete().exists(),
        )

    assert stands() == (True, 1, True, True)
    with pytest.raises(ReasonNeeded):
        decide(response.pk, Verdict.LEAVE_OUT, by=analyst)
    for _ in range(2):  # The same decision twice is one.
        decide(response.pk, Verdict.LEAVE_OUT, reason="One line.", by=analyst)
    assert stands() == (False, 0, False, False)
    check_all(survey.pk)  # What staff decided stands.
    assert stands() == (False, 0, False, False)

    decide(response.pk, Verdict.OPEN, by=analyst)
    assert stands() == (True, 1, True, True)
    assert list(QualityDecision.objects.values_list("verdict", "reason", "by")) == [
        ("", "", analyst.pk),
        ("leave_out", "One line.", analyst.pk),
    ]


def test_where_flags_hold_back_there_is_no_reward_until_it_counts(analyst):
    survey = make_survey(with_matrix())
    make_reward(survey=survey, codes=["A"])
    hold(survey)
    response = submit(open_link(survey), {"agree": STRAIGHT})
    response.refresh_from_db()
    assert not response.is_counted
    assert QualityCheck.objects.get().is_held
    assert not RewardGrant.objects.exists()

    decide(response.pk, Verdict.COUNT, by=analyst)
    response.refresh_from_db()
    assert response.is_counted
    assert RewardGrant.objects.count() == 1


def test_other_rules_look_at_everything_again():
    survey = make_survey(with_matrix())
    rules = hold(survey)
    link = open_link(survey)
    response = submit(link, {"agree": STRAIGHT})
    rules.off = ["straight"]
    rules.contradictions = ["{car} = 'yes' and {drives} = 0"]
    save_quality_rules(rules)
    other = submit_response(link.pk, answers={"car": "yes", "drives": 0}, language="en").response
    run_queued_jobs()
    for one in (response, other):
        one.refresh_from_db()
    assert (response.is_counted, flags_of(response)) == (True, [])
    assert (other.is_counted, flags_of(other)) == (False, ["contradiction"])


def test_what_a_program_filled_in_waits_for_a_person_and_takes_no_place(client, analyst):
    link = open_link(make_survey(pages()), response_limit=1)
    # Rules of before leave the mark of programs out, which cannot be.
    QualityRules.objects.create(survey=link.survey, off=["trap"])
    send(client, send(client, begin(client, link), score="4"), word="good", website="x")
    response = Response.objects.get()
    assert not response.is_counted
    assert "trap" in flags_of(response)
    page = client_of(analyst).get(f"/surveys/{link.survey.slug}/quality/?state=held")
    assert response.reference in page.content.decode()
    # The limit of the link counts people.
    send(client, send(client, begin(client, link), score="4"), word="good")
    assert Response.objects.complete().count() == 1


def test_the_second_press_on_the_last_place_is_thanked_like_the_first():
    link = open_link(make_survey(with_matrix()), response_limit=1)

    def press():
        return submit_response(link.pk, answers={"car": "yes"}, language="en", idempotency_key="a")

    first, again = press(), press()
    assert (first.is_new, again.is_new) == (True, False)
    assert first.response == again.response


def test_webhooks_hear_of_flags_and_decisions(analyst):
    WebhookEndpoint.objects.create(
        name="Hub", url="https://hub.example/", event_types=["survey.response_flagged"]
    )
    response = submit(open_link(make_survey(with_matrix())), {"agree": STRAIGHT})
    decide(response.pk, Verdict.COUNT, by=analyst)
    said = [one.data.get("what") for one in WebhookEvent.objects.order_by("pk")]
    assert said == [None, "flagged", "decided"]


# --- the pages ----------------------------------------------------------------------------------


def test_staff_decide_about_several_on_a_page(analyst):
    survey = make_survey(with_matrix())
    link = open_link(survey)
    flagged = [submit(link, {"agree": STRAIGHT}) for _ in range(3)]
    submit(link, {"agree": MIXED})
    client = client_of(analyst)
    url = f"/surveys/{survey.slug}/quality/"
    page = client.get(url).content.decode()
    assert page.count("data-row-check") == 3
    assert "The same answer in 5 rows below each other." in page

    keys = [str(one.key) for one in flagged[:2]]
    refused = client.post(f"{url}decide/", {"response": keys, "verdict": "leave_out"})
    assert refused.status_code == 422
    assert "Say why" in refused.content.decode()
    done = client.post(
        f"{url}decide/", {"response": keys, "verdict": "leave_out", "reason": "Clicked through"}
    )
    assert done.status_code == 302
    assert Response.objects.complete().count() == 2
    assert client.get(url).content.decode().count("data-row-check") == 1
    left_out = client.get(f"{url}?state=left_out&flag=straight").content.decode()
    assert left_out.count("data-row-check") == 2

    one = client.get(f"/surveys/{survey.slug}/responses/{flagged[0].key}/").content.decode()
    assert one.count("is-flagged") == 5
    assert "Clicked through" in one
    assert "does not count" in one


def test_who_may_only_look_decides_nothing(team):
    lead = client_of(member(Role.LEAD, team))
    survey = make_survey(with_matrix(), team=team)
    response = submit(open_link(survey), {"agree": STRAIGHT})
    url = f"/surveys/{survey.slug}/quality/"
    page = lead.get(url).content.decode()
    assert response.reference in page
    assert "data-row-check" not in page
    sent = {"response": [str(response.key)], "verdict": "count"}
    assert lead.post(f"{url}decide/", sent).status_code == 403


def test_rules_and_contradictions_are_written_on_a_page(analyst):
    survey = make_survey(with_matrix())
    client = client_of(analyst)
    url = f"/surveys/{survey.slug}/quality/rules/"
    assert "Row c" in client.get(url).content.decode()
    added = client.post(url, {"do": "entry-add:no"}).content.decode()
    assert 'name="no0-there"' in added
    wanted = {
        "policy": "hold", "hold_from": "4", "item_seconds": "1.5", "reading_factor": "2",
        "median_percent": "40", "median_needs": "50", "straight_rows": "5", "text_weight": "12",
        "like_percent": "85", "looked_for": ["straight", "contradiction"],
        "turned_rows": ["agree_c"], "no0-there": "1", "no0-mode": "text",
        "no0-text": "{car} = 'no' and {nothing} > 3", "no1-there": "1",
    }  # fmt: skip
    refused = client.post(url, wanted)
    assert refused.status_code == 422
    assert "nothing" in refused.content.decode()
    wanted["no0-text"] = "{car} = 'no' and {drives} > 3"
    assert client.post(url, wanted).status_code == 302
    rules = QualityRules.objects.get(survey=survey)
    assert rules.contradictions == ["{car} = 'no' and {drives} > 3"]
    assert rules.turned_rows == ["agree_c"]
    assert "unread" in rules.off
    assert not {"straight", "contradiction", "trap"} & set(rules.off)


def test_the_list_asks_the_same_for_one_row_and_for_five(analyst):
    survey = make_survey(with_matrix())
    link = open_link(survey)
    client = client_of(analyst)
    url = f"/surveys/{survey.slug}/quality/"

    def cost():
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    submit(link, {"agree": STRAIGHT})
    cost()
    once = cost()
    for _ in range(4):
        submit(link, {"agree": STRAIGHT})
    assert cost() == once


def test_times_are_measured_over_what_came_in_lately():
    version = make_survey(with_matrix()).versions.get()
    link = open_link(version.survey)
    for spent in (10_000, 20_000, 90_000):
        response = submit(link, {"agree": STRAIGHT})
        Response.objects.filter(pk=response.pk).update(
            trail=[["p", spent]], completed_at=timezone.now() - timedelta(minutes=1)
        )
    measure_times(version)
    times = AnswerTimes.objects.get()
    assert times.pages == {"p": [3, 20_000]}
    assert times.straight == {"agree": [3, 1.0]}


def test_who_stopped_half_way_is_listed_with_how_far_they_came(client, analyst):
    link = open_link(make_survey(pages()))
    staff = client_of(analyst)
    url = f"/surveys/{link.survey.slug}/responses/unfinished/"
    assert "Nobody stopped half-way" in staff.get(url).content.decode()

    def cost():
        with CaptureQueriesContext(connection) as captured:
            page = staff.get(url)
        return len(captured), page.content.decode()

    begin(client, link)
    draft = Response.objects.get()
    cost()
    once, page = cost()
    assert draft.reference in page
    assert "2 / 3" in page
    for _ in range(4):
        begin(client, link)
    assert cost()[0] == once
    one = staff.get(f"/surveys/{link.survey.slug}/responses/{draft.key}/").content.decode()
    assert "as they were typed" in one
    assert "Li" in one
    assert not Response.objects.complete().exists()

    Response.objects.update(last_seen_at=timezone.now() - timedelta(days=20))
    give_up_old_drafts()
    assert draft.reference in staff.get(f"{url}?state=part").content.decode()
    assert draft.reference not in staff.get(f"{url}?state=now").content.decode()


# --- correcting what was handed in --------------------------------------------------------------


def test_staff_correct_an_answer_and_what_it_was_stays_with_the_reason(analyst):
    quota = {"code": "drivers", "when": "{car} = 'yes'", "limit": 5, "end": "full"}
    raw = with_matrix(quotas=[quota], ends=[{"code": "full", "text": texts("Enough.")}])
    survey = make_survey(raw)
    answers = {"car": "yes", "drives": 3, "agree": STRAIGHT, "story": LONG}
    response = submit(open_link(survey), answers)
    client = client_of(analyst)
    url = f"/surveys/{survey.slug}/responses/{response.key}/"
    page = client.get(f"{url}correct/").content.decode()
    assert LONG in page

    sent = {"asks": "agree car drives story", "car": "no", "drives": "4", "story": LONG}
    sent |= {f"agree.{row}": column for row, column in MIXED.items()}
    refused = client.post(f"{url}correct/", sent)
    assert refused.status_code == 422
    assert not AnswerCorrection.objects.exists()
    wrong = client.post(f"{url}correct/", sent | {"drives": "many", "reason": "Typed wrong"})
    assert wrong.status_code == 422
    assert "many" in wrong.content.decode()

    assert client.post(f"{url}correct/", sent | {"reason": "Typed wrong"}).status_code == 302
    response = Response.objects.get(pk=response.pk)
    stored = {a.question.code: a.choice or a.number for a in response.answers.all()}
    assert (stored["car"].code, stored["drives"], stored["agree_a"].code) == ("no", 4, "no")
    # Rows b and d, and the text, are as they were.
    said = AnswerCorrection.objects.values_list("question__code", "before", "after", "reason")
    assert sorted(said) == [
        ("agree_a", "Yes", "No", "Typed wrong"),
        ("agree_c", "Yes", "So", "Typed wrong"),
        ("agree_e", "Yes", "No", "Typed wrong"),
        ("car", "Yes", "No", "Typed wrong"),
        ("drives", "3", "4", "Typed wrong"),
    ]
    assert flags_of(response) == []
    assert QuotaCount.objects.get().taken == 0
    shown = client.get(url).content.decode()
    assert shown.count("Typed wrong") == 5
    # A page that was opened before that tells so, keeps what was typed, and goes on knowing it.
    late = client.post(f"{url}correct/", sent | {"drives": "7", "reason": "Mine", "seen": "0"})
    assert late.status_code == 409
    assert "3 → 4" in late.content.decode()
    assert 'value="7"' in late.content.decode()
    sent |= {"drives": "7", "reason": "Mine", "seen": str(late.context["seen"])}
    assert client.post(f"{url}correct/", sent).status_code == 302


def test_who_may_only_look_corrects_nothing(team):
    survey = make_survey(with_matrix(), team=team)
    response = submit(open_link(survey), {"car": "yes"})
    url = f"/surveys/{survey.slug}/responses/{response.key}/correct/"
    assert client_of(member(Role.LEAD, team)).get(url).status_code == 403


# --- for programs -------------------------------------------------------------------------------


def test_programs_list_decide_correct_and_export(analyst):
    survey = make_survey(with_matrix())
    link = open_link(survey)
    flagged = submit(link, {"agree": STRAIGHT, "drives": 1})
    submit(link, {"agree": MIXED})
    client = client_of(analyst)
    url = f"/api/v1/responses/?survey={survey.slug}"
    (row,) = client.get(f"{url}&flag=straight&decision=open").json()["results"]
    assert row["id"] == str(flagged.key)
    assert row["quality"]["found"][0]["flag"] == "straight"
    assert (row["counted"], row["quality"]["decision"]) == (True, None)

    def post(what, data):
        return client.post(
            f"/api/v1/responses/{flagged.key}/{what}/", data, content_type="application/json"
        )

    assert "Say why" in str(post("decide", {"decision": "leave_out"}).json())
    done = post("decide", {"decision": "leave_out", "reason": "One line"}).json()
    assert (done["counted"], done["quality"]["decision"]) == (False, "leave_out")
    assert len(client.get(f"{url}&counted=true").json()["results"]) == 1
    assert post("decide", {"decision": None}).json()["counted"] is True

    wrong = post("correct", {"answers": {"drives": "x"}, "reason": "Called"})
    assert "drives" in str(wrong.json())
    right = post("correct", {"answers": {"drives": 7}, "reason": "Called"}).json()
    assert {"question": "drives", "number": 7.0}.items() <= next(
        one for one in right["answers"] if one["question"] == "drives"
    ).items()
    again = client.post(f"/api/v1/surveys/{survey.slug}/check-quality/")
    assert again.status_code == 202

    file = client.get(
        f"/surveys/{survey.slug}/responses/export/?format=csv&values=codes&several=columns"
    )
    lines = b"".join(file.streaming_content).decode("utf-8-sig").splitlines()
    head = lines[0].split(",")
    first = dict(zip(head, lines[1].split(","), strict=True))
    assert (first["_flags"], first["_points"], first["_decision"]) == ("straight", "1", "")
