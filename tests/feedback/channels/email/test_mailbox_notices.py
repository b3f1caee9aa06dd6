"""Admins hear of a mailbox that cannot be read, once, and once that it is read again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import OutgoingMessage
from accounts.services.admin_mail import mail_admins
from feedback.models import Mailbox
from feedback.services.mailbox_notices import tell_of_mailboxes
from tests.factories import MailboxFactory

pytestmark = pytest.mark.django_db


def subjects():
    left = OutgoingMessage.objects.exclude(state="suppressed").exclude(subject="else")
    return list(left.order_by("pk").values_list("subject", flat=True))


def set_to(mailbox, **fields):
    Mailbox.objects.filter(pk=mailbox.pk).update(**fields)
    tell_of_mailboxes()
    tell_of_mailboxes()


def test_half_an_hour_of_failing_is_told_once_and_its_end_once(admin_user):
    now, address = timezone.now(), "help@example.com"
    mailbox = MailboxFactory(address=address, imap_host="imap.example.com")
    for _ in range(12):  # whatever else admins were told in these minutes
        mail_admins(lambda: ("", ""))
    OutgoingMessage.objects.update(subject="else")

    set_to(mailbox, failures=5, succeeded_at=now - timedelta(minutes=29))
    set_to(mailbox, failures=1, succeeded_at=now - timedelta(hours=9))  # it was switched off
    assert subjects() == []
    set_to(mailbox, failures=5, last_error="No such folder.")
    assert subjects() == [f"The mailbox {address} cannot be read"]
    assert "No such folder." in OutgoingMessage.objects.latest("pk").body_text
    set_to(mailbox, failures=0)  # its password was changed, and it was not tried since
    assert len(subjects()) == 1
    set_to(mailbox, failures=0, succeeded_at=timezone.now())
    assert subjects()[1:] == [f"The mailbox {address} is read again"]
