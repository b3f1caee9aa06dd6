"""make bench: what it makes, what it measures, what it must not touch, when it complains."""

import json
from collections import Counter

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from accounts.models import Customer, Team
from analytics.bench.company import add_customers, found_company
from analytics.bench.measuring import Timing
from analytics.bench.pages import EMPTY, QUERY, QUEUE, RECORD, SHORT_RECORD
from analytics.bench.records import Generator
from analytics.bench.report import violations
from analytics.bench.responses import responses_of
from feedback.enums import OPEN_STATES
from feedback.models import Feedback, Message
from surveys.models import Answer, Response
from surveys.selectors.results import results_of
from tests.support.database import ready_database

# Of how often it does the same, one is enough to see that it does it.
ONCE_EACH = (
    "measuring.WARM_UP",
    "measuring.IN_A_ROW",
    "answering.WARM_UP",
    "figures.ROUNDS",
    "mail.TURNS",
    "one_message.WARM_UP",
)


@pytest.mark.django_db(transaction=True)
def test_the_whole_bench_on_few_records_leaves_the_real_database_alone(
    tmp_path, capsys, monkeypatch
):
    # Roll-ups cost by the day, however few records there are.
    monkeypatch.setattr("analytics.bench.records.DAYS", 60)
    # Elsewhere it runs the migrations, as an installation does.
    monkeypatch.setattr("analytics.bench.scratch.TEMPLATE", ready_database())
    # A page is asked twice, not twelve times: how long it takes is nothing for a test.
    for fewer in ONCE_EACH:
        monkeypatch.setattr(f"analytics.bench.{fewer}", 1)
    real, out = connection.settings_dict["NAME"], tmp_path / "bench.json"
    call_command("bench", sizes=[400], rounds=1, responses=[150], out=out)

    assert connection.settings_dict["NAME"] == real
    assert not Feedback.objects.exists()
    assert not Team.objects.filter(name_en="Repair").exists()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_database WHERE datname LIKE %s", [f"{real}_bench%"]
        )
        assert cursor.fetchone() == (0,)
    figures = json.loads(out.read_text())
    pages = {row["page"]: row for row in figures["runs"]["400"]}
    assert pages["queue"]["queries"] > 0
    assert len(figures["bulk"]) == 7
    assert [row["mail"] for row in figures["mail"]] == ["read", "filed", "sent"]
    assert all(row["per_second"] > 0 for row in figures["mail"])
    assert all(row["records"] > 300 for row in figures["bulk"])
    texts = {row["page"]: row for row in figures["texts"]["400"]}
    assert texts["keywords, two groups"]["queries"] > texts["keywords, again"]["queries"] > 0
    reading = {row["step"]: row["p95_cpu_ms"] for row in figures["one_message"]}
    assert 0 < reading["one query"] < reading["reading"] < reading["whole job"]
    steps = {row["step"]: row for row in figures["answering"]}
    assert steps["page 5 sent"]["queries"] > steps["page 5 served"]["queries"] > 0
    assert steps["whole response"]["per_second_and_core"] > 0
    assert {row["page"]: row for row in figures["results"]["150"]}["results"]["queries"] > 0
    assert pages["form sent"]["p50_ms"] > pages["empty view"]["p50_ms"]
    assert "the number of queries is constant" in capsys.readouterr().out


@pytest.mark.django_db
def test_generated_responses_have_an_answer_to_each_kind_of_question(admin):
    measured = responses_of(admin, 60)
    responses = Response.objects.filter(survey=measured.survey)
    answers = Answer.objects.filter(response__in=responses)

    assert responses.complete().count() > 50 < responses.count() == 60
    assert set(answers.values_list("question__data_type", flat=True)) == {
        "single", "multi", "rank", "number", "text", "date",
    }  # fmt: skip
    assert results_of(measured.survey, responses)[0].answered > 40


@pytest.mark.django_db
def test_generated_records_look_like_those_of_the_services():
    generator = Generator(found_company(), timezone.now())
    customers = add_customers(20)
    generator._write(800, customers)
    records = Feedback.objects.all()

    assert Customer.objects.get(pk=customers[0]).email
    assert records.count() == 800
    assert Message.objects.count() == 1600
    assert records.filter(state__in=OPEN_STATES, resolved_at__isnull=False).count() == 0
    assert records.filter(state="resolved", resolved_at=None).count() == 0
    assert records.filter(first_response_at__gt=timezone.now()).count() == 0
    assert Answer.objects.count() == 4 * Response.objects.count() > 0
    assert len(set(records.values_list("number", flat=True))) == 800


def timing(ms, queries=5):
    return Timing([ms] * 10, [ms] * 10, Counter({queries: 10}))


def run(**changed):
    usual = {EMPTY: timing(1), QUERY: timing(2), QUEUE: timing(30), RECORD: timing(40, 17)}
    return usual | {SHORT_RECORD: timing(35, 17)} | changed


def test_a_page_that_does_not_grow_breaks_no_promise():
    assert violations({10_000: run(), 100_000: run()}) == []


def test_a_slower_machine_is_not_a_slower_queue():
    slow = {name: timing(one.p50 * 3, one.usual_queries) for name, one in run().items()}

    assert violations({10_000: run(), 100_000: slow}) == []


def test_a_queue_that_grows_is_named():
    (sentence,) = violations({10_000: run(), 100_000: run(**{QUEUE: timing(42)})})

    assert "1.40 times as much at 100,000 records as at 10,000" in sentence


def test_queries_that_depend_on_the_number_of_rows_are_named():
    (sentence,) = violations({10_000: run(), 100_000: run(**{QUEUE: timing(30, 9)})})

    assert sentence == (
        "The number of queries of “queue” is not constant: 5 at 10,000, 9 at 100,000."
    )


def test_a_conversation_that_costs_queries_by_its_length_is_named():
    long = run(**{RECORD: timing(40, 23)})
    sentences = violations({10_000: long, 100_000: long})

    assert len(sentences) == 2
    assert "23 queries for a long conversation and 17 for a short one" in sentences[0]
