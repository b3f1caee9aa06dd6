"""kill -9 of any process at any point of the loop: nothing is lost, nobody is told twice."""

import collections
import logging
import os
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta

import psycopg
import pytest
from django.db import connection
from django.db.models import Count
from django_q.models import OrmQ

from accounts.enums import OutgoingKind, OutgoingState
from accounts.models import OutgoingMessage
from config.kernel.database import connection_parameters
from feedback.channels.email.receive import receive_raw_mail
from feedback.enums import DONE_STATES, InboundState
from feedback.forms.public import TOO_QUICK, new_stamp
from feedback.models import Feedback, InboundMail, Mailbox
from feedback.services.workflow import resolve_feedback
from surveys.enums import CollectorChannel, InvitationState
from surveys.models import Collector, Invitation
from tests.faults.installation import WORKER_PARTS, Visitor, installation
from tests.support import dovecot
from tests.support.database import url_of_test_database
from tests.support.jobs import chores_were_done
from tests.support.mail import mail
from tests.support.processes import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
HELP = "help@huiyin.test"
SEED = 20261122
_log = logging.getLogger(__name__)  # pytest -o log_cli=true --log-level=INFO
# Where in the loop, and who: "kept" is the moment between the SMTP server's taking a mail and
# its 250, "recipient" the one before the mail; "sending" while a form is on its way.
# KILLS=3 kills everybody three times at each.
WORKERS = ["supervisor", "parent", *WORKER_PARTS]
MOMENTS = [
    *(("kept", who) for who in ("child", "parent", "supervisor")),
    ("recipient", "child"),
    *(("sending", who) for who in ("web", "child")),
    *(("any", who) for who in ("child", "parent", "monitor", "pusher", "supervisor", "web")),
] * int(os.environ.get("KILLS", "1"))
# Each table that the loop writes, in the order of the loop, and who is killed while a
# transaction waits to write there. "answered": after the SMTP server's 250. The web server writes
# a form in one transaction: it is killed at the begin, in the midst and at the end of it; with
# KILLS at each table.
WEB = ["web"] if "KILLS" in os.environ else []
WRITES = [
    ("kernel_ratecount", ["web"]),
    ("accounts_customer", [*WEB, "child"]),
    ("feedback_feedback", [*WEB, "parent"]),
    ("feedback_message", ["web", *(WEB and ["child"])]),
    ("accounts_outgoingmessage", [*WEB, "supervisor"]),
    ("django_q_ormq", ["web", *(WEB and ["child"])]),
    ("answered", ["child"]),
    ("feedback_inboundmail", ["child"]),
    ("feedback_mailbox", ["child"]),
    ("surveys_invitation", ["child"]),
    ("surveys_contactevent", ["parent"]),
]


@pytest.fixture
def place(smtp_server, caplog):
    Mailbox.objects.get_or_create(address=HELP, defaults={"name": "Help"})
    follow_up = Collector.objects.filter(channel=CollectorChannel.FOLLOW_UP)
    assert follow_up.update(delay=timedelta(0), quiet_days=0, same_survey_days=0) == 1
    chores_were_done()
    caplog.set_level(logging.WARNING, "mail.log")  # which tells every line of every dialogue
    with installation(
        DATABASE_URL=url_of_test_database(), SMTP_HOST="127.0.0.1", SMTP_PORT=str(smtp_server.port)
    ) as place:
        yield place


def hand_in(raw: bytes) -> None:
    try:
        receive_raw_mail(HELP, raw)
    finally:
        connection.close()


@pytest.fixture
def letters():
    """Gives `post(raw)`: by IMAP where there is a server for it, else handed in."""
    if dovecot.BINARY is None:
        with ThreadPoolExecutor() as hands:
            yield lambda raw: hands.submit(hand_in, raw)
        return
    with dovecot.imap_server() as port:
        Mailbox.objects.update_or_create(
            address=HELP,
            defaults={
                "name": "Help", "imap_host": "127.0.0.1", "imap_port": port, "imap_tls": False,
                "username": "help", "password": "secret",
            },
        )  # fmt: skip
        yield lambda raw: dovecot.deliver(port, "help", raw)


def opened_forms(count: int) -> list[str]:
    """Stamps of forms that have been open long enough for a person."""
    stamps = [new_stamp() for _ in range(count)]
    opened = time.monotonic()
    wait_until(lambda: time.monotonic() > opened + TOO_QUICK.total_seconds())
    return stamps


def letter(number: int) -> bytes:
    return mail(
        f"Letter number {number}.",
        sender=f"Writer <writer{number}@example.org>",
        subject=f"Leak {number}",
        message_id=f"<letter{number}@example.org>",
    )


def resolve_what_is_there(by) -> None:
    for pk in Feedback.objects.exclude(state__in=DONE_STATES).values_list("pk", flat=True):
        resolve_feedback(pk, by=by)


def nothing_waits() -> bool:
    unread = InboundMail.objects.filter(state=InboundState.RECEIVED)
    unsent = OutgoingMessage.objects.exclude(state=OutgoingState.SENT)
    asked = Invitation.objects.filter(state=InvitationState.SENT, outgoing__isnull=False)
    return not (unread.exists() or unsent.exists()) and asked.count() == Feedback.objects.count()


def where_it_stands() -> list[dict]:
    models = (InboundMail, Feedback, OutgoingMessage, Invitation)
    stand = [
        {model.__name__: dict(model.objects.values_list("state").annotate(Count("pk")))}
        for model in models
    ]
    return [*stand, *Mailbox.objects.values("last_uid", "last_error", "lease_until")]


def let_it_settle(place, expected: int, by) -> None:
    """Until every record went the whole way, and every job that is there has ended, so that
    none is forgotten in dead hands."""

    def settled():
        resolve_what_is_there(by)
        return Feedback.objects.count() == expected and nothing_waits()

    try:
        place.wait_until(settled, 60, "everything to settle")
    except AssertionError as late:
        raise AssertionError(f"{where_it_stands()}\n{late}") from None
    jobs = set(OrmQ.objects.values_list("pk", flat=True))
    place.wait_until(lambda: not OrmQ.objects.filter(pk__in=jobs).exists(), 60, "the jobs' end")


def audit(place, smtp_server, visitors: list[Visitor], letters: int) -> int:
    """Everything once; how many mails came again under the same Message-ID."""
    for visitor in visitors:
        record = Feedback.objects.get(customer__contact_points__value=visitor.address)
        assert record.messages.get().text == f"Leak number {visitor.number}."
        assert record.status_token in visitor.location
    for number in range(letters):
        writer = f"writer{number}@example.org"
        record = Feedback.objects.get(customer__contact_points__value=writer)
        assert record.messages.get().text.strip() == f"Letter number {number}."
    assert Invitation.objects.count() == Feedback.objects.count() == len(visitors) + letters
    came = collections.defaultdict(list)
    for one in smtp_server.taken:
        came[one.recipients[0]].append(one.message_id)
    for feedback in Feedback.objects.select_related("customer"):
        promised = OutgoingMessage.objects.filter(to_address=feedback.customer.email)
        kinds = sorted(promised.values_list("kind", flat=True))
        assert kinds == sorted([OutgoingKind.ACKNOWLEDGEMENT, OutgoingKind.SURVEY])
        ids = set(promised.values_list("message_id", flat=True))
        assert set(came.pop(feedback.customer.email)) == ids
    assert not came
    again = len(smtp_server.taken) - len({one.message_id for one in smtp_server.taken})
    _log.info(
        "%s kills %s; %s forms in %s tries, %s letters, %s mails out, %s of them again under "
        "the same id; refusals %s",
        len(place.kills), dict(collections.Counter(place.kills)), len(visitors),
        sum(one.tries for one in visitors), letters, len(smtp_server.taken), again,
        [one.refusals for one in visitors if one.refusals],
    )  # fmt: skip
    return again


def test_killed_at_any_moment(place, letters, smtp_server, agent):
    dice = random.Random(SEED)
    moments = MOMENTS[:]
    dice.shuffle(moments)
    stamps = opened_forms(2 * len(moments))
    visitors = [Visitor(place.server.port, n, stamp) for n, stamp in enumerate(stamps)]
    waiting = iter(visitors)

    with ThreadPoolExecutor(4) as crowd:
        sent = []
        for number, (moment, who) in enumerate(moments):
            letters(letter(number))
            killed = threading.Event()
            if moment in {"kept", "recipient"}:
                smtp_server.at = strike_at(place, moment, who, killed)
            sent += [crowd.submit(next(waiting).send) for _ in range(2)]
            if moment in {"sending", "any"}:
                time.sleep(dice.uniform(0, 0.08 if moment == "sending" else 1.5))
                place.kill(who)
                killed.set()
            place.wait_until(killed.is_set, what=f"a chance to kill {who} at {moment}")
            resolve_what_is_there(by=agent)
        place.wait_until(lambda: all(one.done() for one in sent), 60, "every form to be taken")
    let_it_settle(place, len(visitors) + len(moments), by=agent)

    again = audit(place, smtp_server, visitors, len(moments))

    assert len(place.kills) == len(moments)
    # At most the one mail that was on its way to the server when its sender was killed.
    assert again <= sum(who != "web" for _, who in moments)


def strike_at(place, moment: str, who: str, killed: threading.Event):
    """For the SMTP server: at the first such moment somebody is killed."""

    def at(now: str, address: str) -> None:
        if now == moment and not killed.is_set():
            place.kill(who)
            killed.set()

    return at


@contextmanager
def nobody_can_write(table: str):
    """Transactions that want to write into `table` wait as long as this lasts."""
    with psycopg.connect(**connection_parameters()) as gate:
        gate.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        yield
        gate.rollback()


def waits_in_vain(program: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = %s AND wait_event_type = 'Lock'",
            [program],
        )
        return cursor.fetchone()[0] > 0


def test_killed_in_the_midst_of_each_write(place, letters, smtp_server, agent):
    unread = InboundMail.objects.filter(state=InboundState.RECEIVED)

    def is_ready() -> bool:
        return place.is_whole() and not unread.exists()

    stamps = opened_forms(len(WRITES))
    visitors = [Visitor(place.server.port, n, stamp) for n, stamp in enumerate(stamps)]

    with ThreadPoolExecutor(4) as crowd:
        sent = []
        for number, ((table, victims), visitor) in enumerate(zip(WRITES, visitors, strict=True)):
            place.wait_until(is_ready, what="the next start")
            with ExitStack() as gate:
                if table == "answered":
                    taken = threading.Event()
                    smtp_server.at = close_after_this(gate, "accounts_outgoingmessage", taken)
                else:
                    gate.enter_context(nobody_can_write(table))
                letters(letter(number))
                sent.append(crowd.submit(visitor.send))
                if table.startswith("surveys"):
                    resolve_what_is_there(by=agent)
                for who in victims:
                    program = "web" if who == "web" else "worker"
                    place.wait_until(
                        lambda program=program: waits_in_vain(program),
                        what=f"{program} to write into {table}",
                    )
                    place.kill(who)
            resolve_what_is_there(by=agent)
        place.wait_until(lambda: all(one.done() for one in sent), 60, "every form to be taken")
    let_it_settle(place, 2 * len(WRITES), by=agent)

    again = audit(place, smtp_server, visitors, len(WRITES))

    assert again >= 1  # "answered"
    assert again <= sum(who != "web" for _, victims in WRITES for who in victims)


def close_after_this(gate: ExitStack, table: str, taken: threading.Event):
    """For the SMTP server: what it takes next cannot be written down."""

    def at(now: str, address: str) -> None:
        if now == "kept" and not taken.is_set():
            taken.set()
            gate.enter_context(nobody_can_write(table))

    return at
