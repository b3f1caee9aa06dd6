"""Responses as files: each answer in the column of its code, whatever the version."""

import csv
import io
import json
import zipfile
from copy import deepcopy
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from surveys.importing.responses.tables import read_table
from surveys.models import Collector, Response
from surveys.rules import spss
from surveys.services.answering import submit_response
from surveys.services.publishing import publish_version, save_draft
from surveys.services.response_exports import remove_old_exports
from tests.api.conftest import ApiClient
from tests.conftest import client_of, member
from tests.factories.surveys import make_survey, open_link
from tests.support.jobs import run_queued_jobs

pytestmark = pytest.mark.django_db


def words(text):
    return {"zh-hans": f"中{text}", "en": text}


def choice(code, **more):
    return {"code": code, "text": words(code.title()), **more}


FIRST = {
    "schema": 1,
    "languages": ["zh-hans", "en"],
    "pages": [
        {
            "code": "p",
            "elements": [
                {
                    "code": "place",
                    "type": "single_choice",
                    "text": words("Where?"),
                    "choices": [
                        choice("home"),
                        choice("else", other=True),
                        choice("na", missing=True),
                    ],
                },
                {
                    "code": "uses",
                    "type": "multiple_choice",
                    "text": words("What for?"),
                    "choices": [choice("tea"), choice("soup"), choice("bath")],
                },
                {
                    "code": "best",
                    "type": "ranking",
                    "text": words("Order?"),
                    "choices": [choice("a"), choice("b")],
                },
                {"code": "old", "type": "number", "text": words("Age?")},
                {"code": "says", "type": "long_text", "text": words("Say")},
            ],
        }
    ],
}


@pytest.fixture
def survey():
    """Two versions: the second one no longer asks “old”."""
    survey = make_survey(deepcopy(FIRST))
    link = open_link(survey)
    answers = {
        "place": {"choice": "else", "other": {"else": "=cmd()"}},
        "uses": ["tea", "bath"],
        "best": ["b", "a"],
        "old": 41,
        "says": "很好\n谢谢",
    }
    submit_response(link.pk, answers=answers, language="en")
    second = deepcopy(FIRST)
    del second["pages"][0]["elements"][3]
    publish_version(save_draft(survey.pk, definition=second).pk)
    submit_response(link.pk, answers={"place": "home"}, language="en")
    return survey


@pytest.fixture
def client():
    return client_of(member(Role.ADMIN))


def file_of(client, survey, **query):
    got = client.get(f"/surveys/{survey.slug}/responses/export/", query)
    assert got.status_code == 200
    return b"".join(got.streaming_content)


def table(raw):
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_what_people_wrote_leaves_covered_unless_one_may_see_it(client, survey):
    submit_response(open_link(survey).pk, answers={"says": "打13988776655"}, language="en")
    analyst = client_of(member(Role.ANALYST))
    asked = {"format": "csv", "values": "codes", "several": "joined"}

    assert table(file_of(analyst, survey, **asked))[-1]["says"] == "打139****6655"
    assert table(file_of(client, survey, **asked))[-1]["says"] == "打13988776655"


def test_a_csv_has_the_union_of_all_versions_and_no_formulas(client, survey):
    raw = file_of(client, survey, format="csv", values="codes", several="both")

    assert raw.startswith(b"\xef\xbb\xbf")
    first, second = table(raw)
    assert (first["_version"], second["_version"]) == ("1", "2")
    assert (first["place"], first["place_else_text"]) == ("else", "'=cmd()")
    assert [first[f"uses_{one}"] for one in ("tea", "soup", "bath")] == ["1", "0", "1"]
    assert first["uses"] == "tea bath"
    assert (first["best"], first["best_a"], first["best_b"]) == ("b a", "2", "1")
    assert (first["old"], second["old"]) == ("41", "")
    assert second["uses_tea"] == ""  # nothing was answered, which is not a no


def test_filters_words_and_json(client, survey):
    query = {"question": "place", "value": "home"}
    (only,) = table(
        file_of(client, survey, format="csv", values="labels", several="joined", **query)
    )
    assert only["Where?"] == "Home"
    found = json.loads(file_of(client, survey, format="json", values="codes", several="columns"))
    assert [one.get("old") for one in found] == [41, None]
    assert found[0]["says"] == "很好\n谢谢"
    assert client.get(f"/surveys/{survey.slug}/responses/export/?nope=1").status_code == 400
    page = client.get(f"/surveys/{survey.slug}/responses/export/", query)
    assert 'name="value" value="home"' in page.text
    assert "1 response" in page.text


def test_spss_gets_names_labels_missing_values_and_widths_in_bytes(client, survey):
    raw = file_of(client, survey, format="spss", values="codes", several="columns")

    package = zipfile.ZipFile(io.BytesIO(raw))
    first, second = table(package.read("data.csv"))
    assert (first["place"], second["place"]) == ("2", "1")
    assert first["place_else_text"] == "'=cmd()"  # no formula, whoever opens it
    syntax = package.read("data.sps").decode()
    assert f"    says A{len('很好 谢谢'.encode())}\n" in syntax
    assert "VALUE LABELS place\n  1 'Home'\n  2 'Else'\n  3 'Na'\n" in syntax
    assert "MISSING VALUES place (3)." in syntax
    assert "NAME=$uses LABEL='What for?' VARIABLES=uses_tea uses_soup uses_bath VALUE=1." in syntax


def test_the_codebook_explains_every_value(client, survey):
    rows = table(file_of(client, survey, format="codebook", values="codes", several="columns"))

    mine = [one for one in rows if one["Column"] == "place"]
    assert [(one["Value"], one["Number in SPSS"]) for one in mine] == [
        ("home", "1"), ("else", "2"), ("na", "3"),
    ]  # fmt: skip
    assert [one["Retired in version"] for one in rows if one["Column"] == "old"] == ["2"]


def test_names_of_customers_are_for_those_who_may_see_customers(client, survey):
    assert (
        "_customer"
        in table(file_of(client, survey, format="csv", values="codes", several="joined"))[0]
    )
    analyst = client_of(member(Role.ANALYST))
    may = analyst.get("/customers/").status_code == 200
    rows = table(file_of(analyst, survey, format="csv", values="codes", several="joined"))
    assert ("_customer" in rows[0]) is may
    agent = client_of(member(Role.AGENT))
    assert agent.get(f"/surveys/{survey.slug}/responses/export/").status_code in {200, 403}


def test_as_many_queries_for_many_responses_as_for_few(client, survey):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as found:
            file_of(client, survey, format="csv", values="codes", several="both")
        return len(found)

    before = queries()
    link = Collector.objects.filter(survey=survey).first()
    for _number in range(4):
        submit_response(link.pk, answers={"place": "home"}, language="en")

    assert queries() == before


def test_what_was_not_handed_in_is_exported_where_it_is_asked_for_and_marked(client, survey):
    link = Collector.objects.filter(survey=survey).first()
    begun = {
        "collector": link,
        "survey": survey,
        "version": survey.versions.get(number=2),
        "language": "en",
    }
    typed = {"place": {"choice": "else", "other": {"else": "bus"}}, "uses": ["soup"]}
    Response.objects.create(**begun, status="draft", typed=typed)
    given_up = submit_response(link.pk, answers={"place": "home"}, language="zh-hans").response
    Response.objects.filter(pk=given_up.pk).update(status="partial", completed_at=None)
    how = {"format": "csv", "values": "codes", "several": "both"}

    alone = table(file_of(client, survey, **how))
    every = table(file_of(client, survey, **how, unfinished="on"))
    english = table(file_of(client, survey, **how, unfinished="on", language="en"))
    program = ApiClient(member(Role.ANALYST), ["surveys:read"])
    asked = program.get(f"surveys/{survey.slug}/export/", {"as": "json", "unfinished": "true"})
    page = client.get(f"/surveys/{survey.slug}/responses/export/", {"unfinished": "on"})

    assert [one["_status"] for one in alone] == ["complete"] * 2
    assert [one["_status"] for one in every] == ["complete", "complete", "draft", "partial"]
    assert [one["_status"] for one in english] == ["complete", "complete", "draft"]
    draft = every[2]
    assert (draft["place"], draft["place_else_text"], draft["uses"]) == ("else", "bus", "soup")
    assert (draft["uses_tea"], draft["uses_soup"], draft["_completed"]) == ("0", "1", "")
    assert every[3]["place"] == "home"
    assert len(json.loads(b"".join(asked.streaming_content))) == 4
    assert page.context["count"] == 4
    assert page.context["form"]["unfinished"].value() is True


def test_names_of_spss_are_valid_and_none_comes_twice():
    long = "a" * 70
    found = spss.names_for(["all", "x-y", "X_Y", "1st", long, long + "b", "_version"])

    assert found[:4] == ["v_all", "x_y", "X_Y_2", "v_1st"]
    assert len({one.lower() for one in found}) == 7
    assert max(map(len, found)) == 64


def test_many_responses_become_a_file_in_the_background(survey, monkeypatch):
    admin = member(Role.ADMIN)
    client = client_of(admin)
    address = f"/surveys/{survey.slug}/responses/export/"
    monkeypatch.setattr("surveys.views.exporting.AT_ONCE", 1)
    how = {"format": "xlsx", "values": "codes", "several": "both"}
    assert "Make the file" in client.get(address, how).text  # too many to wait for
    ordered = client.post(address, how | {"language": "en"})
    assert "The file is being made" in client.get(ordered.url).text
    run_queued_jobs()

    assert "The file is ready: 2 responses." in client.get(ordered.url).text
    got = client.get(f"{ordered.url}file/")
    assert next(iter(read_table("a.xlsx", b"".join(got.streaming_content)).rows))[1][1] == "1"
    assert client_of(member(Role.ADMIN)).get(ordered.url).status_code == 404
    assert remove_old_exports(timezone.now() + timedelta(days=2)) == 1
    assert client.get(ordered.url).status_code == 404


def test_programs_get_the_same_files(survey):
    program = ApiClient(member(Role.ANALYST), ["surveys:read"])
    path = f"surveys/{survey.slug}/export/"

    got = program.get(path, {"as": "csv", "values": "codes", "several": "both"})

    assert got["Content-Type"].startswith("text/csv")
    assert [one["_version"] for one in table(b"".join(got.streaming_content))] == ["1", "2"]
    found = json.loads(b"".join(program.get(path, {"as": "json", "version": 2}).streaming_content))
    assert [one["place"] for one in found] == ["home"]
    narrow = {"as": "json", "channel": "phone", "imported": "no"}
    spss_file = program.get(path, {"as": "spss"})
    assert zipfile.is_zipfile(io.BytesIO(b"".join(spss_file.streaming_content)))
    assert json.loads(b"".join(program.get(path, narrow).streaming_content)) == []
    # Who may not read customers learns nothing of them by narrowing, and nothing is passed over.
    for wrong in ({"nope": "1"}, {"tier": "key"}, {"language": ""}, {"channel": "x"}):
        assert program.get(path, wrong).status_code == 400, wrong
    assert program.get(path, {"as": "doc"}).status_code == 400
