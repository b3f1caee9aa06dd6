"""Two workers and one mail that came to two of our addresses."""

import threading

import pytest
from django.db import connection, connections

from accounts.models import OutgoingMessage
from feedback.channels.email.filing import read_stored_mail
from feedback.channels.email.receive import receive_raw_mail
from feedback.enums import InboundState
from feedback.models import Feedback, InboundMail
from tests.factories import MailboxFactory
from tests.support.mail import mail

ID = "<both@example.org>"
LOCK = "(hashtextextended(%s, 4242))"
WAITING = """
    SELECT count(*) FROM pg_locks
    WHERE locktype = 'advisory' AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


def ask(sql, *given):
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        return cursor.fetchone()[0]


def read_and_hang_up(inbound_id):
    try:
        read_stored_mail(inbound_id)
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one_record_of_it_and_lose_nothing():
    addresses = ["help@huiyin.test", "sales@huiyin.test"]
    for address in addresses:
        MailboxFactory(address=address)
    copies = [receive_raw_mail(one, mail("It leaks.", message_id=ID)) for one in addresses]
    ask(f"SELECT pg_advisory_lock{LOCK} IS NULL", ID)
    workers = [threading.Thread(target=read_and_hang_up, args=[one.pk]) for one in copies]
    for worker in workers:
        worker.start()
    try:
        while ask(WAITING) < len(workers):  # both have read it and stand before the same door
            assert all(worker.is_alive() for worker in workers)
    finally:
        ask(f"SELECT pg_advisory_unlock{LOCK}", ID)
        for worker in workers:
            worker.join()

    states = InboundMail.objects.order_by("state").values_list("state", flat=True)
    assert list(states) == [InboundState.DUPLICATE, InboundState.FILED]
    assert Feedback.objects.get().messages.count() == 1
    assert OutgoingMessage.objects.count() == 1
