"""Every address, asked by everybody with everything: nothing breaks, nobody sees what is not
theirs, and every answer carries the headers that keep a browser from running what it holds."""

import logging
import math
import os
from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode
from uuid import UUID
from zlib import crc32

import pytest
from django.db import transaction
from django.test import Client

from feedback.selectors.queue_filters import FILTERS
from tests.security.addresses import every_address
from tests.security.parameters import HOSTILE, every_parameter

pytestmark = pytest.mark.django_db

ADDRESSES = every_address()
NAMES = every_parameter()
# Pages that are strict about names are about lists.
FILTER_NAMES = sorted({*FILTERS, "page", "view", "sort", "since", "question", "value", "collector",
                       "condition", "period", "days", "from", "to", "first", "last",
                       "team"})  # fmt: skip
FOR_FILTERS = [value for value in HOSTILE.values() if isinstance(value, str) and len(value) < 100]
OPEN_TO_ALL = (
    "/write/",
    "/s/",
    "/a/",
    "/join/",
    "/report/",
    "/you-said/",
    "/told/",
    "/quote/",
    "/language/",
    "/account/",
    "/healthz",
    "/metrics",
)
# Their answer depends on processes that no test has started.
NOT_ASKED = {"readyz"}
# Everything with everything takes a quarter of an hour: ATTACKS=all for that.
EXHAUSTIVE, A_FEW = os.environ.get("ATTACKS") == "all", 2
# Of the values for each filter of each list: there are many lists with the same filters.
A_FEW_TO_A_FILTER = 1
ONE_OF_FILTERS = 6
# Of the twisted paths by either method: hundreds of addresses have parts of the same kind.
ONE_OF_PATHS = 7  # an address with one number has six
# Of the same to a page of the admin, which is one program for all models.
ONE_OF_ADMIN_PATHS = 12
# Of the addresses whose twisted paths somebody asks for who may not see what is there.
ONE_OF_FORBIDDEN = 12
# Of the addresses of the admin whose answer to a POST is looked at for its headers.
ONE_OF_ADMIN_POSTS = 3
# Written out anew for everybody who asks, a second each time, and it reads next to nothing.
LONG_TO_WRITE = {"api:schema"}
FORM = "application/x-www-form-urlencoded"
REFUSALS = {401, 403, 404, 405}
# What a path names here belongs to no team: customers and surveys are the whole company's, the
# token in the address is itself the right to see what it opens, and the mail of the development
# server is there with DEBUG only.
OF_EVERYBODY = {
    "feedback:customer", "feedback:edit_customer", "feedback:add_contact", "feedback:consent",
    "feedback:change_contact", "feedback:contacting", "feedback:thanks", "feedback:status_page",
    "feedback:close", "feedback:status_file", "feedback:undo", "analytics:undo_review",
    "surveys:survey",
    "surveys:responses", "surveys:response_condition", "surveys:campaign",
    "surveys:change_campaign", "api:survey-collector-detail", "surveys:answer",
    "surveys:answer_openly", "surveys:open_thanks", "surveys:resume",
    "surveys:thanks", "surveys:unsubscribe", "api:category-detail", "api:product-detail",
    "api:status-detail", "api:team-detail", "api:customer-detail", "api:survey-detail",
    "api:survey-responses", "api:checklist-detail", "api:custom-field-detail",
    "api:customer-notes", "feedback:customer_story", "feedback:customer_notes",
    "feedback:customer_tags", "api:customer-story", "api:organisation-story",
    "api:customer-consents", "api:customer-contacts",
    "api:customer-make-primary", "api:customer-release-contact", "api:form-detail",
    "feedback:form_at", "feedback:form_questions", "api:tag-detail", "api:staff-detail",
    "api:customer-tag-detail", "api:compensation-limit-detail", "api:team-members",
    "api:survey-export", "surveys:quality", "surveys:unfinished",
    "surveys:phone", "surveys:begin_call", "surveys:call_script", "surveys:papers",
    "api:paper-batch-detail", "api:paper-batch-forms",
    "surveys:new_batch", "surveys:paper_blank", "surveys:paper_forms", "surveys:enter_paper",
    "api:survey-results", "api:survey-crosstab", "surveys:export", "api:survey-copy",
    "api:survey-close", "api:survey-resume", "api:survey-archive", "api:survey-plan",
    "api:survey-reward", "api:survey-coupons", "api:survey-draw", "api:survey-mailing",
    "api:survey-waves", "api:customer-points", "api:reward-grant-detail",
    "analytics:survey_results_condition", "analytics:survey_results_news",
    "analytics:survey_analysis", "analytics:survey_analysis_condition",
    "analytics:survey_analysis_share", "api:survey-shares",
}  # fmt: skip
# Events are the whole company's, and the links of participants their own right.
OF_EVERYBODY |= {
    "surveys:gathering", "surveys:participant_file", "surveys:participant_sheet",
    "surveys:add_participant", "surveys:tick_several", "surveys:tick", "surveys:change_booking",
    "surveys:add_note", "surveys:change_note", "surveys:sign_up", "surveys:signed_up",
    "surveys:booking", "surveys:booking_calendar", "api:gathering-detail", "api:booking-detail",
    "api:booking-attendance", "api:booking-cancel",
}  # fmt: skip


# What was issued is for everybody who works here, and a link to it its own right.
OF_EVERYBODY |= {
    "analytics:report", "analytics:report_version", "analytics:report_version_pdf",
    "analytics:report_version_docx",
    "analytics:shared_report", "analytics:shared_report_pdf",
    "api:report-detail", "api:report-pdf", "api:report-docx",
}  # fmt: skip


# The script for pages of other sites: anybody may keep it for an hour, any site may load it.
FOR_OTHER_SITES = {("get", "surveys:embed_script"): ["how long it may be kept", "for us only"]}
# What is published may be kept by caches, which ask each time whether it is still so.
FOR_OTHER_SITES |= {
    ("get", f"analytics:{name}"): ["how long it may be kept"]
    for name in ("published_page", "published_quarter", "published_feed", "published_embed")
}
FOR_OTHER_SITES |= {
    ("get", "analytics:published_json"): ["how long it may be kept", "for us only"]
}
# Everybody asks for their own figures.
OF_EVERYBODY |= {"analytics:cross_file"}
OF_EVERYBODY |= {
    "analytics:published_page", "analytics:published_quarter", "analytics:published_feed",
    "analytics:published_embed", "analytics:published_json", "analytics:published_item",
    "analytics:vote_on", "analytics:comment_on", "analytics:stop_publications",
    "analytics:quote_consent",
}  # fmt: skip
TEAMS_APPS = {"feedback", "surveys", "analytics", "api"}
NO_SUCH_ROW = {
    "IntConverter": 9 * 10**16,
    "UUIDConverter": UUID(int=0),
    "StringConverter": "nothing",
    "SlugConverter": "nothing",
}


@pytest.fixture(autouse=True)
def quiet_logs():
    """Thousands of refusals are told to nobody."""
    logging.disable()
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(autouse=True)
def contexts_are_not_kept(monkeypatch):
    """Django's test client copies what every template was given; nobody here looks at it."""
    monkeypatch.setattr("django.test.client.store_rendered_templates", lambda *_, **__: None)


@dataclass(frozen=True)
class Answer:
    """What is looked at of an answer; the rest of it would be kept as long as this is."""

    status_code: int
    headers: Mapping[str, str]
    error: str

    def __getitem__(self, name: str) -> str:
        return self.headers[name]


def ask(client: Client, method: str, path: str, data=None) -> Answer:
    """The answer; the database is then as it was before, and who asked is still signed in."""
    cookies = copy(client.cookies)
    more = {} if method == "get" else {"content_type": FORM}
    sent = (data or {}) if method == "get" else urlencode(data or {})
    with transaction.atomic():
        response = getattr(client, method)(path, sent, **more)
        transaction.set_rollback(True)
    client.cookies = cookies
    raised = getattr(response, "exc_info", None)
    error = repr(raised[1])[:200] if raised else ""
    return Answer(response.status_code, response.headers, error)


@pytest.fixture(scope="module")
def honest(scene):
    """honest(who, method, address): the answer to its path with what is really there.

    Several tests look at the same answer for different faults, and every question leaves the
    database as it was: so each is asked once. Tests that look at the same are a group, which one
    process does."""
    world, everybody = scene
    answers: dict[tuple[str, str, str], Answer] = {}

    def answered(who, method, address):
        key = (who, method, address.name)
        if key not in answers:
            path = address.path(world.parts_for(address.name))
            answers[key] = ask(everybody[who], method, path)
        return answers[key]

    return answered


def in_words(who, method, path, response, what="") -> str:
    why = response.error or response.status_code
    return f"{who}: {method} {path[:120]!r} {what}: {why}"


ASKED = [one for one in ADDRESSES if one.name not in NOT_ASKED]
OURS = [one for one in ASKED if not one.name.startswith("admin:")]
ADMIN = [one for one in ASKED if one.name.startswith("admin:")]


def some(addresses, at_once, who):
    """So many addresses a test; tests of the same addresses and the same person are a group."""
    return [
        pytest.param(
            part, id=part[0].name, marks=pytest.mark.xdist_group(f"{who}: {part[0].name}")
        )
        for part in map(list, batched(addresses, at_once))
    ]


def batched(rows, size):
    return (rows[at : at + size] for at in range(0, len(rows), size))


def parcels(address, client, method, path) -> list[dict[str, object]]:
    """What to send: every parameter at once, each with another value; to a page that refuses
    what it does not know, the names of filters one by one."""
    unknown = ask(client, method, path, {"no_such_parameter": "1"})
    if method == "post" or unknown.status_code != 400:
        return at_once(address, method, NAMES)
    names = others_each_time(address, FILTER_NAMES, ONE_OF_FILTERS)
    return [{name: value} for name in names for value in share(FOR_FILTERS, address.name, name)]


def at_once(address, method, names) -> list[dict[str, object]]:
    """Over the addresses everything meets everything; one page meets each value somewhere, and
    each of its parameters a few. ATTACKS=all: all of them."""
    values = list(HOSTILE.values())
    if EXHAUSTIVE:
        return [dict.fromkeys(names, value) for value in values]
    begin = crc32(f"{method} {address.name}".encode())
    times = 1 if address.name in LONG_TO_WRITE else A_FEW
    return [
        {name: values[(begin + n + place) % len(values)] for place, name in enumerate(names)}
        for n in range(0, len(values), math.ceil(len(values) / times))
    ]


def share(values, *about) -> list:
    """A few of them, others for something else."""
    if EXHAUSTIVE:
        return list(values)
    begin = crc32(" ".join(about).encode())
    return [values[(begin + n * 5) % len(values)] for n in range(A_FEW_TO_A_FILTER)]


def attacks_on(address, world, client, answered):
    """(method, path, data, what it is) against one address, for somebody who may use it and is
    `answered` so."""
    parts = world.parts_for(address.name)
    honest = address.path(parts)
    for method, path in others_each_time(address, twisted_paths(address, parts), ONE_OF_PATHS):
        yield method, path, None, "path"
    for method in ("get", "post"):
        answer = answered(method, address)
        at_sign_in = answer.status_code == 302 and "/account/login/" in answer["Location"]
        if answer.status_code in REFUSALS or at_sign_in:
            continue
        for data in parcels(address, client, method, honest):
            yield method, honest, data, str(next(iter(data.items())))[:60]


# --- Nothing breaks ------------------------------------------------------------------------------


MEMBER, OUTSIDER, ANALYST = "an agent of the team", "an agent of another team", "an analyst"


def broken_by_attacks(addresses, world, who, client, honest):
    found = []
    for address in addresses:
        for method, path, data, what in attacks_on(address, world, client, partial(honest, who)):
            response = ask(client, method, path, data)
            if response.status_code >= 500:
                found.append(in_words(who, method, path, response, what))
    return found


@pytest.mark.parametrize("addresses", some(OURS, 8, MEMBER))
def test_nothing_that_is_sent_makes_the_server_stumble(addresses, world, everybody, honest):
    assert broken_by_attacks(addresses, world, MEMBER, everybody[MEMBER], honest) == []


def test_nothing_that_a_stranger_sends_makes_it_stumble(world, everybody, honest):
    public = [one for one in OURS if one.path(world.parts_for(one.name)).startswith(OPEN_TO_ALL)]
    assert broken_by_attacks(public, world, "nobody", everybody["nobody"], honest) == []


@pytest.mark.parametrize("addresses", some(ADMIN, 25, "a superuser"))
def test_nothing_that_is_asked_of_the_admin_makes_it_stumble(addresses, world, everybody):
    client, found = everybody["a superuser"], []
    for address in addresses:
        parts = world.parts_for(address.name)
        twisted = others_each_time(address, address.hostile(parts), ONE_OF_ADMIN_PATHS)
        asked = [(path, None) for path in twisted]
        if not address.kinds:
            asked += [(address.path(parts), sent) for sent in at_once(address, "get", ["q", "o"])]
        for path, data in asked:
            response = ask(client, "get", path, data)
            if response.status_code >= 500:
                found.append(in_words("a superuser", "get", path, response))
    assert found == []


def twisted_paths(address, parts) -> list[tuple[str, str]]:
    return [(method, path) for path in address.hostile(parts) for method in ("get", "post")]


def others_each_time(address, everything, one_of) -> list:
    """One of so many, for the next address others."""
    turn = 0 if EXHAUSTIVE else crc32(address.name.encode())
    step = 1 if EXHAUSTIVE else one_of
    return [one for n, one in enumerate(everything) if (n + turn) % step == 0]


def stumbles_by_a_path(who, addresses, world, client, honest):
    """The twisted paths and rare methods of some addresses, other ones for either of two; an
    agent of the team asks for all of these paths."""
    found, turn = [], {OUTSIDER: 0, ANALYST: 1}[who]
    for address in addresses:
        parts = world.parts_for(address.name)
        path = address.path(parts)
        answers = [(method, path, honest(who, method, address)) for method in ("get", "post")]
        if EXHAUSTIVE or OURS.index(address) % ONE_OF_FORBIDDEN == turn:
            asked = [(method, path) for method in ("put", "delete", "options")]
            asked += twisted_paths(address, parts)
            answers += [(method, path, ask(client, method, path)) for method, path in asked]
        found += [in_words(who, *one) for one in answers if one[2].status_code >= 500]
    return found


@pytest.mark.parametrize("addresses", some(OURS, 50, OUTSIDER))
def test_no_outsider_makes_it_stumble_by_a_path(addresses, world, everybody, honest):
    client = everybody[OUTSIDER]
    assert stumbles_by_a_path(OUTSIDER, addresses, world, client, honest) == []


@pytest.mark.parametrize("addresses", some(OURS, 50, ANALYST))
def test_no_analyst_makes_it_stumble_by_a_path(addresses, world, everybody, honest):
    client = everybody[ANALYST]
    assert stumbles_by_a_path(ANALYST, addresses, world, client, honest) == []


# --- Nobody sees what is not theirs --------------------------------------------------------------


# T84
@pytest.mark.parametrize("addresses", some(OURS, 50, OUTSIDER))
def test_what_belongs_to_a_team_does_not_exist_for_another(addresses, world, everybody, honest):
    """A row of ours is answered as one that nobody has."""
    client, found = everybody[OUTSIDER], []
    for address in addresses:
        app = address.name.partition(":")[0]
        named = set(address.kinds) - {"what"}
        if app not in TEAMS_APPS or not named or address.name in OF_EVERYBODY:
            continue
        parts = world.parts_for(address.name)
        nowhere = {name: NO_SUCH_ROW[address.kinds[name]] for name in named}
        for method in ("get", "post"):
            ours = honest(OUTSIDER, method, address)
            missing = ask(client, method, address.path({**parts, **nowhere}))
            if ours.status_code < 400 or ours.status_code != missing.status_code:
                found.append(in_words("outsider", method, address.path(parts), ours))
    assert found == []


@pytest.mark.parametrize("addresses", some(ADDRESSES, 200, "nobody"))
def test_nobody_gets_further_than_the_sign_in(addresses, world, honest):
    found = []
    for address in addresses:
        app = address.name.partition(":")[0]
        if app not in {"feedback", "analytics", "surveys", "admin"}:
            continue
        path = address.path(world.parts_for(address.name))
        if path.startswith(OPEN_TO_ALL) or path == "/admin/logout/":
            continue
        for method in ("get", "post"):
            response = honest("nobody", method, address)
            at_sign_in = response.status_code == 302 and "/login/" in response["Location"]
            if not at_sign_in and response.status_code not in {401, 403, 404, 405}:
                found.append(in_words("nobody", method, path, response))
    assert found == []


# --- Every answer carries its headers ------------------------------------------------------------


def missing_headers(response) -> list[str]:
    policy = response.headers.get("Content-Security-Policy", "")
    wrong = {
        "a policy that starts from nothing": "default-src 'none'" in policy,
        "no inline script": "script-src 'unsafe" not in policy,
        "nosniff": response.headers.get("X-Content-Type-Options") == "nosniff",
        "a frame of ours at most": response.headers.get("X-Frame-Options") in {
            "DENY", "SAMEORIGIN"
        },
        "a referrer policy": response.headers.get("Referrer-Policy") in {
            "same-origin", "no-referrer"
        },
        "how long it may be kept": "private" in response.headers.get("Cache-Control", "")
        or "no-store" in response.headers.get("Cache-Control", ""),
        "for us only": response.headers.get("Cross-Origin-Resource-Policy") == "same-origin",
    }  # fmt: skip
    return [name for name, holds in wrong.items() if not holds]


def without_their_headers(who, addresses, honest, methods=("get", "post", "put")):
    found = []
    for address in addresses:
        for method in methods:
            response = honest(who, method, address)
            lacking = missing_headers(response)
            if lacking != FOR_OTHER_SITES.get((method, address.name), []):
                found.append(f"{method} {address.name} ({response.status_code}): {lacking}")
    return found


@pytest.mark.parametrize("addresses", some(ADDRESSES, 200, "nobody"))
def test_every_answer_tells_the_browser_what_it_may_not_do(addresses, world, honest):
    assert without_their_headers("nobody", addresses, honest) == []


@pytest.mark.parametrize("addresses", some(OURS, 8, MEMBER))
def test_every_answer_to_an_agent_tells_it_too(addresses, world, honest):
    assert without_their_headers(MEMBER, addresses, honest) == []


@pytest.mark.parametrize("addresses", some(ADMIN, 50, "a superuser by hand"))
def test_every_answer_of_the_admin_tells_it_too(addresses, world, honest):
    # To the admin everything but POST is a GET.
    posts = addresses if EXHAUSTIVE else addresses[::ONE_OF_ADMIN_POSTS]
    found = without_their_headers("a superuser", addresses, honest, ["get"])
    assert found + without_their_headers("a superuser", posts, honest, ["post"]) == []


@pytest.mark.parametrize("path", ["/no/such/page", "/%00", "/queue/?view=no", "/static/none.js"])
def test_refusals_tell_it_too(path, everybody):
    for client in everybody.values():
        assert missing_headers(ask(client, "get", path)) == []
