"""Who sends to which endpoint, and what came of it. The network lies between `claim` and
`settle`, outside any transaction (accounts.tasks puts them together).

An endpoint is served by one worker at a time, one delivery after the other: a slow receiver
holds one worker at most, and the order is kept as far as nothing fails.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from accounts.enums import PausedBecause, WebhookState
from accounts.models import WebhookDelivery, WebhookEndpoint
from accounts.rules.webhook_retries import rest_after, wait_after
from accounts.services.webhook_notices import pause_by_itself
from config.kernel.jobs import enqueue_routine

SEND = "accounts.tasks.send_webhooks_to"
GONE = 410


@dataclass(frozen=True, slots=True)
class Called:
    """What came of one attempt: the receiver's status and answer, or the problem why there was
    none (config.kernel.fetching.errors)."""

    status: int | None = None
    problem: str = ""
    response: str = ""
    took_ms: int = 0
    wish: timedelta | None = None  # how long the receiver wants to be left alone

    @property
    def is_good(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


@transaction.atomic
def send_what_is_due() -> int:
    """Queue a job for each endpoint for which something is due; how many those are. An endpoint
    that is being served is left alone."""
    now = timezone.now()
    until = now + timedelta(seconds=settings.LEASE_SECONDS)
    waiting = WebhookDelivery.objects.due(now).filter(endpoint=OuterRef("pk"))
    free = WebhookEndpoint.objects.free(now).filter(Exists(waiting)).order_by("pk")
    endpoints = list(free.select_for_update(skip_locked=True, of=["self"]))
    for endpoint in endpoints:
        endpoint.busy_until = until
        endpoint.save(update_fields=["busy_until"])
        enqueue_routine(SEND, endpoint_id=endpoint.pk, until=until.isoformat())
    return len(endpoints)


@transaction.atomic
def claim(endpoint_id: int, *, until: datetime) -> WebhookDelivery | None:
    """The next delivery for an endpoint that the caller holds `until`; None when there is
    nothing to do: nothing is due, it rests or was paused, or somebody else holds it."""
    now = timezone.now()
    endpoint = (
        WebhookEndpoint.objects.active()
        .select_for_update()
        .filter(pk=endpoint_id, busy_until=until)
        .first()
    )
    if endpoint is None or (endpoint.rests_until and endpoint.rests_until > now):
        return None
    due = WebhookDelivery.objects.due(now).filter(endpoint=endpoint)
    delivery = due.order_by("next_attempt_at", "pk").select_for_update().first()
    if delivery is None:
        return None
    delivery.endpoint = endpoint
    delivery.state = WebhookState.SENDING
    delivery.attempts += 1
    delivery.lease_until = now + timedelta(seconds=settings.LEASE_SECONDS)
    delivery.save(update_fields=["state", "attempts", "lease_until"])
    return delivery


def release(endpoint_id: int, *, until: datetime) -> None:
    """The caller serves this endpoint no longer."""
    WebhookEndpoint.objects.filter(pk=endpoint_id, busy_until=until).update(busy_until=None)


@transaction.atomic
def settle(delivery: WebhookDelivery, called: Called) -> WebhookDelivery:
    """Write down what came of the attempt that `claim` gave the right to. A sender so slow that
    another took over changes nothing any more, unless it was heard."""
    now = timezone.now()
    # The endpoint first, as claim does it: two locks are always taken in the same order.
    endpoint = WebhookEndpoint.objects.select_for_update().filter(pk=delivery.endpoint_id).first()
    current = WebhookDelivery.objects.select_for_update().filter(pk=delivery.pk).first()
    if endpoint is None or current is None:  # removed meanwhile
        return delivery
    mine = current.state == WebhookState.SENDING and current.attempts == delivery.attempts
    if not mine and (not called.is_good or current.state == WebhookState.DELIVERED):
        return current
    current.lease_until = None
    current.status, current.problem = called.status, called.problem
    current.response, current.took_ms = called.response, called.took_ms
    current.remember(
        at=now.isoformat(), status=called.status, problem=called.problem, ms=called.took_ms
    )
    if called.is_good:
        current.state, current.delivered_at = WebhookState.DELIVERED, now
        _note_success(endpoint, now)
    else:
        _plan_next(current, called, now)
        _note_failure(endpoint, called, now)
    current.save()
    return current


def _plan_next(delivery: WebhookDelivery, called: Called, now: datetime) -> None:
    chance = secrets.randbelow(1000) / 1000
    wait = wait_after(delivery.attempts, chance=chance, wish=called.wish)
    if wait is None or called.status == GONE:
        delivery.state = WebhookState.FAILED
    else:
        delivery.state, delivery.next_attempt_at = WebhookState.RETRY, now + wait


def _note_success(endpoint: WebhookEndpoint, now: datetime) -> None:
    endpoint.succeeded_at = now
    endpoint.failures, endpoint.failing_since, endpoint.rests_until = 0, None, None
    endpoint.save(update_fields=["succeeded_at", "failures", "failing_since", "rests_until"])


def _note_failure(endpoint: WebhookEndpoint, called: Called, now: datetime) -> None:
    endpoint.failures += 1
    endpoint.failing_since = endpoint.failing_since or now
    rest = rest_after(endpoint.failures, reached=called.status is not None)
    endpoint.rests_until = now + rest if rest is not None else None
    endpoint.save(update_fields=["failures", "failing_since", "rests_until"])
    patience = timedelta(days=settings.WEBHOOK_PAUSE_DAYS)
    if called.status == GONE:
        pause_by_itself(endpoint, PausedBecause.GONE)
    elif now - endpoint.failing_since >= patience:
        pause_by_itself(endpoint, PausedBecause.FAILING)
