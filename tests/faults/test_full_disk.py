"""The disk for files is full while mail comes in: what is not whole is not there, and nothing is
lost. The limit is the system's own, so that a file really stops in the middle."""

import resource
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default

import pytest

from feedback.channels.email.receive import receive_raw_mail
from feedback.enums import InboundState
from feedback.models import Attachment, Feedback, InboundMail
from feedback.services.inbound_mail import process_again
from tests.factories import MailboxFactory
from tests.support.jobs import run_queued_jobs
from tests.support.mail import mail

LONGEST, PHOTO = 100_000, bytes(range(256)) * 1_200


@contextmanager
def room_for_short_files_only():
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (LONGEST, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def with_photo() -> bytes:
    letter = message_from_bytes(mail("It leaks, see the photo."), policy=default)
    letter.add_attachment(PHOTO, maintype="image", subtype="jpeg", filename="leak.jpg")
    return letter.as_bytes()


# F13
@pytest.mark.django_db
def test_mail_whose_files_find_no_room_waits_whole_and_is_filed_once_when_there_is(
    settings, tmp_path, smtp_server
):
    settings.MEDIA_ROOT = tmp_path
    MailboxFactory(address="help@huiyin.test")
    raw, short = with_photo(), mail("No photo.", sender="Li <li@example.org>")
    with room_for_short_files_only():
        kept = receive_raw_mail("help@huiyin.test", raw)
        other = receive_raw_mail("help@huiyin.test", short)
        run_queued_jobs()

    for inbound in (kept, other):
        inbound.refresh_from_db()
    assert other.state == InboundState.FILED  # it holds up nobody else
    assert (kept.state, bytes(kept.raw)) == (InboundState.QUARANTINED, raw)
    assert "OSError" in kept.reason
    assert not Attachment.objects.exists()
    assert Feedback.objects.count() == 1

    process_again(kept.pk)
    run_queued_jobs()

    (attachment,) = Attachment.objects.all()
    with attachment.file.open() as stored:
        assert stored.read() == PHOTO
    assert InboundMail.objects.get(pk=kept.pk).state == InboundState.FILED
    assert Feedback.objects.count() == 2
