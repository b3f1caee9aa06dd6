"""Plays a script into rows, exactly as the services of feedback would have written them.

Each method stands beside the service that it follows; a change there must be made here too, and
tests/demo/test_same_as_services.py fails until it is. What is left out on purpose: jobs, events
and notifications of open pages, because nothing of this happens now.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import singledispatchmethod
from typing import Any

from accounts.enums import OutgoingKind
from accounts.models import OutgoingMessage, User
from analytics.demo.asks import Ask
from analytics.demo.people import Person
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
    Step,
    Tag,
    Write,
)
from analytics.demo.store import Keys
from feedback.enums import (
    DONE_STATES,
    OUR_TURN,
    Channel,
    Direction,
    Metric,
    State,
    TaskKind,
    TimelineKind,
)
from feedback.models import Feedback, Message, Status, Task
from feedback.rules.promise import answer_due
from feedback.rules.workflow import ensure_step
from feedback.services.followup import CALL_BACK_WITHIN, UNHAPPY
from feedback.services.workflow import as_it_was, set_dates
from surveys.enums import InvitationState
from surveys.services.judging import SOLVED


@dataclass(slots=True, eq=False)
class Mail:
    """A mail about the record. `kind` None = the customer's own; `key` None = no longer kept."""

    kind: OutgoingKind | None
    at: datetime
    key: int | None = None
    message: Message | None = None
    ask: Ask | None = None


@dataclass(slots=True, eq=False)
class Entry:
    """A line of the timeline."""

    kind: TimelineKind
    actor: User | None
    note: str
    data: dict[str, Any]
    at: datetime


@dataclass(slots=True)
class Book:
    """What all ledgers share: keys for new rows, and facts about the company."""

    statuses: dict[State, Status]
    leads: dict[int, User]  # by team
    mail_kept_since: datetime
    numbers: Keys  # of exactly as many records: people read these, so there are no gaps
    feedback: Keys = field(default_factory=lambda: Keys.of(Feedback))
    messages: Keys = field(default_factory=lambda: Keys.of(Message))
    outgoing: Keys = field(default_factory=lambda: Keys.of(OutgoingMessage))
    tasks: Keys = field(default_factory=lambda: Keys.of(Task))


class Ledger:
    """The rows of one record."""

    def __init__(self, book: Book, person: Person) -> None:
        self.book, self.person = book, person
        self.feedback = Feedback()
        self.messages: list[Message] = []
        self.entries: list[Entry] = []
        self.mails: list[Mail] = []
        self.tasks: list[Task] = []
        self.tags: tuple[str, ...] = ()
        self.photo: tuple[str, int] | None = None
        self.now = datetime.max.replace(tzinfo=UTC)

    def play(self, steps: list[Step]) -> None:
        for step in steps:
            self.now = step.at.astimezone(UTC)  # as the database gives it back
            self._do(step)

    @singledispatchmethod
    def _do(self, step: Step) -> None:
        raise NotImplementedError(step)

    # --- services.records ---------------------------------------------------------------------
    def _tell(
        self, kind: TimelineKind, *, by: User | None = None, note: str = "", **data: Any
    ) -> None:
        self.entries.append(Entry(kind, by, note, data, self.now))

    def _save_change(self) -> None:
        self.feedback.version += 1

    # --- services.intake, services.acknowledgement --------------------------------------------
    @_do.register
    def _receive(self, step: Receive) -> None:
        status = self.book.statuses[State.NEW]
        team = step.category.team if step.category is not None else None
        if team is None and step.mailbox is not None:
            team = step.mailbox.team
        self.feedback = Feedback(
            pk=self.book.feedback.take(),
            number=self.book.numbers.take(),
            channel=step.channel,
            subject=step.subject,
            language=step.language,
            customer=step.customer,
            mailbox=step.mailbox,
            status=status,
            state=status.state,
            priority=step.priority,
            category=step.category,
            team=team,
            product=step.product,
            order_number=step.order_number,
            place=step.place,
            journey_stage=step.journey_stage,
            custom=step.custom,
            form=step.form,
            received_at=self.now,
            waiting_since=self.now,
            last_customer_message_at=self.now,
            reply_due_at=answer_due(self.now, step.priority),
        )
        self._message(Direction.IN, step.channel, step.text, address=step.sender_address)
        self.photo = step.photo
        self._tell(TimelineKind.RECEIVED, by=step.by, channel=step.channel)
        if step.channel == Channel.EMAIL:
            self._mail(None)
        if self.person.email:
            mail = self._mail(OutgoingKind.ACKNOWLEDGEMENT)
            gone = self.person.suppressed_at
            state = "suppressed" if gone is not None and gone <= self.now else "queued"
            self._tell(TimelineKind.ACKNOWLEDGED, outgoing=mail.key, state=state)

    def _message(
        self,
        direction: Direction,
        channel: str,
        text: str,
        *,
        by: User | None = None,
        address: str = "",
        is_automatic: bool = False,
    ) -> Message:
        message = Message(
            pk=self.book.messages.take(),
            feedback=self.feedback,
            direction=direction,
            channel=channel,
            author=by,
            author_name=by.name if by else self.feedback.customer.name,
            author_address=address,
            text=text,
            is_automatic=is_automatic,
            created_at=self.now,
        )
        self.messages.append(message)
        return message

    def _mail(
        self, kind: OutgoingKind | None, *, message: Message | None = None, ask: Ask | None = None
    ) -> Mail:
        kept = kind is not None and self.now > self.book.mail_kept_since
        mail = Mail(kind, self.now, self.book.outgoing.take() if kept else None, message, ask)
        self.mails.append(mail)
        return mail

    # --- services.assignment, services.details ------------------------------------------------
    @_do.register
    def _assign(self, step: Assign) -> None:
        feedback = self.feedback
        before = {"assignee": feedback.assignee_id, "team": feedback.team_id}
        feedback.assignee, feedback.team = step.assignee, step.team
        after = {"assignee": feedback.assignee_id, "team": feedback.team_id}
        if before == after:
            return
        self._save_change()
        name = step.assignee.name if step.assignee else ""
        self._tell(
            TimelineKind.ASSIGNED, by=step.by, before=before, after=after, assignee_name=name
        )

    @_do.register
    def _categorise(self, step: Categorise) -> None:
        by, category = step.by, step.category
        if self.feedback.category_id == category.pk:
            return
        before, self.feedback.category = self.feedback.category_id, category
        self._save_change()
        self._tell(TimelineKind.CATEGORY, by=by, before=before, after=category.pk)

    @_do.register
    def _prioritise(self, step: Prioritise) -> None:
        feedback, by, priority = self.feedback, step.by, step.priority
        if feedback.priority == priority:
            return
        before, feedback.priority = feedback.priority, priority
        moved = self._move_due(priority)
        self._save_change()
        self._tell(TimelineKind.PRIORITY, by=by, before=before, after=priority, **moved)

    def _move_due(self, priority: int) -> dict[str, Any]:
        """What services.sla_clocks writes by the policy of a fresh installation."""
        feedback, was = self.feedback, self.feedback.reply_due_at
        if was is None:
            return {}
        feedback.reply_due_at = due = answer_due(feedback.waiting_since, priority)
        if due is None or due == was:
            return {}
        first = feedback.first_response_at is None
        metric = Metric.FIRST_RESPONSE if first else Metric.NEXT_RESPONSE
        before, after = was.astimezone(UTC).isoformat(), due.astimezone(UTC).isoformat()
        move = {"metric": metric, "before": before, "after": after, "why": "priority"}
        return {"moves": [move]}

    @_do.register
    def _tag(self, step: Tag) -> None:
        by, before, self.tags = step.by, list(self.tags), tuple(sorted(step.names))
        if before == list(self.tags):
            return
        self._save_change()
        self._tell(TimelineKind.TAGS, by=by, before=before, after=list(self.tags))

    # --- services.replies ---------------------------------------------------------------------
    @_do.register
    def _note(self, step: Note) -> None:
        by = step.by
        note = self._message(Direction.NOTE, self.feedback.channel, step.text, by=by)
        self._save_change()
        self._tell(TimelineKind.NOTED, by=by, message=note.pk, mentions=[])

    @_do.register
    def _answer(self, step: Answer) -> None:
        feedback = self.feedback
        message = self._message(Direction.OUT, Channel.EMAIL, step.text, by=step.by)
        message.outgoing_id = self._mail(OutgoingKind.REPLY, message=message).key
        feedback.last_staff_message_at = self.now
        feedback.first_response_at = feedback.first_response_at or self.now
        feedback.waiting_since = feedback.reply_due_at = None
        feedback.assignee = feedback.assignee or step.by
        self._save_change()
        self._tell(TimelineKind.REPLIED, by=step.by, message=message.pk)
        then = step.then
        if then is None and feedback.state == State.NEW:
            then = State.OPEN
        if then is not None:
            self._change_status(then, by=step.by, message=message.pk)

    # --- services.conversation ----------------------------------------------------------------
    @_do.register
    def _write(self, step: Write) -> None:
        feedback = self.feedback
        address = self.person.email if step.channel == Channel.EMAIL else ""
        message = self._message(
            Direction.IN, step.channel, step.text, address=address, is_automatic=step.is_automatic
        )
        self._tell(TimelineKind.MESSAGE_IN, message=message.pk, automatic=step.is_automatic)
        if step.channel == Channel.EMAIL:
            self._mail(None)
        if step.is_automatic:
            self._save_change()
            return
        feedback.last_customer_message_at = self.now
        feedback.waiting_since = feedback.waiting_since or self.now
        due = answer_due(feedback.waiting_since, feedback.priority)
        feedback.reply_due_at = due if feedback.state in OUR_TURN else None
        self._save_change()
        if feedback.state in {State.WAITING_CUSTOMER, State.WAITING_THIRD, State.RESOLVED}:
            self._change_status(State.OPEN, by=None)

    # --- services.workflow --------------------------------------------------------------------
    @_do.register
    def _move(self, step: Move) -> None:
        self._change_status(step.to, by=step.by, note=step.note)

    def _change_status(
        self, wanted: State, *, by: User | None, note: str = "", **why: Any
    ) -> None:
        feedback, status = self.feedback, self.book.statuses[wanted]
        before = State(feedback.state)
        if before == wanted:
            return
        ensure_step(before, wanted)
        reopened = before in DONE_STATES and wanted not in DONE_STATES
        old_code, was = feedback.status.code, as_it_was(feedback)
        feedback.status, feedback.state = status, wanted
        set_dates(feedback, before, wanted, by=by, now=self.now)
        self._save_change()
        kind = TimelineKind.REOPENED if reopened else TimelineKind.STATUS
        codes = {"before": old_code, "after": status.code}
        self._tell(kind, by=by, note=note, was=was, **codes, **why)

    # --- surveys.services.inviting ------------------------------------------------------------
    @_do.register
    def _invite(self, step: Invite) -> None:
        if step.state == InvitationState.SENT:
            step.ask.outgoing = self._mail(OutgoingKind.SURVEY, ask=step.ask).key
        self._tell(
            TimelineKind.SURVEY, invitation=step.ask.key, state=step.state, reason=step.reason
        )

    # --- services.followup, surveys.services.judging ------------------------------------------
    @_do.register
    def _rate(self, step: Rate) -> None:
        feedback = self.feedback
        solved = SOLVED.get(step.solved)
        feedback.satisfaction, feedback.satisfaction_at = step.overall, self.now
        feedback.solved_for_customer = solved
        self._save_change()
        self._tell(TimelineKind.RATED, note=step.comment, overall=step.overall, solved=solved)
        if solved is False and feedback.state == State.RESOLVED:
            self._change_status(State.OPEN, by=None, note="not_solved")
        if step.overall <= UNHAPPY or solved is False:
            self._plan_call_back("not_solved" if solved is False else "low_score")
        if step.solved == "partly":
            self._plan_call_back("partly_solved")

    def _plan_call_back(self, reason: str) -> None:
        feedback = self.feedback
        if any(task.done_at is None for task in self.tasks):
            return
        lead = self.book.leads.get(feedback.team_id or 0, feedback.assignee)
        task = Task(
            pk=self.book.tasks.take(),
            feedback=feedback,
            kind=TaskKind.CALL_BACK,
            reason=reason,
            assignee=lead,
            due_at=self.now + CALL_BACK_WITHIN,
            created_at=self.now,
        )
        self.tasks.append(task)
        self._tell(TimelineKind.TASK, task=task.pk, reason=reason)

    @_do.register
    def _finish_task(self, step: CallBack) -> None:
        for task in self.tasks:
            if task.done_at is None:
                task.done_at, task.done_by, task.outcome = self.now, step.by, step.outcome
                self._save_change()
                self._tell(
                    TimelineKind.TASK, by=step.by, note=step.outcome, task=task.pk, done=True
                )
