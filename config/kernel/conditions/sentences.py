from collections.abc import Callable, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from config.kernel.conditions.condition import GROUPS, Condition, Tree
from config.kernel.conditions.operators import AND, NOT, Shape
from config.kernel.conditions.spans import Spans
from config.kernel.punctuation import listed


def sentence(condition: Condition, language: str | None = None) -> str:
    """What the condition says: "Channel is E-mail and Priority is High or Urgent". `language`
    is a code of settings.LANGUAGES, by default the active one."""
    with translation.override(language or translation.get_language()):
        if condition.is_always:
            return _("Always")
        return _said(condition, condition.tree)


def either(words: Sequence[object]) -> str:
    """ "a, b or c" """
    return _last_joined(words, lambda: _("%(first)s or %(last)s"))


def both(words: Sequence[object]) -> str:
    """ "a, b and c" """
    return _last_joined(words, lambda: _("%(first)s and %(last)s"))


def _last_joined(words: Sequence[object], pattern: Callable[[], str]) -> str:
    if len(words) == 1:
        return str(words[0])
    return pattern() % {"first": listed(words[:-1]), "last": words[-1]}


def _said(condition: Condition, tree: Tree) -> str:
    head, *children = tree
    if head in GROUPS:
        parts = [_inner(condition, child) for child in children]
        joint = (
            pgettext("between conditions", " and ")
            if head == AND
            else pgettext("between conditions", " or ")
        )
        return joint.join(parts)
    if head == NOT:
        return _("not (%(condition)s)") % {"condition": _said(condition, children[0])}
    return _test(condition, tree)


def _inner(condition: Condition, tree: Tree) -> str:
    said = _said(condition, tree)
    if tree[0] in GROUPS:
        return pgettext("conditions of a group", "(%(conditions)s)") % {"conditions": said}
    return said


def _test(condition: Condition, leaf: Tree) -> str:
    test = condition.test(leaf)
    field, operator, wanted = test.field, test.operator, test.wanted

    def one(value: Any) -> str:
        return field.say(value, condition.lookup)

    words: dict[str, object] = {"field": field.label}
    match operator.shape:
        case Shape.ONE:
            words["value"] = one(wanted)
        case Shape.PAIR:
            words |= {"low": one(wanted[0]), "high": one(wanted[1])}
        case Shape.SPAN:
            words["value"] = Spans.say(wanted)
        case Shape.MANY:
            said = [one(value) for value in wanted]
            words["value"] = both(said) if operator.joined == "and" else either(said)
    return field.sentence(operator) % words
