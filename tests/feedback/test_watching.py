from datetime import timedelta

from django.test import Client
from django.utils import timezone

from config.kernel.models import Beat
from feedback.models import Mailbox


def checks() -> dict:
    return Client(REMOTE_ADDR="127.0.0.1").get("/readyz").json()["checks"]


def mailbox(**more) -> Mailbox:
    return Mailbox.objects.create(address="help@ours.test", name="Help", **more)


def test_where_no_mailbox_is_polled_nobody_asks_when(db):
    mailbox(imap_host="")

    assert "mail poll" not in checks()


def test_a_mailbox_that_is_not_polled_any_more_is_noticed(db):
    mailbox(imap_host="imap.ours.test")
    Beat.objects.create(name="mail-poll", at=timezone.now() - timedelta(minutes=11))

    assert checks()["mail poll"]["ok"] is False

    Beat.objects.mark("mail-poll")
    assert checks()["mail poll"]["ok"] is True


def test_metrics_count_mail_in_and_out(db):
    page = Client(REMOTE_ADDR="127.0.0.1").get("/metrics").content.decode()

    for name in [
        'inbound_mail{state="unread"}',
        'inbound_mail{state="quarantined"}',
        "oldest_inbound_seconds",
        "oldest_outgoing_seconds",
    ]:
        assert f"huiyin_{name} 0.0" in page
