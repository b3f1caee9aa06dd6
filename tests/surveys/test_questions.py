"""How answers are understood, one kind of question after the other."""

import pytest
from django.utils import translation

from surveys.flow.definition import parse, parse_element
from surveys.flow.walk import answers_in_form, presets, read_answers
from surveys.forms.fields import WIDGETS
from surveys.questions.base import Misfit
from surveys.questions.registry import TYPES, type_of
from tests.factories.surveys import definition

TEXT = {"zh-hans": "题", "en": "Question"}


def element(type_, **more):
    return parse_element({"code": "q", "type": type_, "text": TEXT} | more)


def read(question, raw):
    return [(v.choice, v.number, v.text) for v in type_of(question).read(question, raw)]


@pytest.mark.parametrize("raw", [4, 4.0, "4"])
def test_stars_are_read_from_numbers_and_from_forms(raw):
    assert read(element("stars"), raw) == [(None, 4.0, None)]


@pytest.mark.parametrize(
    "raw", [0, 6, "0", "6", "4.5", 4.5, True, "４", "x", "4 ", [4], {"a": 4}, "-1"]
)
def test_what_is_no_star_is_refused(raw):
    with pytest.raises(Misfit, match="1 to 5"):
        read(element("stars"), raw)


def test_a_longer_scale_takes_more_stars():
    assert read(element("stars", max=10), 10) == [(None, 10.0, None)]


@pytest.mark.parametrize("type_", sorted(TYPES))
@pytest.mark.parametrize("raw", [None, ""])
def test_nothing_answered_is_nothing_stored(type_, raw):
    choices = {"choices": [{"code": "a", "text": TEXT}]} if TYPES[type_].has_choices else {}
    assert read(element(type_, **choices), raw) == []


def test_a_choice_is_its_code():
    question = element("single_choice", choices=[{"code": "yes", "text": TEXT}])
    assert read(question, "yes") == [("yes", None, None)]
    for wrong in ("YES", "no", ["yes"], 1):
        with pytest.raises(Misfit):
            read(question, wrong)


def test_a_text_loses_control_characters_and_white_space_around_it():
    assert read(element("long_text"), " a\x00b\r\n\tc\x07 ") == [(None, None, "ab\n\tc")]
    assert read(element("long_text"), " \r\n ") == []


def test_a_text_that_is_too_long_says_by_how_much():
    with pytest.raises(Misfit, match="5 characters; it has 6"):
        read(element("long_text", max_length=5), "六个字符太多")


def test_every_kind_of_question_that_is_seen_has_a_widget():
    assert set(WIDGETS) | {"calculated", "hidden"} == set(TYPES)


def test_a_walk_says_what_was_shown_answered_and_wrong():
    walk = read_answers(parse(definition()), {"overall": "9", "solved": "yes", "comment": ""})
    assert walk.shown == ["overall", "solved", "functional", "service", "emotional", "comment"]
    assert set(walk.values) == {"solved"}
    assert set(walk.errors) == {"overall"}


def test_a_required_question_left_out_says_what_to_do():
    assert "1 to 5" in read_answers(parse(definition()), {}).errors["overall"]


def test_an_answer_to_a_question_that_does_not_exist_is_an_error():
    walk = read_answers(parse(definition()), {"overall": 5, "colour": "red"})
    assert set(walk.errors) == {"colour"}


def test_a_form_gives_the_raw_answers():
    posted = {"overall": ["3"], "comment": ["hello"], "stamp": ["x"]}
    assert answers_in_form(parse(definition()), posted) == {"overall": "3", "comment": "hello"}


def test_an_address_presets_what_fits_and_never_a_text():
    query = {"overall": ["4"], "solved": ["maybe"], "comment": ["I love it"], "lang": ["en"]}
    assert presets(parse(definition()), query) == {"overall": "4"}


def test_errors_speak_the_language_that_is_active():
    with translation.override("en"), pytest.raises(Misfit) as refusal:
        read(element("stars"), "9")
    assert str(refusal.value) == "Please choose 1 to 5 stars."
