"""Places on the pages of records and tasks that apps above may fill; they register in
AppConfig.ready()."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.models import Customer
from feedback.models import Feedback, Task


@dataclass(frozen=True, slots=True)
class Panel:
    """A card beside the conversation: `template` is rendered with `context` and nothing else
    besides `user` and `csrf_token`."""

    title: Any
    template: str
    context: dict[str, Any] = field(default_factory=dict)
    icon: str = "panel-right"
    # Right below what is decided about the record, because it helps to decide.
    is_first: bool = False


Source = Callable[[Feedback, Any], Panel | None]
Facts = Callable[[Any], Mapping[str, Any]]
_sources: list[Source] = []
_facts: list[Facts] = []


def register_panel(source: Source, facts: Facts | None = None) -> Source:
    """`source(feedback, user)` gives the card for one record, in a fixed number of queries, or
    None when there is nothing to show. `facts(user)`: annotations (name → expression on records)
    that are read along with the record of a page, so that a source need not ask for what is
    not there; a record from elsewhere comes without them."""
    if source not in _sources:
        _sources.append(source)
    if facts is not None and facts not in _facts:
        _facts.append(facts)
    return source


def panel_facts(user: Any) -> dict[str, Any]:
    """What all panels want to be read along with a record."""
    return {name: one for facts in _facts for name, one in facts(user).items()}


def panels_for(feedback: Feedback, user: Any) -> list[Panel]:
    found = (source(feedback, user) for source in _sources)
    return [panel for panel in found if panel is not None]


@dataclass(frozen=True, slots=True)
class Fact:
    """A line among the facts of a customer."""

    label: Any
    value: str


FactSource = Callable[[Customer, Any], Fact | None]
_fact_sources: list[FactSource] = []


def register_customer_fact(source: FactSource) -> FactSource:
    """`source(customer, user)` gives one line for the page of a customer, or None."""
    if source not in _fact_sources:
        _fact_sources.append(source)
    return source


def facts_of(customer: Customer, user: Any) -> list[Fact]:
    found = (source(customer, user) for source in _fact_sources)
    return [fact for fact in found if fact is not None]


@dataclass(frozen=True, slots=True)
class TaskPage:
    """Where a task is done, when a word about what came of it is not enough."""

    label: Any
    url: str
    icon: str = "arrow-right"


TaskSource = Callable[[Task, Any], TaskPage | None]
_task_sources: list[TaskSource] = []


def register_task_page(source: TaskSource) -> TaskSource:
    """`source(task, user)` gives the page on which this person does an open task, or None when
    there is none for it."""
    if source not in _task_sources:
        _task_sources.append(source)
    return source


def page_for(task: Task, user: Any) -> TaskPage | None:
    """The first page that is offered; none for what is done."""
    if task.done_at is not None:
        return None
    found = (source(task, user) for source in _task_sources)
    return next((page for page in found if page is not None), None)


@dataclass(frozen=True, slots=True)
class Hint:
    """Something that whoever writes may want to say otherwise: `words` of the text, from `start`
    to `end`, and why in a `sentence`; without words, something that is missing. `level`: 1 it
    could be better, 2 it should be, 3 it should not leave like this."""

    sentence: Any
    words: str
    start: int
    end: int
    level: int = 2


ComposerCheck = Callable[[str, Feedback, Any], list[Hint]]
_checks: list[ComposerCheck] = []


def register_composer_check(check: ComposerCheck) -> ComposerCheck:
    """`check(text, feedback, user)` looks at what somebody writes to a customer, while they
    write: quickly, and without storing anything."""
    if check not in _checks:
        _checks.append(check)
    return check


def hints_for(text: str, feedback: Feedback, user: Any) -> list[Hint]:
    """What all checks say, in the order of the text, what is missing last."""
    found = [hint for check in _checks for hint in check(text, feedback, user)]
    return sorted(found, key=lambda one: (not one.words, one.start, one.end))


def light_of(hints: Iterable[Hint]) -> str:
    """red, amber or green: how bad the worst of them is."""
    worst = max((one.level for one in hints), default=1)
    return {3: "red", 2: "amber"}.get(worst, "green")
