"""Mail that is larger than what is taken in: who is told, and how the whole of it still comes."""

import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import OutgoingKind, OutgoingState
from accounts.models import OutgoingMessage
from feedback import tasks
from feedback.channels.email.imap import poll_mailbox
from feedback.enums import InboundState, MailFlag, Quarantined
from feedback.models import InboundMail, Mailbox, Message
from feedback.services.inbound_mail import process_again
from feedback.services.oversized_mail import store_oversized_mail
from tests.factories import MailboxFactory
from tests.support import dovecot
from tests.support.jobs import run_queued_jobs
from tests.support.mail import bounce, mail

pytestmark = pytest.mark.django_db
MB = 1024 * 1024


def arrives(raw: bytes, *, uid=1, address="help@huiyin.test") -> InboundMail:
    mailbox = Mailbox.objects.filter(address=address).first() or MailboxFactory(
        address=address, imap_host="imap.x.cn"
    )
    inbound = store_oversized_mail(mailbox, raw, size=30 * MB, uid_validity=1, uid=uid)
    run_queued_jobs()
    inbound.refresh_from_db()
    return inbound


def told(kind=OutgoingKind.ACKNOWLEDGEMENT) -> list[OutgoingMessage]:
    return list(OutgoingMessage.objects.filter(kind=kind).exclude(state=OutgoingState.SUPPRESSED))


def test_whoever_sent_it_is_told_once_and_so_are_the_admins(no_sending, admin):
    raw = mail("照片在附件里", subject="保密的主题", message_id="<big@example.org>")

    inbound = arrives(raw)
    arrives(raw, uid=2)  # the mailbox was rebuilt, or it came to two of ours
    tasks.tell_of_oversized_mail(inbound_id=inbound.pk)  # a job may run twice

    [to_sender] = told()
    assert (to_sender.to_address, to_sender.in_reply_to) == (
        "han@example.org",
        "<big@example.org>",
    )
    assert (to_sender.from_address, to_sender.language) == ("help@huiyin.test", "zh-hans")
    assert "保密" not in to_sender.subject + to_sender.body_text
    assert "25 MB" in to_sender.body_text
    [to_admin] = told(OutgoingKind.NOTIFICATION)
    assert to_admin.to_address == admin.email
    assert "han@example.org" in to_admin.body_text
    assert (inbound.sender, inbound.subject) == ("han@example.org", "保密的主题")


def test_many_by_a_stranger_are_one_mail_to_admins_and_carry_no_words_of_his(no_sending, admin):
    name = '"You won, see www.bad.example" <han@example.org>'
    for uid in (1, 2, 3):
        arrives(mail("x", sender=name, message_id=f"<{uid}@example.org>"), uid=uid)

    [to_admin] = told(OutgoingKind.NOTIFICATION)
    assert "1 such mail is in quarantine" in to_admin.body_text
    assert {one.to_name for one in told()} == {""}


@pytest.mark.parametrize(
    "raw",
    [
        mail(auto_submitted="auto-replied"),
        mail(list_id="<news.example.org>"),
        mail(return_path="<>"),
        mail(sender="no-reply@example.org"),
        mail(sender="help@huiyin.test"),
        bounce("<x@huiyin.test>", recipient="a@example.org"),
        b"\xff\x00 no mail at all",
    ],
    ids=["automatic", "list", "null path", "no-reply", "our own", "bounce", "nonsense"],
)
def test_machines_and_ourselves_are_not_told(no_sending, admin, raw):
    inbound = arrives(raw)

    assert told() == []
    assert len(told(OutgoingKind.NOTIFICATION)) == 1
    assert inbound.state == InboundState.QUARANTINED


def test_only_its_beginning_is_filed_and_says_so(no_sending):
    inbound = arrives(mail("The beginning"))

    process_again(inbound.pk)
    run_queued_jobs()

    assert Message.objects.get(direction="in").flags == [MailFlag.CUT]


@pytest.mark.skipif(dovecot.BINARY is None, reason=dovecot.MISSING)
def test_the_whole_mail_is_fetched_once_the_limit_is_higher(no_sending, settings, admin_client):
    with dovecot.imap_server() as port:
        user = f"u{uuid.uuid4().hex[:8]}"
        box = MailboxFactory(
            address=f"{user}@huiyin.test", imap_host="127.0.0.1", imap_port=port, imap_tls=False,
            username=user, password="secret",
        )  # fmt: skip
        settings.MAIL_MAX_BYTES = 70_000
        letters = [mail("word " * 40_000, message_id=f"<{n}@example.org>") for n in (1, 2)]
        for raw in letters:
            dovecot.deliver(port, user, raw)
        poll_mailbox(box.pk)
        kept, gone = InboundMail.objects.order_by("pk")
        page = reverse("feedback:mailbox", args=[box.pk])
        assert "raise MAIL_MAX_BYTES" in admin_client.get(page).content.decode()

        settings.MAIL_MAX_BYTES = 1_000_000
        assert "fetches the whole mail" in admin_client.get(page).content.decode()
        InboundMail.objects.filter(pk=gone.pk).update(uid=99)  # deleted meanwhile
        for one in (kept, gone):
            again = reverse("feedback:process_mail_again", args=[box.pk, one.pk])
            admin_client.post(again)
        assert Mailbox.objects.due(timezone.now()).exists()
        run_queued_jobs()

    kept.refresh_from_db()
    gone.refresh_from_db()
    assert (kept.state, kept.size) == (InboundState.FILED, len(bytes(kept.raw)))
    assert Message.objects.get(direction="in").flags == []
    assert (gone.state, gone.reason) == (InboundState.QUARANTINED, Quarantined.GONE)
