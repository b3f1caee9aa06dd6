"""What the demo writes in one go is what the services would have written, step by step.

Every kind of step and every way a matter can go is played twice, by the ledger of the demo and
by the real services with the clock set back, and each column is compared. Whoever changes what a
service writes sees this fail and changes analytics/demo/ledger.py too.
"""

import random
import secrets
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django_q.models import OrmQ

from accounts.models import OutgoingMessage
from analytics.demo.asks import Asking
from analytics.demo.company import found_company
from analytics.demo.people import gather_crowd
from analytics.demo.scenario import SMALL, Plan, plan_year
from analytics.demo.steps import (
    Answer,
    Assign,
    CallBack,
    Categorise,
    Invite,
    Move,
    Note,
    Prioritise,
    Rate,
    Receive,
    Tag,
    Write,
)
from analytics.demo.words import topics
from analytics.demo.write import photo_file, write_crowd, write_records
from config.kernel import jobs
from feedback.enums import Channel
from feedback.models import Attachment, Feedback, MailReference, SLATarget, Status, Task
from feedback.services.acknowledgement import acknowledge_feedback
from feedback.services.assignment import assign_feedback
from feedback.services.conversation import add_customer_message
from feedback.services.details import set_category, set_priority, set_tags
from feedback.services.followup import finish_task
from feedback.services.intake import receive_feedback
from feedback.services.replies import add_note, send_reply
from feedback.services.workflow import change_status
from surveys.enums import InvitationState
from surveys.models import ContactEvent, Invitation, Response
from surveys.services.answering import submit_response
from surveys.services.defaults import ensure_call_back_survey
from surveys.tasks import send_due_invitations
from tests.demo.conftest import NOW

pytestmark = pytest.mark.django_db

# Enough that everything occurs, whatever the dice say.
SIZE = replace(SMALL, records=500, recent=250)
OUTGOING = [
    "kind", "to_address", "to_name", "from_address", "from_name", "subject", "language",
    "customer_id", "not_before", "created_at", "attachments",
]  # fmt: skip


# --- through the services ---------------------------------------------------------------------
class Replay:
    def __init__(self):
        self.pk = 0

    def play(self, steps):
        for step in steps:
            with time_machine.travel(step.at, tick=False):
                getattr(self, type(step).__name__.lower())(step)
                run_survey_jobs()
        return self.pk

    def receive(self, step: Receive):
        fields = (
            "channel", "customer", "subject", "text", "language", "category", "product",
            "order_number", "place", "journey_stage", "priority", "mailbox", "sender_address",
            "by", "custom", "form",
        )  # fmt: skip
        by_mail = step.channel == Channel.EMAIL
        feedback = receive_feedback(
            **{name: getattr(step, name) for name in fields},
            acknowledge=not by_mail,
            files=[photo_file(step.photo)] if step.photo else [],
        )
        self.pk = feedback.pk
        if by_mail:  # in the order of channels.email.filing
            self._remember_mail(step.sender_address)
            acknowledge_feedback(feedback)

    def _remember_mail(self, sender):
        MailReference.objects.create(
            feedback_id=self.pk, message_id=f"<{secrets.token_hex(8)}@example.org>", sender=sender
        )

    def assign(self, step: Assign):
        assign_feedback(self.pk, by=step.by, assignee=step.assignee, team=step.team)

    def categorise(self, step: Categorise):
        set_category(self.pk, by=step.by, category=step.category)

    def prioritise(self, step: Prioritise):
        set_priority(self.pk, by=step.by, priority=step.priority)

    def tag(self, step: Tag):
        set_tags(self.pk, by=step.by, names=step.names)

    def note(self, step: Note):
        add_note(self.pk, by=step.by, text=step.text)

    def answer(self, step: Answer):
        then = Status.objects.default_for(step.then) if step.then else None
        send_reply(self.pk, by=step.by, text=step.text, then=then)

    def write(self, step: Write):
        customer = Feedback.objects.get(pk=self.pk).customer
        add_customer_message(
            self.pk,
            channel=step.channel,
            text=step.text,
            sender_address=customer.email if step.channel == Channel.EMAIL else "",
            is_automatic=step.is_automatic,
        )
        if step.channel == Channel.EMAIL:
            self._remember_mail(customer.email)

    def move(self, step: Move):
        status = Status.objects.default_for(step.to)
        change_status(self.pk, status=status, by=step.by, note=step.note)

    def invite(self, step: Invite):
        # Why somebody is not asked is decided by the events of the step before.
        if step.state == InvitationState.SENT:
            send_due_invitations()

    def rate(self, step: Rate):
        invitation = Invitation.objects.get(feedback=self.pk, round=step.ask.round)
        said = step.scores | {"solved": step.solved, "comment": step.comment}
        submit_response(
            invitation.collector_id,
            answers=said,
            language=invitation.language,
            invitation_id=invitation.pk,
            started_at=step.began,
            source={"mode": "page"},
        )

    def callback(self, step: CallBack):
        task = Task.objects.get(feedback=self.pk, done_at=None)
        finish_task(task.pk, by=step.by, outcome=step.outcome)


def run_survey_jobs():
    """The reactions of the surveys; nothing is really mailed."""
    for row in OrmQ.objects.order_by("pk"):
        path, payload = row.task["args"]
        row.delete()
        if path.startswith("surveys."):
            jobs.run(path, payload)


# --- what was written, without keys that differ -----------------------------------------------
def columns(row, *without):
    names = [field.attname for field in row._meta.concrete_fields]
    return {name: getattr(row, name) for name in names if name not in {"id", *without}}


class Picture:
    """All rows of one record; keys are replaced by what they point at."""

    def __init__(self, pk):
        self.feedback = Feedback.objects.get(pk=pk)
        self.keys = {}
        self.messages = list(self.feedback.messages.order_by("pk"))
        self.tasks = list(self.feedback.tasks.order_by("pk"))
        self.invitations = list(Invitation.objects.filter(feedback=pk).order_by("round"))
        of_customer = OutgoingMessage.objects.filter(customer=self.feedback.customer_id)
        self.outgoing = list(of_customer.order_by("created_at", "pk"))
        for kind in ("messages", "tasks", "invitations", "outgoing"):
            for number, row in enumerate(getattr(self, kind)):
                self.keys[kind, row.pk] = f"{kind} {number}"

    def name(self, kind, key):
        return None if key is None else self.keys[kind, key]

    def _mail(self, row):
        said = {name: getattr(row, name) for name in OUTGOING}
        said["subject"] = said["subject"].replace(str(self.feedback.number), "N")
        said["references"] = len(row.references.split())
        said["purpose"] = (row.dedupe_key or "").partition(":")[0]
        said["headers"] = sorted(row.headers)
        return said

    def _line(self, entry):
        data = dict(entry.data)
        for key, kind in (
            ("message", "messages"),
            ("task", "tasks"),
            ("invitation", "invitations"),
            ("outgoing", "outgoing"),
        ):
            if key in data:
                data[key] = self.name(kind, data[key])
        return columns(entry, "feedback_id", "data") | {"data": data}

    def everything(self):
        feedback, pk = self.feedback, self.feedback.pk
        responses = Response.objects.filter(feedback=pk).order_by("completed_at")
        references = MailReference.objects.filter(feedback=pk).order_by("pk")
        return {
            "feedback": columns(feedback, "number"),
            "tags": sorted(feedback.tags.values_list("name", flat=True)),
            "messages": [
                columns(one, "feedback_id", "outgoing_id")
                | {"outgoing": self.name("outgoing", one.outgoing_id)}
                for one in self.messages
            ],
            "files": [
                columns(one, "key", "message_id", "file")
                for one in Attachment.objects.filter(message__in=self.messages)
            ],
            "timeline": [self._line(one) for one in feedback.timeline.order_by("at", "pk")],
            "tasks": [columns(one, "feedback_id") for one in self.tasks],
            "references": [
                (one.at, one.sender, one.is_ours, one.is_ours and one.message_id[1])
                for one in references
            ],
            "outgoing": [self._mail(one) for one in self.outgoing],
            "invitations": [
                columns(one, "feedback_id", "outgoing_id")
                | {"outgoing": self.name("outgoing", one.outgoing_id)}
                for one in self.invitations
            ],
            "contact": [
                columns(one) for one in ContactEvent.objects.filter(customer=feedback.customer_id)
            ],
            "responses": [
                columns(one, "key", "feedback_id", "invitation_id", "seed") for one in responses
            ],
            "answers": [
                [
                    (said.question.code, said.choice_id, said.number, said.text)
                    for said in one.answers.order_by("question__code")
                ]
                for one in responses
            ],
        }


# --- the comparison ---------------------------------------------------------------------------
@pytest.fixture
def year(monkeypatch):
    """A small year of which all mail is kept."""
    monkeypatch.setattr("analytics.demo.write.KEPT_FOR", timedelta(days=500))
    ensure_call_back_survey()
    rng = random.Random(7)
    company = found_company(topics(), password=None)
    # So many that most write once: what they were asked then depends on no other record.
    crowd = gather_crowd(
        rng, count=900, organisations=3, managers=[company.staff[0].user], now=NOW
    )
    plans = plan_year(rng, company=company, crowd=crowd, topics=topics(), size=SIZE, now=NOW)
    asks = Asking(rng, NOW).everybody(plans)
    write_crowd(crowd)
    once = [plan for plan in plans if sum(other.person is plan.person for other in plans) == 1]
    return company, asks, telling(once)


def telling(plans, at_most=18):
    """A few plans in which everything occurs: each adds a step after a step that no other has."""
    seen: set[tuple[object, object]] = set()
    chosen: list[Plan] = []
    for plan in sorted(plans, key=lambda plan: (plan.steps[0].photo is None, -len(plan.steps))):
        words = [describe(step) for step in plan.steps]
        news = set(zip(["", *words], words, strict=False)) - seen
        if news and len(chosen) < at_most:
            seen |= news
            chosen.append(plan)
    return chosen


def describe(step):
    details = ("photo", "then", "to", "state", "reason", "solved", "is_automatic", "channel")
    return (type(step).__name__, *(str(getattr(step, name, "")) for name in details))


def in_a_transaction_that_is_undone(work):
    with transaction.atomic():
        found = work()
        transaction.set_rollback(True)
    return found


def test_the_ledger_and_the_services_write_the_same(year):
    company, asks, plans = year
    # The ledger knows when answers are due; the demo's open records get the clocks of what else
    # is promised when all is written (analytics.demo.make).
    SLATarget.objects.filter(metric__in=["progress_update", "resolution"]).delete()

    def through_services():
        return [Picture(Replay().play(plan.steps)).everything() for plan in plans]

    def through_the_ledger():
        some = [ask for ask in asks if ask.plan in plans]
        ledgers = write_records(company, plans, some, now=NOW)
        return [Picture(ledger.feedback.pk).everything() for ledger in ledgers]

    expected = in_a_transaction_that_is_undone(through_services)
    found = in_a_transaction_that_is_undone(through_the_ledger)

    kinds = {type(step) for plan in plans for step in plan.steps}
    assert kinds >= {Receive, Assign, Categorise, Prioritise, Tag, Note, Answer, Write, Move}
    assert kinds >= {Invite, Rate, CallBack}
    assert any(right["files"] for right in expected)
    for plan, right, made in zip(plans, expected, found, strict=True):
        for part, rows in right.items():
            assert made[part] == rows, (part, plan.steps)
