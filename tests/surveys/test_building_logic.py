"""What a question depends on is set in the builder: when it must be answered, what its answer is
checked for, which choices and rows are there, which pages change places."""

import pytest
from django.urls import reverse

from accounts.enums import Role
from surveys.flow.checks import find_faults
from surveys.flow.definition import parse
from surveys.flow.editing import element_of
from surveys.flow.walk import read_answers
from surveys.services import building
from surveys.services.editing import EMPTY
from surveys.services.ready_surveys import ready_definition
from tests.conftest import client_of, member
from tests.factories.surveys import make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(db):
    return member(Role.ANALYST)


@pytest.fixture
def client(analyst):
    return client_of(analyst)


def to(survey, name="questions", **more):
    return reverse(f"surveys:{name}", kwargs={"slug": survey.slug, **more})


def now(survey):
    return building.current_version(survey.pk).definition


def row(prefix, name, operator, value):
    return {
        f"{prefix}-mode": "rows",
        f"{prefix}-row": ["0"],
        f"{prefix}-0-name": name,
        f"{prefix}-0-operator": operator,
        f"{prefix}-0-value": value,
    }


def both(prefix, words):
    return {f"{prefix}__en": words, f"{prefix}__zh-hans": words}


def test_needed_under_a_condition_checked_with_words_and_a_choice_for_some(client, analyst):
    survey = make_survey(EMPTY, publish=False)
    for kind in ("stars", "number", "single_choice"):
        building.add_question(survey.pk, kind=kind, page="", by=analyst)
    client.post(to(survey, "edit_question", code="q1"), {"max": "5", **both("text", "Stars")})
    days = both("text", "Days") | row("required_when", "q1", "<=", "2")
    days |= {"check0-there": "1", **row("check0", "q2", "<=", "30")}
    days |= {"check0-text__en": "At most 30.", "check0-text__zh-hans": "最多 30。"}
    page = client.post(to(survey, "edit_question", code="q2"), days | {"do": "stay"}, follow=True)
    content = page.content.decode()
    assert "Accepted only if “Days” is at most 30" in content
    assert "Only if “Stars” is at most 2" in content
    choices = {"choices-row": ["0", "1"]} | row("choices-1-if", "q1", ">=", "4")
    for at, words in enumerate(("Speed", "Friendly")):
        choices |= {f"choices-{at}-text-{one}": words for one in ("en", "zh-hans")}
        choices[f"choices-{at}-code"] = f"c{at + 1}"
    client.post(to(survey, "edit_question", code="q3"), both("text", "What?") | choices)

    assert element_of(now(survey), "q2")["required_when"] == "{q1} <= 2"
    assert element_of(now(survey), "q2")["checks"] == [
        {"that": "{q2} <= 30", "text": {"zh-hans": "最多 30。", "en": "At most 30."}}
    ]
    assert [one.get("when") for one in element_of(now(survey), "q3")["choices"]] == [
        None,
        "{q1} >= 4",
    ]
    assert find_faults(now(survey), known_languages={"zh-hans": "", "en": ""}) == []
    walk = read_answers(parse(now(survey)), {"q1": 2, "q2": "31", "q3": "c2"})
    assert set(walk.errors) == {"q2"}
    assert "q3" not in walk.values
    assert "Must be answered if “Stars” is at most 2" in client.get(to(survey)).content.decode()


def test_a_condition_of_a_choice_moves_with_it_and_keeps_what_is_half_typed(client, analyst):
    survey = make_survey(EMPTY, publish=False)
    for kind in ("stars", "single_choice"):
        building.add_question(survey.pk, kind=kind, page="", by=analyst)
    typed = {"choices-row": ["0", "1"], "choices-0-code": "c1", "choices-1-code": "c2"}
    typed |= row("choices-1-if", "q1", ">=", "")

    page = client.post(to(survey, "edit_question", code="q2"), typed | {"do": "up:choices:1"})

    first, second = page.context["form"].parts["choices"].lines
    assert (first.code, first.logic.prefix, len(first.logic.raw)) == ("c2", "choices-0-if", 1)
    assert (second.code, second.logic.raw) == ("c1", [])


def test_ends_jumps_and_checks_come_and_go_by_buttons(client, analyst):
    survey = make_survey(EMPTY, publish=False)
    url = to(survey, "edit_frame")
    typed = {"end0-there": "1", "end0-text__en": "One", "end1-there": "1", "end1-text__en": "Two"}

    dropped = client.post(url, typed | {"do": "entry-drop:end:0"}).context["ends"].lines
    added = client.post(url, typed | {"do": "entry-add:end"}).context["ends"].lines

    assert [values["text__en"] for _number, values, _logic in dropped] == ["Two"]
    assert [logic.prefix for _number, _values, logic in added] == ["end0", "end1", "end2"]


def test_pages_change_places(client, analyst):
    survey = make_survey(EMPTY, publish=False)
    building.start_from(survey.pk, ready_definition("service"), by=analyst)
    building.add_page(survey.pk, by=analyst)
    codes = [page["code"] for page in now(survey)["pages"]]
    assert client.get(to(survey, "edit_frame")).context["mixing"].lines[0][2] == ""

    client.post(to(survey, "edit_frame"), {f"mix-{code}": "A" for code in codes})

    assert now(survey)["shuffle_pages"] == [codes]


def test_scores_of_choices_are_summed_by_a_button(client, analyst):
    survey = make_survey(EMPTY, publish=False)
    for kind in ("single_choice", "multiple_choice", "likert", "calculated"):
        building.add_question(survey.pk, kind=kind, page="", by=analyst)
    for code in ("q1", "q2"):
        scored = element_of(now(survey), code)
        for score, choice in enumerate(scored["choices"]):
            choice["score"] = score + 0.5
        building.save_question(survey.pk, code, element=scored, seen=None, by=analyst)
    url = to(survey, "edit_question", code="q4")
    assert "Write the sum of the scores" in client.get(url).content.decode()

    written = client.post(url, both("text", "Points") | {"do": "scores"}).context["form"]
    typed = both("text", "Points") | {"value": written["value"].value()}
    client.post(url, typed)

    draft = now(survey)
    for element in draft["pages"][0]["elements"]:
        element["text"] = dict.fromkeys(draft["languages"], "x")
    assert find_faults(draft, known_languages={"zh-hans": "", "en": ""}) == []
    answers = {"q1": "c2", "q2": ["c1", "c3"], "q3": {"r1": "c5", "r2": "c1"}}
    assert read_answers(parse(draft), answers).known["q4"] == 1.5 + 0.5 + 2.5 + 5 + 1
