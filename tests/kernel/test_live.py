"""Live updates through a real server: what commits is heard by every open page."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from itertools import takewhile

import pytest
from django.db import connection, transaction
from django.test import Client

from config.kernel import live as live_module
from config.kernel.live import Hub, tell_pages
from tests.factories import UserFactory
from tests.support.processes import wait_until
from tests.support.web import Server, web_server


@pytest.fixture
def cookie(transactional_db) -> str:
    client = Client()
    client.force_login(UserFactory())
    return "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())


class Page:
    """An open page: its end of the event stream."""

    def __init__(self, server: Server, cookie: str) -> None:
        self.response = server.get("/live/", Cookie=cookie)
        assert self.response.status == 200
        assert self.response.headers["Content-Type"] == "text/event-stream"
        assert self.response.readline() == b"retry: 2000\n"
        # A ping comes after 15 s of silence, which is more than any test needs.
        self.lines = takewhile(lambda line: line and line != b": ping\n", self._lines())

    def _lines(self):
        while True:
            yield self.response.readline()

    def hears(self) -> dict:
        news = next(line for line in self.lines if line.startswith(b"data: "))
        return json.loads(news.removeprefix(b"data: "))


def terminate_listeners() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND query IN ('LISTEN huiyin_live', 'SELECT 1')"
        )
        return cursor.fetchone()[0]


def test_what_commits_reaches_every_open_page_also_after_postgresql_was_away(cookie):
    # More pages than connections: a stream keeps none.
    with web_server(DATABASE_POOL_SIZE="2") as server:
        assert server.get("/live/").status == 403  # strangers hear nothing
        pages = [Page(server, cookie) for _ in range(6)]

        with transaction.atomic():
            tell_pages("feedback", id=1)
            transaction.set_rollback(True)
        tell_pages("feedback", id=2)

        assert [page.hears() for page in pages] == [{"topic": "feedback", "id": 2}] * 6
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
            assert cursor.fetchone() == (1,)

        # PostgreSQL was away: the stream ends, so that the browser connects anew and asks for
        # what it missed.
        wait_until(terminate_listeners)
        assert pages[0].response.read() == b"\n"
        again = Page(server, cookie)
        tell_pages("feedback", id=3)
        assert again.hears() == {"topic": "feedback", "id": 3}


def test_without_asgi_the_page_is_told_to_poll(agent_client):
    assert agent_client.get("/live/").status_code == 204


def test_only_reading_is_possible(agent_client):
    assert agent_client.post("/live/").status_code == 405


def collect(queued, **constants) -> list[str]:
    """What `_events` writes for what is queued, with a stream's life cut short."""

    async def run() -> list[str]:
        hub, inbox = Hub(), asyncio.Queue()
        for one in queued:
            inbox.put_nowait(one)
        return [line async for line in live_module._events(hub, inbox)]

    with pytest.MonkeyPatch.context() as patch:
        for name, value in constants.items():
            patch.setattr(live_module, name, value)
        # In a thread, because a browser test before us may have left a loop in this one.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(asyncio.run, run()).result()


def test_silence_is_filled_with_pings_until_the_stream_has_lived_long_enough():
    lines = collect([], PING_EVERY=0.01, LIFETIME=0.2)

    assert lines[0] == "retry: 2000\n\n"
    assert set(lines[1:]) == {": ping\n\n"}


def test_a_page_that_missed_something_has_to_start_anew():
    assert collect(['{"topic": "x"}', None, "never"]) == [
        "retry: 2000\n\n",
        'data: {"topic": "x"}\n\n',
    ]


def test_a_page_that_is_far_behind_is_told_to_ask_for_all():
    hub, inbox = Hub(), asyncio.Queue()
    hub._streams.add(inbox)

    for number in range(live_module.QUEUED_AT_MOST + 1):
        hub._hand_on(str(number))

    heard = [inbox.get_nowait() for _ in range(inbox.qsize())]
    assert heard[-2:] == [str(live_module.QUEUED_AT_MOST - 1), None]
