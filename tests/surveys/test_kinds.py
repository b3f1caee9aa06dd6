"""Every kind of question: how raw values are read, what is stored, what results say."""

import contextlib
from dataclasses import replace

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from feedback.models import Upload
from surveys.demo.all_kinds import ALL_KINDS
from surveys.flow.checks import find_faults
from surveys.flow.definition import parse, parse_element
from surveys.flow.walk import answers_in_form, read_answers
from surveys.forms.sheet import Sheet, Stamp
from surveys.models import Question, Response
from surveys.questions.base import Misfit
from surveys.questions.registry import TYPES, type_of
from surveys.selectors.answers import said_in, stored_answers, with_answers
from surveys.selectors.results import results_of
from surveys.services.answer_files import take_in_files
from surveys.services.answering import submit_response
from tests.factories import UserFactory
from tests.factories.surveys import make_survey, open_link

TEXT = {"zh-hans": "题", "en": "Question"}
ABC = [{"code": code, "text": TEXT} for code in ("a", "b", "c")]
WITH_OTHER = [*ABC[:2], {"code": "x", "text": TEXT, "other": True}]
ALONE = [*ABC, {"code": "none", "text": TEXT, "exclusive": True}]
GRID = {"rows": ABC[:2], "columns": ALONE}


def element(type_, **more):
    return parse_element({"code": "q", "type": type_, "text": TEXT} | more)


def read(question, raw):
    """Values as (leaf, what it holds …) without what is empty."""
    return [
        tuple(one for one in (v.leaf, v.choice, v.number, v.text, v.date) if one is not None)
        for v in type_of(question).read(question, raw)
    ]


READS = [
    ("dropdown", {"choices": ABC}, "b", [("q", "b")]),
    ("single_choice", {"choices": WITH_OTHER}, {"choice": "x", "other": {"x": " my  own "}},
     [("q", "x", "my own")]),
    ("single_choice", {"choices": WITH_OTHER}, {"choice": None, "other": {"x": "own"}},
     [("q", "x", "own")]),
    ("single_choice", {"choices": WITH_OTHER}, {"choice": "a", "other": {"x": "own"}},
     [("q", "a")]),
    ("multiple_choice", {"choices": ABC}, ["c", "a", "a"], [("q", "a"), ("q", "c")]),
    ("multiple_choice", {"choices": ALONE, "min": 2}, ["none"], [("q", "none")]),
    ("multiple_choice", {"choices": WITH_OTHER}, {"choices": ["a"], "other": {"x": "own"}},
     [("q", "a"), ("q", "x", "own")]),
    ("emoji", {}, "5", [("q", 5.0)]),
    ("scale", {"from": -2, "to": 2}, "-2", [("q", -2.0)]),
    ("scale", {"dont_know": True}, "dont_know", [("q", "dont_know")]),
    ("nps", {}, 0, [("q", 0.0)]),
    ("csat", {}, "1", [("q", 1.0)]),
    ("ces", {}, 7, [("q", 7.0)]),
    ("likert", GRID, {"a": "b", "b": ""}, [("q_a", "b")]),
    ("matrix_multi", GRID, {"a": ["c", "b"], "b": "none"},
     [("q_a", "b"), ("q_a", "c"), ("q_b", "none")]),
    ("ranking", {"choices": ABC}, ["c", "a", "b"], [("q", "c", 1.0), ("q", "a", 2.0),
     ("q", "b", 3.0)]),
    ("ranking", {"choices": ABC, "places": 2}, {"b": "1", "a": "2", "c": ""},
     [("q", "b", 1.0), ("q", "a", 2.0)]),
    ("short_text", {}, " one\nline ", [("q", "one line")]),
    ("short_text", {"format": "url"}, "example.com/a", [("q", "https://example.com/a")]),
    ("short_text", {"format": "phone"}, "+86 138-0000 0000", [("q", "+86 138-0000 0000")]),
    ("number", {"decimals": 2}, "12,5", [("q", 12.5)]),
    ("number", {}, "１,２００", [("q", 1200.0)]),
    ("number", {"min": -5}, -5, [("q", -5.0)]),
    ("date", {}, "2026-02-28", [("q", "2026-02-28")]),
    ("slider", {"step": 5}, "15", [("q", 15.0)]),
    ("constant_sum", {"choices": ABC, "total": 10}, {"a": "7", "c": 3},
     [("q_a", 7.0), ("q_b", 0.0), ("q_c", 3.0)]),
    ("contact", {}, {"email": "li@example.com", "name": " Li  Na "},
     [("q_name", "Li Na"), ("q_email", "li@example.com")]),
    ("consent", {}, True, [("q", "yes")]),
    ("consent", {}, False, []),
    ("hidden", {}, "shop 7", [("q", "shop 7")]),
    ("statement", {}, "anything", []),
]  # fmt: skip
REFUSES = [
    ("multiple_choice", {"choices": ALONE}, ["a", "none"], "only by itself"),
    ("multiple_choice", {"choices": ABC, "min": 2}, ["a"], "at least 2"),
    ("multiple_choice", {"choices": ABC, "max": 1}, ["a", "b"], "one answer at most"),
    ("multiple_choice", {"choices": ABC}, ["z"], "at least one"),
    ("scale", {}, "dont_know", "1 to 5"),
    ("scale", {"from": 0, "to": 10, "step": 5}, 3, "0 to 10"),
    ("nps", {}, 11, "0 to 10"),
    ("likert", GRID, {"z": "a"}, "rows that there are"),
    ("likert", GRID, {"a": ["a", "b"]}, "one answer in each row"),
    ("matrix_multi", GRID, {"a": ["a", "none"]}, "only by itself"),
    ("ranking", {"choices": ABC}, ["a", "b"], "each of them a place"),
    ("ranking", {"choices": ABC}, {"a": "1", "b": "1", "c": "2"}, "each place once"),
    ("ranking", {"choices": ABC, "places": 1}, ["a", "b"], "first place"),
    ("short_text", {"format": "email"}, "not one", "name@example.com"),
    ("short_text", {"format": "phone"}, "123", "phone number"),
    ("short_text", {"format": "url"}, "a b", "web address"),
    ("number", {}, "twelve", "such as 12"),
    ("number", {}, "1.5", "whole number"),
    ("number", {"min": 3}, 2, "at least 3"),
    ("number", {"min": 3, "max": 9}, 10, "from 3 to 9"),
    ("number", {"decimals": 1}, "1.25", "one digit after"),
    ("date", {}, "2026-02-30", "year-month-day"),
    ("date", {"max": "2026-01-01"}, "2026-01-02", "up to 2026-01-01"),
    ("slider", {"step": 5}, 7, "steps of 5"),
    ("constant_sum", {"choices": ABC}, {"a": 50, "b": 40}, "it is 90 so far"),
    ("constant_sum", {"choices": ABC}, {"a": -1, "b": 101}, "from 0 on"),
    ("contact", {}, {"email": "nobody"}, "e-mail address"),
    ("file", {}, "0" * 32, "choose the file again"),
]


@pytest.mark.parametrize(("type_", "more", "raw", "values"), READS)
def test_a_raw_answer_is_read(type_, more, raw, values):
    assert read(element(type_, **more), raw) == values


@pytest.mark.parametrize(("type_", "more", "raw", "says"), REFUSES)
def test_what_does_not_fit_says_what_to_do(type_, more, raw, says):
    with pytest.raises(Misfit, match=says):
        read(element(type_, **more), raw)


NONSENSE = [
    0, -1.5, 1e308, float("nan"), True, "x", "9" * 60, [1], [["a"]], [None], {"a": 1},
    {"a": {"b": []}}, {"other": 3}, {"choices": {"a": 1}}, {"choice": ["a"]}, (),
]  # fmt: skip


@pytest.mark.parametrize("type_", sorted(TYPES))
def test_whatever_is_sent_gives_an_answer_or_a_sentence(type_):
    question = element(type_, choices=ABC, rows=ABC, columns=ABC, value="1")
    for raw in NONSENSE:
        with contextlib.suppress(Misfit):
            type_of(question).read(question, raw)


def faults(raw):
    return find_faults(raw, known_languages=dict(settings.LANGUAGES))


def one(type_, **more):
    question = {"code": "q", "type": type_, "text": TEXT} | more
    return {"languages": ["zh-hans", "en"], "pages": [{"code": "p", "elements": [question]}]}


def test_the_survey_of_all_kinds_can_be_published_and_has_them_all():
    assert faults(ALL_KINDS) == []
    assert {one.type for one in parse(ALL_KINDS).elements()} == set(TYPES)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (one("scale", **{"from": 5, "to": 1}), "“to” must be greater"),
        (one("scale", **{"from": 1, "to": 6, "step": 2}), "must lead exactly"),
        (one("emoji", max=4), "3 or 5"),
        (one("number", min="x"), "“min” must be a number"),
        (one("date", min="soon"), "must be a day such as"),
        (one("short_text", format="fax"), "one of any, email"),
        (one("contact", parts=["fax"]), "some of name, email"),
        (one("likert", rows=[], columns=ABC), "at least one row"),
        (one("likert", rows=ABC, columns=ABC, choices=ABC), "“choices” is not known"),
        (one("likert", rows=ABC, columns=ABC, role="overall"), "no single answer"),
        (one("multiple_choice", choices=ABC, min=9), "more choices than there are"),
        (one("statement", required=True), "nothing to answer"),
        (one("calculated"), "as “value”"),
        (one("nps", role="ces"), "must be a scale from 1 to 7"),
        (one("number", when="{x} ="), "Question “q”: when"),
        (one("number", when="{q} > 1"), "comes later"),
        (one("number", checks=[{"that": "{q} + 1", "text": TEXT}]), "Question “q”: check"),
        (one("number") | {"ends": [{"code": "e", "when": "{r} = 1"}]}, "There is no {r}"),
        (one("number") | {"quotas": [{"code": "a", "when": "{q} > 1", "limit": 5, "end": "e"}]},
         "which is no end"),
        (one("number") | {"shuffle_pages": [3]}, "list of lists"),
        (one("number") | {"shuffle_pages": [["p", "z"]]}, "do not exist: z"),
        (one("number") | {"ends": [3]}, "End 1: an end must be an object"),
    ],
)  # fmt: skip
def test_each_fault_is_said_in_plain_words(raw, says):
    assert any(says in fault for fault in faults(raw)), faults(raw)


def flow(*pages, **more):
    raw = {
        "languages": ["en"],
        "pages": [
            {"code": f"p{at}", **page} if isinstance(page, dict) else {"code": f"p{at}",
             "elements": page} for at, page in enumerate(pages)
        ],
    } | more  # fmt: skip
    found = find_faults(raw, known_languages=["en"])
    assert found == []
    return parse(raw)


def q(code, type_="number", **more):
    return {"code": code, "type": type_, "text": {"en": code}} | more


def test_what_is_hidden_is_null_for_everything_behind_it():
    definition = flow([q("a"), q("b", when="{a} > 1"), q("c", when="{b} notempty")])
    assert read_answers(definition, {"a": 2, "b": 5, "c": 1}).shown == ["a", "b", "c"]
    walk = read_answers(definition, {"a": 1, "b": 5, "c": 1})
    assert (walk.shown, set(walk.values)) == (["a"], {"a"})


def test_a_jump_passes_over_the_pages_between_and_may_lead_to_an_end():
    definition = flow(
        {"elements": [q("a")], "jumps": [{"to": "p2", "when": "{a} = 1"},
                                         {"to": "end:out", "when": "{a} = 2"}]},
        [q("b", required=True)],
        [q("c")],
        ends=[{"code": "out", "outcome": "screened_out"}],
    )  # fmt: skip
    assert read_answers(definition, {"a": 1, "b": 1, "c": 1}).shown == ["a", "c"]
    assert set(read_answers(definition, {"a": 3}).errors) == {"b"}
    out = read_answers(definition, {"a": 2, "c": 1})
    assert (out.shown, out.end.outcome, out.errors) == (["a"], "screened_out", {})


def test_choices_and_rows_come_and_go_and_what_was_sent_for_them_is_passed_over():
    some = [{"code": "x", "text": {"en": "x"}}, {"code": "y", "text": {"en": "y"},
             "when": "{a} = 1"}]  # fmt: skip
    definition = flow(
        [q("a"), q("pick", "single_choice", choices=[*some, {"code": "z", "text": {"en": "z"}}]),
         q("grid", "likert", rows=some, columns=[{"code": c, "text": {"en": c}} for c in "mn"])]
    )  # fmt: skip
    walk = read_answers(definition, {"a": 2, "pick": "y", "grid": {"x": "m", "y": "m"}})
    assert walk.errors == {}
    assert walk.shown == ["a", "pick", "grid_x"]
    assert set(walk.values) == {"a", "grid"}


def test_answers_are_needed_checked_worked_out_and_counted():
    definition = flow(
        [q("a"), q("b", required_when="{a} > 5"),
         q("low", checks=[{"that": "{low} < {a}", "text": {"en": "Less than a."}}]),
         q("sum", "calculated", value="{a} + {low}")],
        quotas=[{"code": "many", "when": "{sum} > 10", "limit": 1, "end": "full"}],
        ends=[{"code": "full"}],
    )  # fmt: skip
    walk = read_answers(definition, {"a": 9, "low": 10})
    assert walk.errors == {"b": "Please give a number.", "low": "Less than a."}
    walk = read_answers(definition, {"a": 9, "b": 1, "low": 3, "sum": 1})
    assert (walk.of("sum").number, walk.quotas, walk.errors) == (12.0, ["many"], {})
    assert walk.shown == ["a", "b", "low"]


FORM = {
    "place": ["other"],
    "place.other.other": ["balcony"],
    "uses": ["tea", "drink"],
    "model": ["s1"],
    "bought": ["2026-05-01"],
    "people": ["3"],
    "quality": ["4"],
    "mood": ["5"],
    "noise": ["dont_know"],
    "likely": ["6"],
    "why_not": ["Filters"],
    "satisfied": ["5"],
    "easy": ["7"],
    "agree.fast": ["4"],
    "agree.clean": ["na"],
    "heard.leak": ["phone", "dealer"],
    "wishes.app": ["1"],
    "wishes.price": ["2"],
    "wishes.noise": ["3"],
    "budget.taste": ["60"],
    "budget.service": ["40"],
    "pay": ["120"],
    "story": ["A good machine"],
    "reach.email": ["li@example.com"],
    "consent": ["yes"],
    "source": ["shop"],
}


def test_answers_are_said_in_later_wording_and_what_is_shuffled_comes_back_the_same():
    names = [{"code": c, "text": {"en": c.upper()}} for c in "abcdefgh"]
    definition = flow(
        [q("pick", "multiple_choice", choices=names, shuffle="choices"),
         q("why", text={"en": "Why {pick|nothing} on {today|some day}?"})]
    )  # fmt: skip
    sheet = Sheet(definition, "en", {"pick": ["b", "a"]}, {}, Stamp.new(1))
    pick, why = sheet.pages[0][1]
    assert why.text == "Why A, B on some day?"
    shown = [one.code for one in pick.picks]
    assert sorted(shown) == list("abcdefgh")
    assert [one.code for one in replace(sheet, answers={}).pages[0][1][0].picks] == shown
    assert replace(sheet, answers={}).pages[0][1][1].text == "Why nothing on some day?"
    later = one("number", text={"zh-hans": "{r}", "en": "a"})
    assert any("There is no {r}" in fault for fault in faults(later))


@pytest.mark.django_db
def test_all_kinds_are_stored_said_and_counted():
    survey = make_survey(ALL_KINDS)
    definition = parse(ALL_KINDS)
    picture = SimpleUploadedFile("tap.png", b"\x89PNG\r\n\x1a\n", "image/png")
    answers = take_in_files(definition, {"photo.file": picture}, answers_in_form(definition, FORM))

    response = submit_response(open_link(survey).pk, answers=answers, language="en").response

    said = {s.question.code: s for s in said_in(with_answers(Response.objects).get())}
    assert said["place"].text == "Somewhere else (balcony)"
    assert said["uses"].text == "Drinking, Tea and coffee"
    assert said["wishes"].text == "1. App, 2. Price of filters, 3. Noise"
    assert said["noise"].text == "Don't know / not applicable"
    assert (
        said["agree_fast"].title
        == "Do you agree with these statements?: The water flows fast enough"
    )
    assert (said["photo"].text, said["photo"].file != "") == ("tap.png", True)
    assert said["score"].number == 4.5
    assert not Upload.objects.exists()
    again = stored_answers(with_answers(Response.objects).get(), definition)
    assert read_answers(definition, again).values == read_answers(definition, answers).values
    assert {"source", "score", "welcome"} & set(response.shown) == set()
    parents = Question.objects.filter(parent__code="agree").values_list("code", flat=True)
    assert list(parents) == ["agree_fast", "agree_clean", "agree_app"]

    results = {r.question.code: r for r in results_of(survey, Response.objects.all())}
    noise, uses, grid = results["noise"], results["uses"], results["agree"]
    assert (noise.shown, noise.answered, noise.valid, noise.mean) == (1, 1, 0, None)
    assert (uses.answered, [bar.share for bar in uses.bars][:2]) == (1, [100.0, 100.0])
    assert [(p.question.code, p.answered, p.valid) for p in grid.parts] == [
        ("agree_fast", 1, 1),
        ("agree_clean", 1, 0),
        ("agree_app", 0, 0),
    ]
    assert next((p.value, p.mean, p.firsts) for p in results["wishes"].places) == ("app", 1.0, 1)
    assert str(results["bought"].first_day) == "2026-05-01"
    assert results["budget"].parts[0].mean == 60
    assert results["pay"].median == 120


@pytest.mark.django_db
def test_staff_download_the_file_of_an_answer_and_strangers_find_nothing(client):
    survey = make_survey(ALL_KINDS)
    picture = SimpleUploadedFile("tap.png", b"bytes of a picture", "image/png")
    answers = take_in_files(parse(ALL_KINDS), {"photo.file": picture}, {"place": "kitchen"})
    response = submit_response(open_link(survey).pk, answers=answers, language="en").response
    page = f"/surveys/{survey.slug}/responses/{response.key}/"
    file = f"{page}files/photo/"
    assert client.get(file).status_code == 302

    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    assert file in client.get(page).content.decode()
    given = client.get(file)
    assert (given.content, given["Content-Type"]) == (
        b"bytes of a picture",
        "application/octet-stream",
    )
    assert 'filename="tap.png"' in given["Content-Disposition"]
    assert client.get(f"{page}files/place/").status_code == 404


@pytest.mark.django_db
def test_the_page_asks_every_kind_and_gives_back_what_was_typed(client):
    elements = [element for one in ALL_KINDS["pages"] for element in one["elements"]]
    on_one_page = ALL_KINDS | {"pages": [{"code": "all", "elements": elements}]}
    page = f"/a/c/{open_link(make_survey(on_one_page)).token}/?lang=en"
    blank = client.get(page).content.decode()
    for code in FORM:
        if code not in {"why_not", "source"}:
            assert f'name="{code}"' in blank, code
    again = client.post(page, {**FORM, "people": "many"}).content.decode()
    assert "Please look at this again" in again or "open for a long time" in again
    for typed in ("balcony", "many", "li@example.com", "A good machine"):
        assert typed in again


@pytest.mark.django_db
def test_files_are_taken_in_only_from_who_was_served_an_open_page(client, monkeypatch):
    link = open_link(make_survey(ALL_KINDS))
    page = f"/a/c/{link.token}/?lang=en"
    stamp = str(Stamp.new(1))

    def kept_of(stamp):
        picture = SimpleUploadedFile("tap.png", b"\x89PNG\r\n\x1a\n", "image/png")
        form = {"stamp": stamp, "page": "all", "switch_language": "en", "photo.file": picture}
        client.post(page, form)
        return Upload.objects.count()

    assert kept_of("forged") == 0
    assert kept_of(stamp) == 1
    monkeypatch.setattr("surveys.views.answering.FILES_PER_VISITOR_AND_HOUR", 1)
    assert kept_of(stamp) == 1
    monkeypatch.undo()
    link.is_active = False
    link.save(update_fields=["is_active"])
    assert kept_of(stamp) == 1
