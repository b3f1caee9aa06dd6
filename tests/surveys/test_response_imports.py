"""Answers out of a table: recognised, checked, imported once, taken back."""

import io
import zipfile
from copy import deepcopy
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import Role
from accounts.models import WebhookEndpoint, WebhookEvent
from accounts.services.customers import create_customer
from config.kernel.spreadsheets import write_xlsx
from surveys.enums import CollectorChannel, ImportState, RewardKind
from surveys.flow.definition import parse
from surveys.importing.responses import cells
from surveys.importing.responses.cells import CellRefused, Names
from surveys.importing.responses.heads import guessed
from surveys.importing.responses.tables import read_table
from surveys.importing.responses.targets import targets_of
from surveys.importing.source import FileRefused
from surveys.models import ResponseImport, RewardGrant
from surveys.questions.base import Option
from surveys.selectors.answers import stored_answers
from surveys.selectors.webhook_events import read_imports
from surveys.services import response_imports as services
from surveys.services.answering import submit_response
from tests.api.conftest import ApiClient
from tests.conftest import client_of, member
from tests.factories.surveys import make_survey, open_link
from tests.surveys.test_exporting import FIRST, choice, file_of, words
from tests.surveys.test_rewards import make_reward

ZONE = ZoneInfo("Asia/Shanghai")

WIDE = deepcopy(FIRST)
WIDE["pages"][0]["elements"] += [
    {
        "code": "rate",
        "type": "likert",
        "text": words("Rate"),
        "rows": [
            {"code": "speed", "text": words("Speed")},
            {"code": "care", "text": words("Care")},
        ],
        "columns": [choice("good"), choice("bad")],
    },
    {
        "code": "grid",
        "type": "matrix_multi",
        "text": words("Which"),
        "rows": [{"code": "mon", "text": words("Monday")}],
        "columns": [choice("am"), choice("pm")],
    },
    {"code": "score", "type": "scale", "text": words("Score"), "dont_know": True},
    {"code": "when", "type": "date", "text": words("When?")},
    {"code": "agree", "type": "consent", "text": words("Agree")},
    {
        "code": "share",
        "type": "constant_sum",
        "text": words("Share"),
        "choices": [choice("one"), choice("two")],
    },
    {"code": "me", "type": "contact", "text": words("You"), "parts": ["name", "email"]},
]
EVERYTHING = {
    "place": {"choice": "else", "other": {"else": "=cmd()"}},
    "uses": ["tea", "bath"],
    "best": ["b", "a"],
    "old": 41,
    "says": "很好\n谢谢, and so on",
    "rate": {"speed": "good", "care": "bad"},
    "grid": {"mon": ["am", "pm"]},
    "score": "dont_know",
    "when": "2026-11-01",
    "agree": "yes",
    "share": {"one": 30, "two": 70},
    "me": {"name": "Li Na", "email": "li@example.com"},
}


@pytest.fixture
def survey(db):
    return make_survey(deepcopy(WIDE))


@pytest.fixture
def analyst(db):
    return member(Role.ANALYST)


@pytest.fixture
def client(analyst):
    return client_of(analyst)


def sees_everything():
    user = member(Role.ANALYST)
    user.user_permissions.add(Permission.objects.get(codename="see_personal_data"))
    return user


def upload(client, survey, raw, name="answers.csv"):
    raw = raw.encode() if isinstance(raw, str) else raw
    got = client.post(
        f"/surveys/{survey.slug}/responses/imports/", {"file": SimpleUploadedFile(name, raw)}
    )
    assert got.status_code == 302, got.text
    return ResponseImport.objects.get(survey=survey, pk=ResponseImport.objects.latest("pk").pk)


def check(client, one, **changes):
    form = {f"column-{at}": name for at, name in enumerate(one.columns)}
    form |= {"language": "en", "month_first": "", "is_lenient": "1", "is_counted": "on"} | changes
    got = client.post(address(one), form)
    assert got.status_code == 302, got.text
    one.refresh_from_db()
    return one


def address(one, what=""):
    return f"/surveys/{one.survey.slug}/responses/imports/{one.key}/{what}"


def bring_in(client, survey, raw, **changes):
    one = check(client, upload(client, survey, raw), **changes)
    client.post(address(one, "start/"))
    one.refresh_from_db()
    return one


def raw_answers(response):
    return stored_answers(response, parse(response.version.definition))


# What stands in the cells does not depend on the kind of file.
@pytest.mark.parametrize(("format_", "style"), [
    ("csv", ("codes", "both")), ("xlsx", ("labels", "joined")), ("xlsx", ("codes", "columns")),
    ("csv", ("labels", "columns")),
])  # fmt: skip
def test_our_own_export_maps_itself_and_comes_back(client, survey, style, format_):
    # Who may not see personal data has it covered in the file: that is not what was answered.
    client = client_of(sees_everything())
    link = open_link(survey)
    first = submit_response(link.pk, answers=EVERYTHING, language="en").response
    values, several = style
    raw = file_of(client, survey, format=format_, values=values, several=several)
    other = make_survey(deepcopy(WIDE))

    one = check(client, upload(client, other, raw, f"answers.{format_}"))

    left_out = {head for head, name in zip(one.head, one.columns, strict=True) if not name}
    # What was found about a response, and decided, is not taken from files.
    assert left_out in ({"_flags", "_points", "_decision"}, {"Flags", "Points", "Decision"})
    assert (one.state, one.good, one.refused) == ("checked", 1, 0), one.problems
    page = client.get(address(one))
    assert "Import 1 response" in page.text
    client.post(address(one, "start/"))
    (copy,) = other.responses.all()
    assert raw_answers(copy) == raw_answers(first)
    assert copy.imported == one
    assert copy.collector.channel == CollectorChannel.IMPORT
    assert abs(copy.completed_at - first.completed_at) < timedelta(minutes=1)
    assert copy.shown == first.shown


def test_the_same_file_does_not_come_in_twice_and_nor_does_an_export_of_the_same_survey(
    client, survey
):
    table = "place,Response ID\nhome,17\nelse,18\nelse,18\n"
    assert bring_in(client, survey, table).good == 2

    again = bring_in(client, survey, table)

    assert (again.good, again.known) == (0, 3)
    assert survey.responses.count() == 2
    own = file_of(client, survey, format="csv", values="codes", several="both")
    assert bring_in(client, survey, own).known == 2


def test_rows_without_a_number_of_their_own_are_known_again_and_two_alike_are_two_people(
    client, survey
):
    table = "place;uses\nhome;tea, bath\nhome;tea, bath\n"
    assert bring_in(client, survey, table).good == 2
    assert bring_in(client, survey, table).known == 2


def test_mistakes_are_named_by_row_and_column_with_what_would_do(client, survey):
    rows = ("Home,41,2026-11-01 10:00", "na,old,2026-11-02", "中Home,7,2199-01-01")
    table = "\n".join(["Where?,Age?,Submitted at", *rows])
    one = check(client, upload(client, survey, table))

    assert (one.good, one.refused) == (1, 2)
    page = client.get(address(one)).text
    assert "This is no number." in page
    assert "a number such as 4 or 12.5" in page
    assert "Nobody can have answered then." in page
    mistakes = b"".join(client.get(address(one, "mistakes.csv")).streaming_content).decode()
    assert "na,old,2026-11-02,3,Age?: This is no number." in mistakes
    assert not survey.responses.exists()
    client.post(address(one, "start/"))
    (only,) = survey.responses.all()
    assert only.completed_at == datetime(2026, 11, 1, 10, 0, tzinfo=ZONE)


def test_what_an_export_calls_unfinished_does_not_come_in_as_handed_in(client, survey):
    one = check(client, upload(client, survey, "Where?,_status\nHome,complete\nHome,draft"))

    assert (one.good, one.refused) == (1, 1)
    assert "This was not handed in" in client.get(address(one)).text


def test_what_lacks_or_breaks_a_check_is_a_warning_or_keeps_the_row_out(client):
    raw = deepcopy(FIRST)
    first, second = raw["pages"][0]["elements"][:2]
    first["required"] = True
    second["when"] = "{place} = 'home'"
    survey = make_survey(raw)
    table = "place,uses,says\n,tea,good\nna,tea,well\nhome,tea,fine\n"

    lenient = check(client, upload(client, survey, table))
    strict = check(client, upload(client, survey, table), is_lenient="")

    assert (lenient.good, lenient.warned, lenient.refused) == (3, 2, 0)
    assert (strict.good, strict.refused) == (2, 1)
    client.post(address(lenient, "start/"))
    said = [raw_answers(one) for one in survey.responses.order_by("pk")]
    assert said == [{"says": "good"}, {"place": "na", "says": "well"},
                    {"place": "home", "uses": ["tea"], "says": "fine"}]  # fmt: skip


def test_all_of_it_is_taken_back_or_left_out_of_the_results(client, survey):
    one = bring_in(client, survey, "place\nhome\nelse\n")
    client.post(address(one, "leave-out/"))
    assert not survey.responses.filter(is_counted=True).exists()
    client.post(address(one, "count/"))
    listed = client.get(f"/surveys/{survey.slug}/responses/?imported={one.pk}")
    assert listed.context["page"].paginator.count == 2
    assert (
        client.get(f"/surveys/{survey.slug}/responses/?imported=no").text.count("data-row=") == 0
    )
    response = survey.responses.first()
    assert "answers.csv" in client.get(f"/surveys/{survey.slug}/responses/{response.key}/").text

    client.post(address(one, "undo/"))

    one.refresh_from_db()
    assert (one.state, survey.responses.count()) == (ImportState.UNDONE, 0)
    assert bring_in(client, survey, "place\nhome\nelse\n").good == 2


def test_imported_answers_earn_nothing(client, survey):
    make_reward(RewardKind.COUPON, survey=survey, codes=["A-1"])
    one = bring_in(client, survey, "place\nhome\n")
    client.post(address(one, "leave-out/"))
    client.post(address(one, "count/"))
    assert not RewardGrant.objects.exists()


def test_customers_are_found_by_address_by_whoever_may_see_them(client, survey):
    known = create_customer(name="Li Na", contacts=[("email", "li@example.com")])
    one = bring_in(
        client, survey, "place,Email address\nhome,LI@example.com\nelse,no@example.com\n"
    )

    assert one.warned == 1
    assert [r.customer for r in survey.responses.order_by("pk")] == [known, None]
    agent = client_of(member(Role.AGENT))
    assert agent.get(address(one)).status_code == 403


def test_a_big_table_goes_on_where_a_worker_stopped(client, survey):
    rows = "".join(f"home,{n}\n" for n in range(450))
    one = check(client, upload(client, survey, f"place,id\n{rows}"))
    services.begin(one.pk, ImportState.IMPORTING)
    assert services.work_on(one.pk, turn=-1)  # one bundle
    one.refresh_from_db()
    assert (one.reached, survey.responses.count()) == (200, 200)
    assert "200 of 450 rows" in client.get(address(one), headers={"hx-request": "true"}).text

    assert not services.work_on(one.pk, turn=600)

    one.refresh_from_db()
    assert (one.state, one.good, survey.responses.count()) == ("done", 450, 450)


def test_as_many_queries_for_many_rows_as_for_few(client, survey):
    def queries(number):
        rows = "".join(f"home,tea bath,{n}\n" for n in range(number))
        one = check(client, upload(client, survey, f"place,uses,old\n{rows}"))
        services.begin(one.pk, ImportState.IMPORTING)
        with CaptureQueriesContext(connection) as found:
            services.work_on(one.pk)
        client.post(address(one, "undo/"))
        return len(found)

    queries(1)
    assert queries(2) == queries(7)


def test_the_list_of_imports_asks_as_much_for_many_as_for_one(client, survey):
    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(f"/surveys/{survey.slug}/responses/imports/")
        return len(found)

    upload(client, survey, "place\nhome\n")
    before = queries()
    for _number in range(4):
        upload(client, survey, "place\nhome\n")
    assert queries() == before


def test_old_tables_are_removed_and_what_they_brought_in_stays(client, survey):
    one = bring_in(client, survey, "place,old\nhome,41\nhome,x\n")
    assert one.problems

    services.remove_old_tables(timezone.now() + timedelta(days=8))

    one.refresh_from_db()
    assert (one.problems, bool(one.file), survey.responses.count()) == ([], False, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_tables_in_any_usual_writing(encoding, mark):
    text = f'place{mark}"says{mark} 中文"\r\nhome{mark}"很好\r\n谢谢"\r\n\r\nelse{mark}ok\r\n'
    table = read_table("a.csv", text.encode(encoding))
    assert table.head == ["place", f"says{mark} 中文"]
    assert list(table.rows) == [(2, ["home", "很好\r\n谢谢"]), (4, ["else", "ok"])]


def test_a_damaged_workbook_is_refused_in_plain_words(client, survey):
    whole = io.BytesIO()
    write_xlsx(whole, ["place"], [["home"]] * 500, title="x")
    raw = bytearray(whole.getvalue())
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        at = package.getinfo("xl/worksheets/sheet1.xml").header_offset + 60
    raw[at : at + 40] = b"\xff" * 40
    with pytest.raises(FileRefused, match="damaged"):
        list(read_table("a.xlsx", bytes(raw)).rows)
    got = client.post(
        f"/surveys/{survey.slug}/responses/imports/",
        {"file": SimpleUploadedFile("a.xlsx", bytes(raw))},
    )
    assert got.status_code == 422
    assert "damaged" in got.text
    for name in ("import/", f"{survey.slug}/responses/imports/"):
        for wrong in (b"PK\x03\x04nothing", bytes(raw)):
            file = SimpleUploadedFile("a.xlsx", wrong)
            assert (
                client_of(member(Role.ADMIN)).post(f"/surveys/{name}", {"file": file}).status_code
                == 422
            )


def test_a_workbook_that_repeats_a_long_text_is_refused_before_it_fills_the_memory():
    def workbook(cell, columns):
        whole = io.BytesIO()
        write_xlsx(whole, ["place"], [["home"]], title="x")
        changed = io.BytesIO()
        with zipfile.ZipFile(whole) as old, zipfile.ZipFile(changed, "w") as new:
            for name in set(old.namelist()) - {"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"}:
                new.writestr(name, old.read(name))
            new.writestr("xl/sharedStrings.xml", f"<sst><si><t>{cell}</t></si></sst>")
            cells = '<c t="s"><v>0</v></c>' * columns
            rows = f'<sheetData><row r="1">{cells}</row></sheetData>'
            new.writestr("xl/worksheets/sheet1.xml", f"<worksheet>{rows}</worksheet>")
        return changed.getvalue()

    with pytest.raises(FileRefused, match="Row 1 of this file holds more than 2,000,000"):
        read_table("a.xlsx", workbook("x" * 150_000, 20))
    with pytest.raises(FileRefused, match="longer than 200000"):
        read_table("a.xlsx", workbook("x" * 200_001, 1))


def test_what_kills_every_worker_is_given_up(client, survey):
    one = check(client, upload(client, survey, "place\nhome\n"))
    services.begin(one.pk, ImportState.IMPORTING)
    for times in range(4):
        one.refresh_from_db()
        assert one.state == ImportState.IMPORTING, times
        ResponseImport.objects.update(beat_at=timezone.now() - timedelta(minutes=5))
        services.take_up_abandoned()

    one.refresh_from_db()
    assert one.state == ImportState.FAILED
    assert "again and again at the same row" in one.problem


def test_columns_of_other_programs_are_recognised():
    targets = targets_of([parse(WIDE)])
    head = ["Timestamp", "rate[speed]", "group/old", "uses/tea", "place[other]", "Rate [Care]",
            "What for? [Soup]", "nonsense", "提交时间"]  # fmt: skip
    assert guessed(head, targets) == [
        "_completed", "rate_speed", "old", "uses_tea", "place_else_text", "rate_care", "uses_soup",
        "", "",
    ]  # fmt: skip


def test_choices_with_commas_in_their_words_are_told_apart():
    names = Names.of([Option("a", {"en": "Tea, green"}), Option("b", {"en": "Tea"}),
                      Option("c", {"zh-hans": "咖啡，热", "en": "Coffee"})])  # fmt: skip
    assert cells.several(names, "Tea, Tea, green") == ["b", "a"]
    assert cells.several(names, "咖啡，热;Tea") == ["c", "b"]
    assert cells.several(names, "a c") == ["a", "c"]
    with pytest.raises(CellRefused, match="milk"):
        cells.several(names, "Tea, Milk")


@pytest.mark.parametrize(
    ("written", "month_first", "meant"),
    [
        ("2026-11-23 14:05", False, "2026-11-23T14:05:00+08:00"),
        ("2026-11-23T14:05:09Z", False, "2026-11-23T14:05:09+00:00"),
        ("2026-11-23T14:05:09.123+02:00", False, "2026-11-23T14:05:09+02:00"),
        ("2026年11月3日 下午2:05", False, "2026-11-03T14:05:00+08:00"),
        ("03/04/2026 2:05 PM", False, "2026-04-03T14:05:00+08:00"),
        ("03/04/2026", True, "2026-03-04T00:00:00+08:00"),
        ("11/23/2026 00:30", False, "2026-11-23T00:30:00+08:00"),
        ("3.4.2026", True, "2026-04-03T00:00:00+08:00"),
        ("2026/11/3 9:05", False, "2026-11-03T09:05:00+08:00"),
    ],
)
def test_moments_as_people_and_programs_write_them(written, month_first, meant):
    found = cells.moment(written, month_first=month_first, zone=ZONE)
    assert found.isoformat() == meant


def test_programs_look_import_and_take_back(survey):
    program = ApiClient(member(Role.ANALYST), ["surveys:read", "surveys:write"])
    WebhookEndpoint.objects.create(name="x", url="https://example.org", event_types=[])

    def send(table, **more):
        file = SimpleUploadedFile("a.csv", table.encode())
        return Client().post(
            "/api/v1/response-imports/",
            {"survey": str(survey.slug), "file": file, **more},
            headers={"Authorization": f"Bearer {program.secret}"},
        )

    misspelt = send("place\nhome\n", dryrun="1")
    assert list(misspelt.json()["errors"]) == ["dryrun"]
    assert not ResponseImport.objects.exists()
    looked = send("where,old\nhome,1\nnowhere,x\n", columns='{"where": "place"}', dry_run="1")
    assert looked.status_code == 201, looked.text
    one = looked.json()
    assert (one["state"], one["imported"], one["refused"]) == ("checked", 1, 1)
    assert [p["column"] for p in one["problems"]] == ["old"]
    assert program.post(f"response-imports/{one['id']}/start/", {}).json()["state"] == "done"
    (event,) = WebhookEvent.objects.all()
    (happened,) = read_imports([event]).values()
    assert happened.data["import"]["imported"] == survey.responses.count() == 1
    count = program.post(f"response-imports/{one['id']}/count/", {"is_counted": False})
    assert count.json()["is_counted"] is False
    assert program.post(f"response-imports/{one['id']}/undo/", {}).json()["state"] == "undone"
    assert program.post(f"response-imports/{one['id']}/undo/", {}).status_code == 409
    assert survey.responses.count() == 0
    assert send("place\nhome\n", columns='{"nope": "place"}').status_code == 400
    assert send("place\nhome\n").json()["state"] == "done"
