"""What rules may do to a record: each action declared once, with what has to be said for it.

Actions are kept as JSON, `{"do": "set_priority", "priority": 4}`. Apps above add theirs with
`register_action` in AppConfig.ready(). An action changes the database and nothing else, inside
the caller's transaction: a trial does it and takes it back. What leaves the house (mail,
webhooks) is queued as rows and handed over later.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from config.kernel.punctuation import clauses, labelled

Options = Sequence[tuple[Any, str]]
Values = Mapping[str, Any]
Kept = dict[str, Any]
MOST_ACTIONS = 12
LONGEST = 4000


@dataclass(frozen=True, slots=True)
class Param:
    """Something that has to be said for an action: one of `options` (value, label), a whole
    number up to `most`, or a text of up to `most` characters. `rows_of`: the model whose primary
    keys the options are, so that another installation can be told which row is meant."""

    name: str
    label: str | Promise
    options: Callable[[], Options] | None = None
    is_number: bool = False
    is_long: bool = False
    required: bool = True
    most: int = LONGEST
    rows_of: Any = None


@dataclass(frozen=True, slots=True)
class Acting:
    """On whose account something is done: a rule, and `key`, which is new each time it runs."""

    rule_id: int
    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Action:
    """`run(feedback_id, values, acting)` does it and gives "", or why it was left undone (a
    sentence); it raises DomainError when it must not be done. `sets`: field → the value it has
    afterwards; `adds`: events that it causes anew each time. Both are for finding loops."""

    code: str
    label: str | Promise
    run: Callable[[int, Values, Acting], str]
    params: tuple[Param, ...] = ()
    sets: Callable[[Values], Mapping[str, Hashable]] = field(default=lambda _values: {})
    adds: frozenset[str] = frozenset()


_actions: dict[str, Action] = {}


def register_action(action: Action) -> Action:
    _actions[action.code] = action
    return action


def all_actions() -> list[Action]:
    return list(_actions.values())


def action_of(kept: Mapping[str, Any]) -> Action | None:
    return _actions.get(str(kept.get("do")))


class Choices:
    """The options of parameters, each asked for once however many rules name them."""

    def __init__(self) -> None:
        self._known: dict[Callable[[], Options], Options] = {}

    def of(self, param: Param) -> Options:
        if param.options is None:
            return ()
        if param.options not in self._known:
            self._known[param.options] = list(param.options())
        return self._known[param.options]

    def label(self, param: Param, value: Any) -> str:
        if param.options is None:
            return str(value)
        return next((str(label) for key, label in self.of(param) if key == value), "")


def clean_actions(raw: Any, choices: Choices) -> tuple[list[Kept], list[str]]:
    """What may be kept, and what is wrong with it in words."""
    if not isinstance(raw, list) or not all(isinstance(one, dict) for one in raw):
        return [], [_("These are not actions.")]
    if not raw:
        return [], [_("Say what this rule does.")]
    if len(raw) > MOST_ACTIONS:
        return [], [_("A rule does at most %(most)d things.") % {"most": MOST_ACTIONS}]
    kept, problems = [], []
    for number, one in enumerate(raw, 1):
        action = action_of(one)
        if action is None:
            words = _("there is no action “%(code)s”") % {"code": str(one.get("do"))[:40]}
            problems.append(_about(number, words))
            continue
        values: Kept = {"do": action.code}
        for param in action.params:
            try:
                values[param.name] = _clean(param, one.get(param.name), choices)
            except ValueError as wrong:
                problems.append(_about(number, labelled(param.label, wrong)))
        kept.append(values)
    return kept, problems


def _about(number: int, words: str) -> str:
    return labelled(_("Action %(number)d") % {"number": number}, words)


def _clean(param: Param, raw: Any, choices: Choices) -> Any:
    text = str(raw if raw is not None else "").replace("\x00", "").strip()
    if not text:
        if param.required:
            raise ValueError(_("Say what."))
        return "" if param.options is None and not param.is_number else None
    if param.options is not None:
        for value, _label in choices.of(param):
            if str(value) == text:
                return value
        raise ValueError(_("This is not there (any more)."))
    if param.is_number:
        if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:9]) <= param.most:
            raise ValueError(_("A whole number from 1 to %(most)d.") % {"most": param.most})
        return int(text)
    if len(text) > param.most:
        raise ValueError(_("At most %(most)d characters.") % {"most": param.most})
    return text


def action_words(kept: Mapping[str, Any], choices: Choices) -> str:
    """What an action does, for people."""
    action = action_of(kept)
    if action is None:
        return str(kept.get("do"))
    said = [choices.label(one, kept.get(one.name)) for one in action.params]
    said = [words if len(words) <= 80 else f"{words[:80]}…" for words in said if words]
    return labelled(action.label, clauses(said)) if said else str(action.label)


def set_by(actions: Sequence[Mapping[str, Any]]) -> dict[str, Hashable]:
    """field → the value that these actions leave behind."""
    found: dict[str, Hashable] = {}
    for one in actions:
        action = action_of(one)
        if action is not None:
            found |= action.sets(one)
    return found


def added_by(actions: Sequence[Mapping[str, Any]]) -> frozenset[str]:
    known = (action_of(one) for one in actions)
    return frozenset(event for one in known if one is not None for event in one.adds)
