"""Handing one delivery to its receiver."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import WebhookDelivery
from accounts.rules.masking import masked_log
from accounts.rules.webhook_signature import signed_headers
from accounts.services.webhook_sending import Called
from config.kernel.fetching.errors import FetchFailed
from config.kernel.fetching.fetch import Answer, fetch

SECONDS = 10.0
MAX_RESPONSE = 4000


def call(delivery: WebhookDelivery) -> Called:
    """One attempt. Never raises for what the receiver does."""
    now = timezone.now()
    endpoint, body = delivery.endpoint, delivery.body.encode()
    keys = endpoint.secrets_at(now)
    if not keys[0]:  # sealed with a SECRET_KEY that we no longer have
        return Called(problem="secret")
    headers = signed_headers(
        keys, message_id=delivery.message_id, timestamp=int(now.timestamp()), body=body
    )
    try:
        answer = fetch(
            endpoint.url,
            method="POST",
            body=body,
            headers={"Content-Type": "application/json; charset=utf-8", **headers},
            seconds=SECONDS,
            max_bytes=MAX_RESPONSE,
            cut=True,
        )
    except FetchFailed as failed:
        return Called(problem=failed.problem)
    return Called(
        status=answer.status,
        response=masked_log(answer.body.decode(errors="replace"), secrets=keys),
        took_ms=round(answer.seconds * 1000),
        wish=_wish(answer),
    )


def _wish(answer: Answer) -> timedelta | None:
    """Retry-After in seconds; as a date nobody sends it."""
    given = answer.headers.get("retry-after", "").strip()
    if given.isascii() and given.isdigit() and len(given) < 7:
        return timedelta(seconds=int(given))
    return None
