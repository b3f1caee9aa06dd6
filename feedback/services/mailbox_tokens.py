"""Access tokens of mailboxes that are signed in to with OAuth 2: one refresh at a time, and
what the token server gave is kept before it is used."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from feedback.models import Mailbox

REFRESH_SECONDS = 30  # longer than asking the token server may take


def take_refresh(mailbox_id: int) -> Mailbox | None:
    """The mailbox, when nobody else is getting a token for it just now. A lease in its row and
    not a lock: no transaction is open while another machine is asked."""
    now = timezone.now()
    free = Mailbox.objects.filter(
        Q(token_lease_until=None) | Q(token_lease_until__lt=now), pk=mailbox_id
    )
    if not free.update(token_lease_until=now + timedelta(seconds=REFRESH_SECONDS)):
        return None
    return Mailbox.objects.get(pk=mailbox_id)


def give_back_refresh(mailbox_id: int) -> None:
    Mailbox.objects.filter(pk=mailbox_id).update(token_lease_until=None)


@transaction.atomic
def keep_token(
    asked_with: Mailbox, *, token: str, until: datetime, refresh_token: str = ""
) -> None:
    """Store an access token, and the refresh token that takes the place of the one we used.
    Nothing is stored when somebody entered another one meanwhile."""
    row = Mailbox.objects.select_for_update(of=["self"]).get(pk=asked_with.pk)
    same = ("token_url", "client_id", "refresh_token", "username")
    if any(getattr(row, name) != getattr(asked_with, name) for name in same):
        return
    row.access_token, row.access_token_until = token, until
    row.refresh_token = refresh_token or row.refresh_token
    row.save(update_fields=["access_token", "access_token_until", "refresh_token"])


def forget_token(mailbox_id: int) -> None:
    """The mail server does not take it: the next time a new one is got."""
    Mailbox.objects.filter(pk=mailbox_id).update(access_token="", access_token_until=None)
