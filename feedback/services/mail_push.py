"""Addresses to which providers bring mail by HTTP: their secrets, and what came of the last."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from config.kernel.ratelimit import within_limit
from feedback.enums import PushRefusal
from feedback.errors import PushNotOpen
from feedback.models import InboundMail, Mailbox, PushAddress
from feedback.rules.push_proofs import MAILGUN_TOLERANCE, new_push_secret
from feedback.services.inbound_mail import digest_of, store_raw_mail

# How long the former secret holds beside the new one, so that no mail is turned away meanwhile.
OVERLAP = timedelta(hours=24)
# Not written more often: what stands there is for people, and strangers can cause it.
_NOTED_EVERY = timedelta(seconds=10)


class TokenReused(Exception):
    """A signature that does not cover the mail came a second time, with another mail."""


@transaction.atomic
def renew_push_secret(mailbox: Mailbox) -> tuple[PushAddress, str]:
    """Let mail be brought by HTTP, or give the address another secret; it is told only here.
    The one before holds for another day."""
    secret, now = new_push_secret(), timezone.now()
    push = _locked(mailbox)
    if push is None:
        return PushAddress.objects.create(mailbox=mailbox, secret=secret, since=now), secret
    push.former_secret = push.secret
    push.former_until = now + OVERLAP if push.secret else None
    push.secret, push.since = secret, now
    push.save(update_fields=["secret", "since", "former_secret", "former_until"])
    return push, secret


@transaction.atomic
def set_signing_key(mailbox: Mailbox, key: str) -> None:
    """The provider's key for signatures; "" takes it away. Nobody reads it back. Raises
    PushNotOpen."""
    push = _locked(mailbox)
    if push is None or not push.is_open:
        raise PushNotOpen
    push.signing_key = key.strip()
    push.save(update_fields=["signing_key"])


@transaction.atomic
def end_push(mailbox: Mailbox) -> None:
    """Nothing is taken by HTTP any more, at once; the secrets are gone."""
    push = _locked(mailbox)
    if push is not None:
        push.secret = push.former_secret = push.signing_key = push.refusal = ""
        push.since = push.former_until = push.received_at = push.refused_at = None
        push.save()


def _locked(mailbox: Mailbox) -> PushAddress | None:
    return PushAddress.objects.select_for_update().filter(mailbox=mailbox).first()


def secrets_of(push: PushAddress) -> list[str]:
    """Those that hold now."""
    still = push.former_until is not None and push.former_until > timezone.now()
    return [push.secret, push.former_secret] if still else [push.secret]


@transaction.atomic
def store_pushed_mail(push: PushAddress, raw: bytes, *, token: str = "") -> None:
    """Keep a mail once, however often it is brought. Raises TokenReused.

    `token`: what was signed instead of the mail; it holds for one mail.
    """
    known = InboundMail.objects.filter(sha256=digest_of(raw), mailbox=push.mailbox_id).exists()
    if not known:
        seconds = int(MAILGUN_TOLERANCE.total_seconds()) * 2
        name = f"push:{push.mailbox_id}:{token}"
        if token and not within_limit(name, limit=1, seconds=seconds):
            raise TokenReused
        store_raw_mail(push.mailbox, raw)
    _note(push, "received_at")


def note_refused(push: PushAddress, refusal: PushRefusal) -> None:
    _note(push, "refused_at", refusal=refusal)


def _note(push: PushAddress, field: str, **more: str) -> None:
    now = timezone.now()
    due = Q(**{field: None}) | Q(**{f"{field}__lt": now - _NOTED_EVERY})
    PushAddress.objects.filter(due, pk=push.pk).update(**{field: now}, **more)
