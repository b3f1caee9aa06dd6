"""From an event to what is said to each endpoint. What happened was noted in the transaction of
the change; a worker makes deliveries of it seconds later, so that no change waits for anybody's
conditions and no endpoint slows down a person."""

import json
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from accounts.enums import PausedBecause
from accounts.models import WebhookDelivery, WebhookEndpoint, WebhookEvent
from accounts.selectors.conditions import context_for
from accounts.selectors.webhook_events import Happening, happenings
from accounts.services.webhook_notices import pause_by_itself
from config.kernel.conditions.condition import Condition
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.evaluation import Facts, evaluate
from config.kernel.conditions.reading import read_trees
from config.kernel.conditions.vocabulary import vocabulary

BATCH = 200
_log = logging.getLogger(__name__)
# The number of an event is drawn from here, also for what never was one (a test, a rule).
_NEXT = "SELECT nextval(pg_get_serial_sequence('accounts_webhookevent', 'id'))"


def note_event(source: str, object_id: int, **data: Any) -> None:
    """Inside another service: an endpoint may want to know. Nothing is written when there is
    none that is active."""
    if WebhookEndpoint.objects.active().exists():
        WebhookEvent.objects.create(source=source, object_id=object_id, data=data)


def make_due_deliveries() -> int:
    """Turn what was noted into deliveries; how many events that were. Any number of workers may
    do this at the same time."""
    count = 0
    while number := _make_some():
        count += number
        if number < BATCH:
            break
    return count


@transaction.atomic
def _make_some() -> int:
    events = list(WebhookEvent.objects.order_by("pk").select_for_update(skip_locked=True)[:BATCH])
    if not events:
        return 0
    endpoints = _with_conditions(list(WebhookEndpoint.objects.active()))
    if endpoints:
        found = happenings(events)
        facts = {pk: Facts(one.record) for pk, one in found.items() if one.record is not None}
        now = timezone.now()
        WebhookDelivery.objects.bulk_create(
            [
                _delivery(endpoint, found[event.pk], event, now)
                for event in events
                if event.pk in found
                for endpoint, condition in endpoints
                if _wants(endpoint, condition, found[event.pk], facts.get(event.pk))
            ],
            ignore_conflicts=True,
        )
    WebhookEvent.objects.filter(pk__in=[event.pk for event in events]).delete()
    return len(events)


def _with_conditions(
    endpoints: Sequence[WebhookEndpoint],
) -> list[tuple[WebhookEndpoint, Condition]]:
    """Without those whose condition cannot be run any more: they are paused, and admins told,
    instead of missing what happens without a sound."""
    read = read_trees([one.condition for one in endpoints], vocabulary("feedback"))
    usable = []
    for endpoint, condition in zip(endpoints, read, strict=True):
        if isinstance(condition, ConditionInvalid):
            _log.warning("The condition of webhook %s cannot be run.", endpoint.pk)
            pause_by_itself(endpoint, PausedBecause.CONDITION)
        else:
            usable.append((endpoint, condition))
    return usable


def _wants(
    endpoint: WebhookEndpoint, condition: Condition, one: Happening, facts: Facts | None
) -> bool:
    if one.type not in endpoint.event_types:
        return False
    return facts is None or evaluate(condition, facts, context_for(None))


def _delivery(
    endpoint: WebhookEndpoint, one: Happening, event: WebhookEvent, now: datetime
) -> WebhookDelivery:
    return WebhookDelivery(
        endpoint=endpoint,
        event=one.type,
        about=one.about[:60],
        dedupe_key=f"event:{event.pk}",
        body=body_of(one.type, one.data, at=one.at, sequence=event.pk),
        next_attempt_at=now,
    )


def queue_delivery(
    endpoint: WebhookEndpoint,
    event: str,
    data: Mapping[str, Any],
    *,
    about: str = "",
    dedupe_key: str | None = None,
) -> WebhookDelivery:
    """Tell one endpoint of something, whatever it asked for. With a `dedupe_key` that was used
    before, the earlier delivery is returned. The caller holds the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT)
        (sequence,) = cursor.fetchone()
    now = timezone.now()
    delivery = WebhookDelivery(
        endpoint=endpoint,
        event=event[:60],
        about=about[:60],
        dedupe_key=dedupe_key,
        body=body_of(event[:60], data, at=now, sequence=sequence),
        next_attempt_at=now,
    )
    if dedupe_key is None:
        delivery.save(force_insert=True)
        return delivery
    WebhookDelivery.objects.bulk_create([delivery], ignore_conflicts=True)
    return WebhookDelivery.objects.get(endpoint=endpoint, dedupe_key=dedupe_key)


def body_of(event: str, data: Mapping[str, Any], *, at: datetime, sequence: int) -> str:
    """What is said: the same bytes at every attempt."""
    moment = at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    body = {"type": event, "timestamp": moment, "sequence": sequence, "data": data}
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
