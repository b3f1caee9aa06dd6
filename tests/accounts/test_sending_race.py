"""Many senders at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from accounts.enums import OutgoingKind, OutgoingState
from accounts.models import OutgoingMessage
from accounts.services.outbox import queue_mail
from accounts.tasks import send_due_mail, send_outgoing

PARALLEL = 4


@pytest.mark.django_db(transaction=True)
def test_however_many_senders_there_are_each_mail_leaves_once(smtp_server):
    mails = [
        queue_mail(
            kind=OutgoingKind.REPLY,
            tag=f"t{n}",
            to_address=f"li{n}@example.org",
            subject="Hello",
            body_text="Hello",
        )
        for n in range(12)
    ]

    def send(n):
        try:
            send_due_mail()
            send_outgoing(outgoing_id=mails[n].pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(PARALLEL) as pool:
        list(pool.map(send, range(PARALLEL)))

    states = set(OutgoingMessage.objects.values_list("state", flat=True))
    assert states == {OutgoingState.SENT}
    taken = [one.message_id for one in smtp_server.taken]
    assert sorted(taken) == sorted(mail.message_id for mail in mails)
