"""Webhooks as admins keep them: made, changed, tried, repeated."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import PausedBecause, WebhookState
from accounts.errors import WebhookNotUsable
from accounts.models import User, WebhookDelivery, WebhookEndpoint
from accounts.rules.webhook_signature import new_webhook_secret
from accounts.selectors.webhook_events import event_types as all_event_types
from accounts.services.webhook_events import queue_delivery

PING = "ping"
# How long the former secret signs beside the new one.
OVERLAP = timedelta(hours=24)
CHANGEABLE = frozenset({"name", "url", "event_types", "condition"})


@transaction.atomic
def create_webhook(
    *, by: User | None, name: str, url: str, event_types: Sequence[str], condition: Any = None
) -> tuple[WebhookEndpoint, str]:
    """A new endpoint and its secret, which is shown once. Raises WebhookNotUsable."""
    secret = new_webhook_secret()
    endpoint = WebhookEndpoint(created_by=by, secret=secret)
    _fill(endpoint, name=name, url=url, event_types=event_types)
    if condition is not None:
        endpoint.condition = condition
    _ensure_valid(endpoint)
    endpoint.save()
    return endpoint, secret


@transaction.atomic
def change_webhook(endpoint_id: int, **fields: Any) -> WebhookEndpoint:
    """Set only the named fields (CHANGEABLE). Raises WebhookNotUsable."""
    unknown = set(fields) - CHANGEABLE
    if unknown:
        raise TypeError(f"Not to be changed here: {sorted(unknown)}")
    endpoint = WebhookEndpoint.objects.select_for_update().get(pk=endpoint_id)
    _fill(endpoint, **fields)
    _ensure_valid(endpoint)
    endpoint.save(update_fields=sorted(fields))
    return endpoint


def _fill(endpoint: WebhookEndpoint, **fields: Any) -> None:
    for name, value in fields.items():
        setattr(endpoint, name, value)
    wanted = set(endpoint.event_types)
    known = [one.name for one in all_event_types()]
    if not wanted or wanted - set(known):
        raise WebhookNotUsable(_("Choose at least one of the events that exist."))
    endpoint.event_types = [name for name in known if name in wanted]


def _ensure_valid(endpoint: WebhookEndpoint) -> None:
    try:
        endpoint.clean_fields(exclude=["secret"])
    except ValidationError as refusal:
        raise WebhookNotUsable(" ".join(refusal.messages)) from refusal


@transaction.atomic
def pause_webhook(endpoint_id: int) -> WebhookEndpoint:
    """Nothing is sent any more. What waits stays; what happens meanwhile is not kept."""
    endpoint = WebhookEndpoint.objects.select_for_update().get(pk=endpoint_id)
    if endpoint.is_active:
        endpoint.is_active, endpoint.paused_because = False, PausedBecause.PERSON
        endpoint.save(update_fields=["is_active", "paused_because"])
    return endpoint


@transaction.atomic
def resume_webhook(endpoint_id: int) -> WebhookEndpoint:
    """Send again, what waits first; its failures are forgotten."""
    endpoint = WebhookEndpoint.objects.select_for_update().get(pk=endpoint_id)
    endpoint.is_active, endpoint.paused_because = True, ""
    endpoint.failures, endpoint.failing_since, endpoint.rests_until = 0, None, None
    endpoint.save(
        update_fields=["is_active", "paused_because", "failures", "failing_since", "rests_until"]
    )
    return endpoint


@transaction.atomic
def rotate_secret(endpoint_id: int) -> tuple[WebhookEndpoint, str]:
    """A new secret, shown once; the one before signs beside it for a day."""
    endpoint = WebhookEndpoint.objects.select_for_update().get(pk=endpoint_id)
    secret = new_webhook_secret()
    endpoint.former_secret, endpoint.former_until = endpoint.secret, timezone.now() + OVERLAP
    endpoint.secret = secret
    endpoint.save(update_fields=["secret", "former_secret", "former_until"])
    return endpoint, secret


@transaction.atomic
def remove_webhook(endpoint_id: int) -> None:
    """With everything that was, or would have been, delivered to it."""
    WebhookEndpoint.objects.filter(pk=endpoint_id).delete()


@transaction.atomic
def ping_webhook(endpoint_id: int, *, by: User | None) -> WebhookDelivery:
    """A test that says nothing but that it is one. Raises WebhookNotUsable for a paused one."""
    endpoint = WebhookEndpoint.objects.select_for_update().get(pk=endpoint_id)
    if not endpoint.is_active:
        raise WebhookNotUsable(_("Nothing is sent while it is paused."))
    # A person waits for the outcome: it need not wait for the end of a rest.
    endpoint.rests_until = None
    endpoint.save(update_fields=["rests_until"])
    return queue_delivery(endpoint, PING, {"by": by and by.pk})


@transaction.atomic
def send_again(delivery_id: int) -> WebhookDelivery:
    """The same message under the same id, from the first attempt on. Raises WebhookNotUsable
    when it still waits, or is being sent."""
    delivery = WebhookDelivery.objects.select_for_update().get(pk=delivery_id)
    if not delivery.can_be_sent_again:
        raise WebhookNotUsable(_("It has not been settled yet."))
    _again(delivery)
    return delivery


@transaction.atomic
def send_failed_again(endpoint_id: int, *, since: datetime) -> int:
    """Everything that was given up since then, oldest first; how much that is."""
    failed = WebhookDelivery.objects.failed().filter(endpoint=endpoint_id, created_at__gte=since)
    return failed.update(
        state=WebhookState.QUEUED,
        attempts=0,
        next_attempt_at=timezone.now(),
        lease_until=None,
    )


def _again(delivery: WebhookDelivery) -> None:
    delivery.state, delivery.attempts = WebhookState.QUEUED, 0
    delivery.next_attempt_at, delivery.lease_until = timezone.now(), None
    delivery.save(update_fields=["state", "attempts", "next_attempt_at", "lease_until"])


def forget_old_deliveries() -> int:
    """Those settled more than WEBHOOK_KEEP_DAYS ago; how many those were."""
    before = timezone.now() - timedelta(days=settings.WEBHOOK_KEEP_DAYS)
    settled = [WebhookState.DELIVERED, WebhookState.FAILED]
    old = WebhookDelivery.objects.filter(created_at__lt=before, state__in=settled)
    count, _rows = old.delete()
    return count
