"""Beside the web of a developer: mail is shown, and mail to our mailbox comes in."""

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from accounts.models import CaughtMail
from feedback.models import Feedback
from tests.factories import MailboxFactory
from tests.support.jobs import run_queued_jobs

pytestmark = pytest.mark.django_db

RAW = (
    b"From: Li Lei <li@example.org>\r\nTo: help@huiyin.test\r\nMessage-ID: <1@example.org>\r\n"
    b"Subject: It leaks\r\n\r\nThe new filter leaks."
)


def take(recipients):
    import_string(settings.DEV_MAIL_HANDLER)("li@example.org", recipients, RAW)


def test_mail_to_a_mailbox_becomes_feedback():
    MailboxFactory(address="help@huiyin.test")

    take(["help@huiyin.test"])
    run_queued_jobs()

    assert Feedback.objects.get().subject == "It leaks"
    assert CaughtMail.objects.get().subject == "It leaks"


def test_mail_to_anybody_else_is_only_shown():
    take(["somebody@example.org"])

    assert CaughtMail.objects.get().recipients == ["somebody@example.org"]
    assert Feedback.objects.count() == 0
