"""What can happen to a record, as the demo company tells it: one class per service call."""

from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import Customer, Team, User
from feedback.enums import Channel, Priority, State
from feedback.models import Category, Mailbox, Product


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
class Rate(Step):
    """services.followup.record_satisfaction, by way of the call-back survey. `scores` holds
    the four stars (1–5) by code; `began` is when the customer opened the survey."""

    scores: dict[str, int] = field(hash=False)
    solved: bool
    comment: str = ""
    began: datetime

    @property
    def overall(self) -> int:
        return self.scores["overall"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBack(Step):
    """services.followup.finish_task for the open call-back task."""

    by: User
    outcome: str


def state_after(steps: list[Step]) -> State:
    """The state in which these steps leave a record."""
    state = State.NEW
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
            case Rate(solved=False) if state == State.RESOLVED:
                state = State.OPEN
    return state


_REOPENED_BY_A_MESSAGE = {State.WAITING_CUSTOMER, State.WAITING_THIRD, State.RESOLVED}
