"""What is measured: the pages that are opened most, and the two ways in."""

import re
import time
from collections.abc import Callable
from contextlib import closing
from itertools import count
from urllib.parse import urlencode

from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts.enums import Scope
from accounts.models import User
from accounts.services.api_tokens import issue_token
from analytics.bench.company import Company
from analytics.bench.measuring import Caller, Page, Request, document, form, get, requests_for
from analytics.bench.records import WORDS
from feedback.models import Feedback

EMPTY, QUERY, INSERT = "empty view", "one query", "one insert"
ROWS, THREE = "25 plain rows", "three queries"
QUEUE, RECORD, SHORT_RECORD = "queue", "record, 8 messages", "record, 2 messages"
STAMP = re.compile(r'name="stamp" value="([^"]+)"')
STAMP_AGES = 3.5  # seconds until a form is believed to have been filled in by a person
_visitor = count()


def pages_for(
    company: Company, long: Feedback, short: Feedback, port: int, rounds: int
) -> list[Page]:
    """The floors first. Opens as many forms as will be sent and lets them age."""
    boss = {"Cookie": f"sessionid={session_of(company.boss)}"}
    agent = {"Cookie": f"sessionid={session_of(company.agents[0])}"}
    pages = [
        Page(EMPTY, get("/bench/empty/")),
        Page(QUERY, get("/bench/query/")),
        Page(INSERT, lambda _n: Request("/bench/insert/", "POST", b"")),
        Page(ROWS, get("/bench/rows/", **agent)),
        Page(THREE, get("/bench/three/", **agent)),
        Page(QUEUE, get(reverse("feedback:queue"), **agent), ROWS, 2),
        Page("queue, all teams", get(reverse("feedback:queue"), **boss), ROWS, 2),
        Page(RECORD, get(long.get_absolute_url(), **boss), THREE, 3),
        Page(SHORT_RECORD, get(short.get_absolute_url(), **boss), THREE, 3),
        *_searches(boss),
        Page("dashboard, 30 days", get(reverse("home"), **boss)),
        Page("dashboard of a team", get(reverse("home"), **agent)),
        Page("form opened", get(reverse("feedback:form"))),
        Page("form sent", _forms(port, requests_for(rounds)), INSERT, 4),
    ]
    if create := _api_create(company.boss):
        pages.append(Page("API create", create, INSERT, 4))
    return pages


def _searches(boss: dict[str, str]) -> list[Page]:
    """Each word beside the bare SQL that finds the same rows."""
    pages = []
    for word in WORDS:
        asked = urlencode({"q": word})
        bare = f"bare SQL, {word}"
        pages.append(Page(bare, get(f"/bench/search/?{asked}", **boss)))
        url = f"{reverse('feedback:search')}?{asked}"
        pages.append(Page(f"search, {word}", get(url, **boss), bare, 2))
    return pages


def session_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["sessionid"].value


def _forms(port: int, number: int) -> Callable[[int], Request]:
    """Each with a stamp, a visitor and an address of its own."""
    path, stamps = reverse("feedback:form"), []
    with closing(Caller(port)) as caller:
        for _ in range(number):
            found = STAMP.search(caller.ask(Request(path)).body)
            stamps.append(found[1] if found else "")
    time.sleep(STAMP_AGES)

    def send(n: int) -> Request:
        visitor = next(_visitor)
        fields = {
            "stamp": stamps[n],
            "website": "",
            "text": "换了滤芯以后一直漏水，请尽快处理。",
            "email": f"visitor{visitor}@bench.example",
            "order_number": "",
            "name": "客户",
        }
        forwarded = f"10.{visitor >> 16 & 255}.{visitor >> 8 & 255}.{visitor & 255}"
        return form(path, fields, **{"X-Forwarded-For": forwarded})

    return send


def _api_create(user: User) -> Callable[[int], Request] | None:
    """None while there is no API."""
    try:
        path = reverse("api:feedback-list")
    except NoReverseMatch:
        return None
    _token, secret = issue_token(user=user, name="bench", scopes=[Scope.FEEDBACK_WRITE])

    def create(_n: int) -> Request:
        visitor = next(_visitor)
        content = {
            "text": "换了滤芯以后一直漏水，请尽快处理。",
            "customer": {"kind": "email", "value": f"program{visitor}@bench.example"},
        }
        headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": f"bench-{visitor}"}
        return document(path, content, **headers)

    return create
