"""Surveys of other programs: what is read becomes a definition that can be published, and each
thing that is not in it is said. The files here are small and ours."""

import io
import json
import zipfile

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from accounts.enums import Role
from surveys.flow.checks import find_faults
from surveys.importing import bounded
from surveys.importing.files import read_file
from surveys.importing.source import FileRefused
from surveys.models import Survey
from surveys.services.importing_surveys import import_survey
from tests.conftest import client_of, member
from tests.factories.surveys import make_survey

FORM = """survey,,,,,
,type,name,label::English (en),label::中文 (zh),relevant
,select_one places,place,Where?,在哪里？,
,integer,age,How old?,几岁？,
,text,why,"Why, at ${age}?",为什么？,${place} = 'home' and ${age} > 11
,geopoint,spot,Where exactly?,,pulldata('a')
,begin group,more,More,更多,"selected(${place}, 'shop')"
,select_multiple places,all,Where else?,还有哪里？,
,note,end,Thanks,谢谢,count-selected(${all}) >= 2
,end group,,,,
choices,,,,,
,list_name,name,label::English (en),label::中文 (zh),
,places,home,At home,在家,
,places,shop,In a shop,在商店,
"""


def lime(questions, *, subquestions="", answers="", kind="Survey"):
    """A file as LimeSurvey 2 writes it: questions are (id, code, letter, text, relevance)."""
    rows = "".join(
        f"<row><qid>{qid}</qid><parent_qid>0</parent_qid><gid>1</gid><type>{letter}</type>"
        f"<title>{code}</title><question><![CDATA[{text}]]></question><other>N</other>"
        f"<mandatory>Y</mandatory><question_order>{qid}</question_order><language>en</language>"
        f"<scale_id>0</scale_id><relevance><![CDATA[{relevance}]]></relevance></row>"
        for qid, code, letter, text, relevance in questions
    )
    return (
        f"<document><LimeSurveyDocType>{kind}</LimeSurveyDocType><languages><language>en"
        f"</language></languages><answers><rows>{answers}</rows></answers><groups><rows><row>"
        "<gid>1</gid><group_name>First</group_name><language>en</language></row></rows></groups>"
        f"<questions><rows>{rows}</rows></questions><subquestions><rows>{subquestions}</rows>"
        "</subquestions></document>"
    ).encode()


def lime_row(qid, parent, code, text):
    return (
        f"<row><qid>{qid}</qid><parent_qid>{parent}</parent_qid><title>{code}</title>"
        f"<question>{text}</question><language>en</language><scale_id>0</scale_id>"
        f"<question_order>{qid}</question_order></row>"
    )


def elements(imported):
    return {one["code"]: one for page in imported.definition["pages"] for one in page["elements"]}


def faults(imported):
    return find_faults(imported.definition, known_languages=dict(settings.LANGUAGES))


def test_an_xlsform_becomes_a_survey_in_both_languages_with_its_conditions():
    imported = read_file("visit.csv", FORM.encode())

    assert faults(imported) == []
    assert imported.counts == {
        "pages": 2, "questions": 6, "choices": 2, "rows": 0, "conditions": 4,
    }  # fmt: skip
    found = elements(imported)
    assert found["why"]["text"] == {"zh-hans": "为什么？", "en": "Why, at {age}?"}
    assert found["why"]["when"] == "{place} = 'home' and {age} > 11"
    assert found["q_end" if "q_end" in found else "end"]["when"] == "length({all}) >= 2"
    assert imported.definition["pages"][1]["when"] == "{place} = 'shop'"
    # What cannot be taken over is said with its words, and the question is always shown.
    assert "when" not in found["spot"]
    assert [one.text for one in imported.omitted] == ["geopoint", "pulldata('a')"]
    assert all("spot" in one.place for one in imported.omitted)


def test_a_limesurvey_file_becomes_a_survey_with_codes_that_are_valid_here():
    answers = "".join(
        f"<row><qid>2</qid><code>{code}</code><answer>{text}</answer><sortorder>{n}</sortorder>"
        f"<language>en</language><scale_id>0</scale_id></row>"
        for n, (code, text) in enumerate([("A1", "One"), ("-2", "Two")])
    )
    raw = lime(
        [
            (1, "name", "S", "Your <b>name</b>?", "1"),
            (2, "like", "L", "Hi {name}, {if(age > 1, 'a', 'b')}?", "!is_empty(name.NAOK)"),
            (3, "5th", "M", "Which?", 'like == "-2"'),
            (4, "kids", "N", "How many?", '5th_a == "Y" and name != ""'),
            (5, "rate", "F", "Rate", "kids >= 1 && regexMatch('/a/', name)"),
        ],
        subquestions=lime_row(6, 3, "a", "A")
        + lime_row(7, 3, "b", "B")
        + lime_row(8, 5, "r", "R"),
        answers=answers + answers.replace("<qid>2<", "<qid>5<"),
    )

    imported = read_file("x.lss", raw)

    assert faults(imported) == []
    assert imported.counts["questions"] == 5
    assert (imported.counts["choices"], imported.counts["rows"]) == (4, 3)
    assert imported.counts["conditions"] == 4
    found = elements(imported)
    assert found["name"]["text"]["zh-hans"] == "Your name?"  # the words there are
    assert found["like"]["text"]["en"] == "Hi {name}, {{if(age > 1, 'a', 'b')}}?"
    assert found["like"]["when"] == "{name} notempty"
    assert found["q5th"]["when"] == "{like} = '2'"
    assert [one["code"] for one in found["like"]["choices"]] == ["A1", "2"]
    assert imported.renamed["5th"] == "q5th"
    lost = [one for one in imported.omitted if "regexMatch" in one.text]
    assert [one.place for one in lost] == ["question “rate”"]


def lime_setting(qid, name, value):
    return f"<row><qid>{qid}</qid><attribute>{name}</attribute><value>{value}</value></row>"


def test_array_filters_of_limesurvey_are_conditions_of_rows_and_choices():
    parts = [(2, "tea"), (2, "soup"), (3, "tea"), (3, "soup"), (3, "bath"), (4, "tea")]
    settings_ = [(3, "array_filter", "uses"), (4, "array_filter_exclude", "rate"),
                 (5, "array_filter", "words"), (5, "array_filter_exclude", "nobody")]  # fmt: skip
    raw = lime(
        [(1, "words", "T", "Say", "1"), (2, "uses", "M", "What for?", "1"),
         (3, "rate", "A", "Rate", "1"), (4, "left", "M", "And?", "1"),
         (5, "none", "M", "More?", "1")],
        subquestions="".join(
            lime_row(10 + n, parent, code, code.title())
            for n, (parent, code) in enumerate([*parts, (4, "soup"), (5, "tea"), (5, "soup")])
        ),
    ).replace(
        b"</document>",
        f"<question_attributes><rows>{''.join(lime_setting(*one) for one in settings_)}"
        "</rows></question_attributes></document>".encode(),
    )  # fmt: skip

    imported = read_file("x.lss", raw)

    assert faults(imported) == []
    assert (imported.counts["conditions"], imported.taken_over["conditions"]) == (0, 0)
    found = elements(imported)
    rows = {row["code"]: row.get("when") for row in found["rate"]["rows"]}
    # What the first question does not know is always there.
    assert rows == {"tea": "{uses} contains 'tea'", "soup": "{uses} contains 'soup'", "bath": None}
    # What was filtered out of “rate” was not answered there, and is no part of what is left.
    assert [one["when"] for one in found["left"]["choices"]] == [
        "{uses} contains 'tea' and {rate_tea} empty",
        "{uses} contains 'soup' and {rate_soup} empty",
    ]
    assert [one.text for one in imported.omitted] == ["words", "nobody"]


@pytest.mark.django_db
def test_our_own_definition_goes_out_and_comes_in_again():
    client = client_of(member(Role.ADMIN))
    survey = make_survey()
    got = client.get(f"/surveys/{survey.slug}/questions/definition.json")
    assert got["Content-Disposition"].startswith("attachment")
    file = SimpleUploadedFile("ours.json", got.content)
    looked = client.post("/surveys/import/", {"file": file})
    assert "Everything in the file can be taken over." in looked.text

    imported = read_file("ours.json", got.content)

    assert import_survey(imported, owner=None).versions.get().definition == (
        survey.versions.get().definition
    )
    assert (
        client_of(member(Role.AGENT))
        .get(f"/surveys/{survey.slug}/questions/definition.json")
        .status_code
        == 403
    )


def test_surveyjs_is_read_with_panels_matrices_and_values_of_other_kinds():
    raw = {
        "title": {"default": "Trip", "zh-cn": "旅行"},
        "pages": [
            {
                "name": "p1",
                "elements": [
                    {"type": "boolean", "name": "went", "title": "Did you go?"},
                    {
                        "type": "panel",
                        "name": "inner",
                        "visibleIf": "{went} = true",
                        "elements": [
                            {"type": "rating", "name": "score", "rateMax": 7},
                            {
                                "type": "checkbox",
                                "name": "seen it",
                                "choices": [1, {"value": "b", "text": "B"}],
                                "visibleIf": "{score} > '3'",
                                "hasOther": True,
                            },
                        ],
                    },
                    {
                        "type": "matrix",
                        "name": "m",
                        "rows": ["x"],
                        "columns": ["1", "2"],
                        "visibleIf": "{seen it} contains 1 and age({went}) > 3",
                    },
                    {"type": "comment", "name": "last", "requiredIf": "{m.x} >= 2"},
                ],
            }
        ],
    }

    imported = read_file("trip.json", json.dumps(raw).encode())

    assert faults(imported) == []
    assert imported.title == {"zh-hans": "旅行", "en": "Trip"}
    assert imported.counts["conditions"] == 4
    found = elements(imported)
    assert found["score"]["when"] == "{went} = 'yes'"
    assert found["seen_it"]["when"] == "{went} = 'yes' and {score} > 3"
    assert [one["code"] for one in found["seen_it"]["choices"]] == ["1", "b", "other"]
    assert found["last"]["required_when"] == "{m_x} = '2'"
    assert [one.text for one in imported.omitted] == ["{seen it} contains 1 and age({went}) > 3"]


def test_our_own_json_comes_back_as_it_is():
    given = read_file("visit.csv", FORM.encode()).definition

    again = read_file("ours.json", json.dumps(given).encode())

    assert again.definition == given
    assert again.counts["questions"] == 6


def test_a_workbook_is_read_as_its_cells_say_whatever_they_calculate():
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    def line(*cells):
        return (
            "<row>"
            + "".join(f'<c t="inlineStr"><is><t>{c}</t></is></c>' for c in cells)
            + "</row>"
        )

    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr(
            "xl/workbook.xml",
            f'<workbook {main} xmlns:r="{rel}"><sheets><sheet name="survey" r:id="r1"/></sheets>'
            "</workbook>",
        )
        package.writestr(
            "xl/_rels/workbook.xml.rels",
            '<Relationships><Relationship Id="r1" Target="worksheets/s.xml"/></Relationships>',
        )
        package.writestr(
            "xl/worksheets/s.xml",
            f"<worksheet {main}><sheetData>{line('type', 'name', 'label')}"
            f"{line('text', 'a', '=1+1')}</sheetData></worksheet>",
        )

    imported = read_file("form.xlsx", file.getvalue())

    assert elements(imported)["a"]["text"]["en"] == "=1+1"


def zip_bomb():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", b" " * (bounded.LARGEST_UNPACKED + 10))
    return file.getvalue()


LAUGHS = b'<!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><document>&b;</document>'
ELSEWHERE = b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><document>&x;</document>'


@pytest.mark.parametrize(
    ("name", "raw", "why"),
    [
        ("bomb.lss", LAUGHS, "entities"),
        ("file.lss", ELSEWHERE, "entities"),
        ("deep.lss", b"<document>" * 5000, "nested"),
        ("deep.json", b"[" * 100_000, "JSON"),
        ("cut.lss", b"<document><a>", "XML"),
        ("bomb.xlsx", zip_bomb(), "larger"),
        ("cut.xlsx", b"PK\x03\x04 nothing", "workbook"),
        ("old.xls", b"\xd0\xcf\x11\xe0 old", "damaged"),
        ("cell.csv", b"survey,\n,type,name\n,text," + b"a" * 20_000, "cell"),
        ("empty.json", b"{}", "no survey"),
        ("list.json", b"[1]", "no survey"),
        ("no.lss", b"<html></html>", "no survey"),
        ("big.json", b" " * (bounded.LARGEST + 1), "10 MB"),
        ("nan.json", b'{"pages": NaN}', "JSON"),
        ("pages.json", b'{"pages": [3, {"elements": [4]}]}', "no questions"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_survey_or_is_meant_to_hurt_is_refused_in_plain_words(name, raw, why):
    with pytest.raises(FileRefused, match=why):
        read_file(name, raw)


def test_the_command_tells_what_was_read_without_making_anything(tmp_path, capsys):
    file = tmp_path / "visit.csv"
    file.write_text(FORM)

    call_command("import_survey", str(file), dry_run=True, as_json=True)

    report = json.loads(capsys.readouterr().out)
    assert report["counts"]["questions"] == 6
    assert report["omitted"][1]["text"] == "pulldata('a')"


@pytest.mark.django_db
def test_a_file_is_looked_at_before_it_becomes_a_draft():
    client = client_of(member(Role.ADMIN))
    file = SimpleUploadedFile("visit.csv", FORM.encode())

    looked = client.post("/surveys/import/", {"file": file})

    assert "pulldata(&#x27;a&#x27;)" in looked.text
    assert not Survey.objects.filter(title_en="visit").exists()
    again = looked.context["again"].initial
    assert client.post("/surveys/import/", again).status_code == 302
    draft = Survey.objects.get(title_en="visit").versions.get()
    assert len(draft.definition["pages"]) == 2
    assert "pulldata('a')" in draft.note
    bad = client.post(
        "/surveys/import/", {"file": SimpleUploadedFile("a.xls", b"\xd0\xcf\x11\xe0")}
    )
    assert bad.status_code == 422
    assert "This workbook is damaged" in bad.text
    assert client_of(member(Role.AGENT)).get("/surveys/import/").status_code == 403


@pytest.mark.django_db
def test_a_program_imports_a_survey_by_the_api():
    client = client_of(member(Role.ADMIN))

    def post(**more):
        file = SimpleUploadedFile("visit.csv", FORM.encode())
        return client.post("/api/v1/survey-imports/", {"file": file, **more})

    assert post(dry_run="true").json()["survey"] is None
    made = post().json()
    assert str(Survey.objects.get(title_en="visit").slug) == made["survey"]
    assert made["omitted"][0]["text"] == "geopoint"
