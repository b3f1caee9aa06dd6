"""The access token with which mail is handed over (SMTP_OAUTH), kept beside the queue: one
refresh at a time, and what the token server gave is stored before it is used."""

import hashlib
from dataclasses import asdict, replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import OutgoingQueue
from accounts.services.mail_queue import present_queue
from config.kernel.oauth import Application, Token, holds

REFRESH_SECONDS = 30  # longer than asking the token server may take


def stored_token() -> str:
    """The token that may be used now; "" when a new one is needed."""
    queue = present_queue()
    is_usable = holds(queue.access_token, queue.access_token_until)
    return queue.access_token if is_usable and queue.token_of == _account() else ""


def take_refresh() -> Application | None:
    """With what to ask for a new token, when nobody else is asking just now. A lease and not a
    lock: no transaction is open while another machine is asked."""
    present_queue()
    now = timezone.now()
    free = OutgoingQueue.objects.filter(
        Q(token_lease_until=None) | Q(token_lease_until__lt=now), pk=OutgoingQueue.ONLY
    )
    if not free.update(token_lease_until=now + timedelta(seconds=REFRESH_SECONDS)):
        return None
    queue, given = present_queue(), Application(**settings.SMTP_OAUTH)
    # Providers may replace the refresh token; ours from the settings is then worth nothing.
    if queue.token_of == _account() and queue.refresh_token:
        return replace(given, refresh_token=queue.refresh_token)
    return given


def give_back_refresh() -> None:
    OutgoingQueue.objects.filter(pk=OutgoingQueue.ONLY).update(token_lease_until=None)


@transaction.atomic
def keep_token(given: Token, *, asked_with: Application) -> None:
    """Store what the token server gave."""
    queue = OutgoingQueue.objects.select_for_update().get(pk=OutgoingQueue.ONLY)
    queue.access_token, queue.access_token_until = given.token, given.until
    queue.refresh_token = given.refresh_token or asked_with.refresh_token
    queue.token_of = _account()
    queue.save(update_fields=["access_token", "access_token_until", "refresh_token", "token_of"])


def forget_token() -> None:
    """The mail server does not take it: the next time a new one is got."""
    OutgoingQueue.objects.filter(pk=OutgoingQueue.ONLY).update(
        access_token="", access_token_until=None
    )


def _account() -> str:
    """Which account the settings name: what was stored for another one is not used."""
    said = repr(sorted(asdict(Application(**settings.SMTP_OAUTH)).items()))
    return hashlib.sha256(f"{settings.EMAIL_HOST_USER} {said}".encode()).hexdigest()
