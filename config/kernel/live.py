"""Telling open pages that something changed: PostgreSQL NOTIFY, ids only.

A notification is sent when the transaction commits, so a page that then asks for the record
sees the change; what it may see is decided by its own request. Each web process listens once
and hands on what it hears to every page it has a stream to.
"""

import asyncio
import json
import logging
import random
from collections.abc import AsyncIterator, Sequence
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from asgiref.sync import sync_to_async
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_GET

from config.kernel.database import connection_parameters

CHANNEL = "huiyin_live"
PING_EVERY = 15.0  # seconds; proxies close what is silent for longer
READY_WITHIN = 5.0  # seconds until a stream must be listening; else the page polls
LIFETIME = 600.0  # seconds; then the page connects anew, and with that shows its session again
LONGEST_BACK_OFF = 30.0  # seconds between two attempts to reach PostgreSQL
QUEUED_AT_MOST = 100  # notifications a page may be behind; it is then told to ask for all
IDS_AT_ONCE = 500
_log = logging.getLogger(__name__)


def tell_pages(topic: str, **ids: int | str) -> None:
    """Announce to every open page that `topic` changed, e.g. ("feedback", id=12)."""
    _notify({"topic": topic, **ids})


def tell_pages_of(topic: str, ids: Sequence[int]) -> None:
    """The same for many at once, in one notification where it has room for them (8,000 bytes)."""
    for at in range(0, len(ids), IDS_AT_ONCE):
        _notify({"topic": topic, "ids": list(ids[at : at + IDS_AT_ONCE])})


def _notify(news: dict[str, Any]) -> None:
    payload = json.dumps(news, separators=(",", ":"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, payload])


Stream = asyncio.Queue[str | None]  # None: start anew, something may have been missed


class Hub:
    """The one listener of an event loop, and the streams it hands on to."""

    def __init__(self) -> None:
        self.listening = asyncio.Event()
        self._streams: set[Stream] = set()
        self._task: asyncio.Task[None] | None = None

    def open(self) -> Stream:
        stream: Stream = asyncio.Queue()
        self._streams.add(stream)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._listen())
        return stream

    def close(self, stream: Stream) -> None:
        self._streams.discard(stream)

    async def _listen(self) -> None:
        back_off = 0.5
        while self._streams:
            try:
                async with await psycopg.AsyncConnection.connect(
                    **connection_parameters(), autocommit=True
                ) as ours:
                    await ours.execute(f"LISTEN {CHANNEL}")
                    self.listening.set()
                    back_off = 0.5
                    while self._streams:
                        async for note in ours.notifies(timeout=PING_EVERY):
                            self._hand_on(note.payload)
                        await ours.execute("SELECT 1")  # a connection may die in silence
            except (psycopg.Error, OSError) as trouble:
                self.listening.clear()
                _log.warning("Live updates: PostgreSQL is away (%s).", type(trouble).__name__)
                self._start_anew()
                await asyncio.sleep(back_off * random.uniform(0.7, 1.3))  # noqa: S311
                back_off = min(back_off * 2, LONGEST_BACK_OFF)
        self.listening.clear()

    def _hand_on(self, payload: str) -> None:
        for stream in self._streams:
            stream.put_nowait(payload if stream.qsize() < QUEUED_AT_MOST else None)

    def _start_anew(self) -> None:
        for stream in self._streams:
            stream.put_nowait(None)


_hubs: WeakKeyDictionary[asyncio.AbstractEventLoop, Hub] = WeakKeyDictionary()


@require_GET
async def live(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The event stream of a signed-in person. 204 where streams are not possible (WSGI), 503
    while PostgreSQL is away: the page then asks now and then instead."""
    if not hasattr(request, "scope"):
        return HttpResponse(status=204)
    user = await request.auser()
    if not user.is_authenticated:
        return HttpResponse(status=403)
    # The session was read; a stream that is open for minutes must not keep a connection.
    await sync_to_async(connections.close_all)()
    hub = _hubs.setdefault(asyncio.get_running_loop(), Hub())
    stream = hub.open()
    try:
        await asyncio.wait_for(hub.listening.wait(), READY_WITHIN)
    except TimeoutError:
        hub.close(stream)
        return HttpResponse(status=503)
    response = StreamingHttpResponse(_events(hub, stream), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # nginx would wait for more
    return response


async def _events(hub: Hub, stream: Stream) -> AsyncIterator[str]:
    loop = asyncio.get_running_loop()
    until = loop.time() + LIFETIME * random.uniform(0.9, 1.1)  # noqa: S311 - not all at once
    try:
        yield "retry: 2000\n\n"
        while loop.time() < until:
            try:
                payload = await asyncio.wait_for(stream.get(), PING_EVERY)
            except TimeoutError:
                yield ": ping\n\n"
                continue
            if payload is None:
                return
            yield f"data: {payload}\n\n"
    finally:
        hub.close(stream)


live.access = "signed in"  # type: ignore[attr-defined]  # as accounts.access marks its views
