"""What can happen to a record, as the demo company tells it: one class per service call."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from accounts.models import Customer, Team, User
from feedback.enums import Channel, Priority, State
from feedback.models import Category, FormDefinition, Mailbox, Product
from feedback.services.followup import UNHAPPY

if TYPE_CHECKING:
    from analytics.demo.asks import Ask


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Receive(Step):
    """services.intake.receive_feedback; `by` took it down."""

    channel: Channel
    customer: Customer
    subject: str
    text: str
    language: str
    category: Category | None = None
    product: Product | None = None
    order_number: str = ""
    place: str = ""
    journey_stage: str = ""
    priority: Priority = Priority.NORMAL
    mailbox: Mailbox | None = None
    sender_address: str = ""
    custom: dict[str, Any] = field(default_factory=dict)
    form: FormDefinition | None = None
    photo: tuple[str, int] | None = None  # scene and variant, see module pictures
    by: User | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(Step):
    by: User
    assignee: User | None
    team: Team


@dataclass(frozen=True, slots=True, kw_only=True)
class Categorise(Step):
    by: User
    category: Category


@dataclass(frozen=True, slots=True, kw_only=True)
class Prioritise(Step):
    by: User
    priority: Priority


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag(Step):
    by: User
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Step):
    by: User
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Step):
    """services.replies.send_reply; `then` = the state afterwards, None = as the service does."""

    by: User
    text: str
    then: State | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Write(Step):
    """services.conversation.add_customer_message."""

    channel: Channel
    text: str
    is_automatic: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Move(Step):
    """services.workflow.change_status; `by` None = nobody in person."""

    by: User | None
    to: State
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite(Step):
    """The call-back survey of one solution: sent, or why not (surveys.services.inviting). Only
    what the record's timeline tells of is a step; see `asks.Ask` for the whole."""

    ask: Ask
    state: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(Step):
    """surveys.services.answering.submit_response, and what follows from it in
    feedback.services.followup. `scores` holds stars (1–5) by question code; `solved` is "yes",
    "partly" or "no"; `began` is when the customer opened the page."""

    ask: Ask
    began: datetime
    scores: dict[str, int]
    solved: str
    comment: str = ""

    @property
    def overall(self) -> int:
        return self.scores["overall"]

    @property
    def calls_for_a_call(self) -> bool:
        return self.overall <= UNHAPPY or self.solved != "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBack(Step):
    """services.followup.finish_task for the open call-back task."""

    by: User
    outcome: str


def state_after(steps: list[Step], state: State = State.NEW) -> State:
    """Where these steps lead a record that is in `state`."""
    for step in steps:
        match step:
            case Answer(then=None):
                state = State.OPEN if state == State.NEW else state
            case Answer(then=State() as then):
                state = then
            case Move(to=to):
                state = to
            case Write(is_automatic=False) if state in _REOPENED_BY_A_MESSAGE:
                state = State.OPEN
            case Rate(solved="no") if state == State.RESOLVED:
                state = State.OPEN
    return state


_REOPENED_BY_A_MESSAGE = {State.WAITING_CUSTOMER, State.WAITING_THIRD, State.RESOLVED}
