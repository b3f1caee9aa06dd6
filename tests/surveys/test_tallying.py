"""Results are counted from tallies as they are from the answers themselves, whatever changes."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from analytics.bench.responses import responses_of
from analytics.selectors.crosstab import cross
from surveys.enums import QuestionRole
from surveys.models import Answer, Choice, Response, Tally, TallyBlock
from surveys.selectors.answer_counts import Blocks, count_answers
from surveys.selectors.answered import Answered
from surveys.selectors.response_dimensions import DIMENSIONS
from surveys.selectors.response_list import Chosen, Given, narrowed, read_filters
from surveys.selectors.results import results_of
from surveys.services.tallying import is_right, tally_due, tally_next
from surveys.tasks import tally_answers


@pytest.fixture
def survey(admin):
    """260 responses: blocks of 100 and 90, and 70 that are not tallied."""
    survey = responses_of(admin, 260).survey
    assert tally_next(survey.pk, at_most=100)
    assert tally_next(survey.pk, at_most=90)
    return survey


def groups(survey):
    """Responses as pages narrow them."""
    every = Response.objects.complete().filter(survey=survey)
    half_a_year = timezone.now() - timedelta(days=180)
    way = survey.questions.get(code="way")
    english = every.filter(language="en")
    return {
        "all": every,
        "days": every.filter(completed_at__gte=half_a_year),
        "way": english.filter(collector=survey.collectors.first()),
        "answer": narrowed(every, Chosen(given=(Given(way, "c0", ""),))),
        "nobody": every.filter(language="xx"),
        "nobody who can be": every.filter(team__in=[]),
        "the others": every.exclude(pk__in=english.values("pk")),
    }


def said_of(survey, responses):
    counted = count_answers(survey, responses, list(survey.questions.all()))
    return counted.counts, counted.people, counted.days, counted.shown, results_of(
        survey, responses
    )  # fmt: skip


def assert_counted_right(survey, monkeypatch):
    for name, responses in groups(survey).items():
        with monkeypatch.context() as blind:
            module = "surveys.selectors.answer_counts"
            blind.setattr(f"{module}.blocks_of", lambda _survey: Blocks(0, ()))
            one_by_one = said_of(survey, responses)
        assert said_of(survey, responses) == one_by_one, name


def test_counts_from_tallies_are_those_of_the_answers(survey, monkeypatch):
    assert TallyBlock.objects.filter(is_fresh=True).count() == 2
    assert_counted_right(survey, monkeypatch)
    assert all(is_right(block.pk) for block in TallyBlock.objects.all())


@pytest.mark.parametrize(
    ("row", "column"),
    [("recommend", "way"), ("uses", "wishes"), ("again", "by:language"), ("uses", "by:channel")],
)
def test_cross_tabs_from_tallies_are_those_of_the_answers(survey, monkeypatch, row, column):
    rows = survey.questions.get(code=row)
    dimension = DIMENSIONS.get(column.removeprefix("by:"))
    columns = dimension or survey.questions.get(code=column)
    for name, responses in groups(survey).items():
        with monkeypatch.context() as blind:
            blind.setattr("analytics.selectors.crosstab.blocks_of", lambda _one: Blocks(0, ()))
            one_by_one = cross(responses, rows, columns)
        assert cross(responses, rows, columns) == one_by_one, name
    assert one_by_one.n > 0


def test_what_counts_is_asked_of_the_responses_and_makes_no_tally_stale(survey, monkeypatch):
    tallied = Response.objects.filter(survey=survey, tally_place__lt=150)
    tallied.filter(tally_place__lt=40).update(is_counted=False)
    tallied.filter(tally_place__range=(60, 80)).update(status="rejected", language="en")
    assert_counted_right(survey, monkeypatch)

    tallied.update(is_counted=True, status="complete")
    assert_counted_right(survey, monkeypatch)
    assert not TallyBlock.objects.filter(is_fresh=False).exists()


FILTERS = (
    {"answer": ["way:c0"]},
    {"answer": ["uses:c1", "recommend:2"]},
    {"answer": ["order:c2@1"], "language": ["en"]},
    {"question": ["comment"]},
    {"condition": ["nps >= 9"]},
    {"condition": ["not nps between 3 and 7 and ces is not empty"]},
    {"condition": ["nps is empty or solved is not yes"], "answer": ["way:c1"]},
    {"condition": ["solved is empty or (language is en and nps <= 6)"]},
)


def test_filters_by_answers_find_in_tallies_whom_the_answers_name(survey, admin, monkeypatch):
    Choice.objects.filter(question__code="first", code="c0").update(code="yes")
    Choice.objects.filter(question__code="first", code="c1").update(code="no")
    survey.questions.filter(code="first").update(role=QuestionRole.SOLVED)
    survey.questions.filter(code="comment").update(role=QuestionRole.COMMENT)
    correct(Response.objects.get(survey=survey, tally_place=7))
    assert TallyBlock.objects.filter(is_fresh=True).count() == 1
    every = Response.objects.complete().filter(survey=survey)

    def found(query):
        return set(
            narrowed(every, read_filters(survey, query, admin)).values_list("pk", flat=True)
        )

    said = Answer.objects.filter(question__role=QuestionRole.COMMENT).exclude(text="")
    in_words = {
        "condition": [f'comment is empty or comment contains "{said.earliest("pk").text}"']
    }
    for query in (*FILTERS, in_words):
        with monkeypatch.context() as blind:
            blind.setattr(Answered, "blocks", Blocks(0, ()))
            one_by_one = found(query)
        assert found(query) == one_by_one, query
        assert 0 < len(one_by_one) < every.count(), query


def correct(response):
    response.answers.filter(number__isnull=False).update(number=1)


def erase_answers(response):
    response.answers.all().delete()


def answer_more(response):
    number = response.survey.questions.get(code="people")
    response.answers.filter(question=number).delete()
    TallyBlock.objects.update(is_fresh=True)  # it was the row that is new which did it
    Answer.objects.create(response=response, question=number, number=7)


def show_less(response):
    Response.objects.filter(pk=response.pk).update(shown=["way"])


@pytest.mark.parametrize("change", [correct, erase_answers, answer_more, show_less])
def test_what_changes_is_counted_at_once_and_tallied_anew(survey, monkeypatch, change):
    change(Response.objects.get(survey=survey, tally_place=120 + 4096 - 100))
    stale = TallyBlock.objects.filter(is_fresh=False)
    assert [block.number for block in stale.all()] == [1]
    assert_counted_right(survey, monkeypatch)

    tally_answers()
    assert not stale.exists()
    assert all(is_right(block.pk) for block in TallyBlock.objects.all())
    assert_counted_right(survey, monkeypatch)


def test_a_response_that_is_gone_counts_nowhere(survey, monkeypatch):
    Response.objects.get(survey=survey, tally_place=5).delete()

    assert_counted_right(survey, monkeypatch)
    assert tally_due() == 1


def test_few_responses_are_not_tallied_and_no_statement_is_more_for_many_blocks(
    survey, django_assert_max_num_queries
):
    assert tally_due() == 0
    assert Response.objects.filter(survey=survey, tally_place=None).count() == 70
    every = groups(survey)["all"]
    with django_assert_max_num_queries(9):
        results_of(survey, every)


def test_the_command_finds_a_tally_that_is_wrong_and_repairs_it(survey):
    Tally.objects.filter(question__code="way").first().delete()
    out = StringIO()
    with pytest.raises(SystemExit):
        call_command("check_tallies", stdout=out)
    assert "block 0 differs" in out.getvalue()

    call_command("check_tallies", "--repair", stdout=out)
    call_command("check_tallies", survey=survey.pk, stdout=out)
    assert "2 blocks, 0 wrong." in out.getvalue()
