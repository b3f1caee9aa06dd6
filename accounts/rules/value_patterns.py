"""Patterns that people write for values: a small, safe part of regular expressions.

Python's engine tries alternatives one after the other, and a careless pattern makes it try more
of them than there are seconds (`(a+)+b`). So a pattern is read here before it is kept: what it
may contain, and in how many ways a text could be divided among its parts.
"""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

LONGEST_PATTERN = 200
LONGEST_VALUE = 200  # of a field that has a pattern
MOST_WAYS = 1_000_000  # about a tenth of a second
_CLASSES = frozenset("dDwWsS")
_QUANTIFIER = re.compile(r"\{(\d{1,3})(,(\d{0,3}))?\}")


class PatternRefused(ValueError):
    """`message` says why, for the person who wrote it."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern for `fullmatch`. Raises PatternRefused for one that is too long, uses what is
    not offered (lookarounds, back references), is no pattern, or could take too long."""
    pattern = pattern.removeprefix("^")
    if not pattern.endswith("\\$"):
        pattern = pattern.removesuffix("$")
    if len(pattern) > LONGEST_PATTERN:
        raise PatternRefused(_("The pattern is too long."))
    _Reader(pattern).read()
    try:
        return re.compile(pattern)
    except (re.error, OverflowError) as broken:
        raise PatternRefused(_("This is not a pattern: %(why)s") % {"why": broken}) from broken


@dataclass(slots=True)
class _Group:
    varies: bool = False  # it can match texts of different lengths, or in different ways


class _Reader:
    """One pass over the pattern. `ways` counts in how many ways its parts can share a text."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.ways = 1
        self.open: list[_Group] = [_Group()]

    def read(self) -> None:
        while self.at < len(self.pattern):
            group = self._atom()
            self._quantifier(group)
            if self.ways > MOST_WAYS:
                raise PatternRefused(
                    _("Too many parts of any length: say how long each can be, like {2,8}.")
                )
        if len(self.open) > 1:
            raise PatternRefused(_("A bracket is not closed."))

    def _atom(self) -> _Group | None:
        """One piece; the group that ends here, if one does."""
        mark = self.pattern[self.at]
        self.at += 1
        match mark:
            case "\\":
                self._escape()
            case "[":
                self._class()
            case "(":
                self._begin_group()
            case ")":
                if len(self.open) == 1:
                    raise PatternRefused(_("A bracket is closed that was not opened."))
                return self.open.pop()
            case "|":
                self._vary(2)
            case "*" | "+" | "?" | "{" | "^" | "$":
                raise PatternRefused(_("“%(mark)s” has no meaning here.") % {"mark": mark})
        return None

    def _escape(self) -> None:
        if self.at >= len(self.pattern):
            raise PatternRefused(_("The pattern ends in the middle."))
        mark = self.pattern[self.at]
        self.at += 1
        if mark.isalnum() and mark not in _CLASSES:
            raise PatternRefused(
                _("“%(mark)s” cannot be used in a pattern.") % {"mark": f"\\{mark}"}
            )

    def _class(self) -> None:
        at = self.at + (self.pattern[self.at : self.at + 1] == "^")
        at += self.pattern[at : at + 1] == "]"
        while at < len(self.pattern) and self.pattern[at] != "]":
            if self.pattern[at] == "[":
                raise PatternRefused(_("“%(mark)s” has no meaning here.") % {"mark": "["})
            at += 2 if self.pattern[at] == "\\" else 1
        if at >= len(self.pattern):
            raise PatternRefused(_("A bracket is not closed."))
        inside = self.pattern[self.at : at]
        for mark in ("--", "&&", "||", "~~"):  # meant for sets of sets, which there are not yet
            if mark in inside:
                raise PatternRefused(_("“%(mark)s” has no meaning here.") % {"mark": mark})
        self.at = at + 1

    def _begin_group(self) -> None:
        if self.pattern.startswith("?:", self.at):
            self.at += 2
        elif self.pattern.startswith("?", self.at):
            raise PatternRefused(_("“%(mark)s” cannot be used in a pattern.") % {"mark": "(?"})
        self.open.append(_Group())

    def _quantifier(self, group: _Group | None) -> None:
        low, high, length = self._range()
        self.at += length
        if group is not None and group.varies:
            self.open[-1].varies = True
            if high > 1:
                raise PatternRefused(
                    _("A group that is repeated cannot hold parts of different lengths.")
                )
        if high > low:
            self._vary(high - low + 1)
        if length and self.pattern[self.at : self.at + 1] in {"*", "+", "?", "{"}:
            mark = self.pattern[self.at]
            raise PatternRefused(_("“%(mark)s” has no meaning here.") % {"mark": mark})

    def _range(self) -> tuple[int, int, int]:
        """How often the last piece comes, at least and at most, and how that is written."""
        mark = self.pattern[self.at : self.at + 1]
        if mark == "?":
            return 0, 1, 1
        if mark in {"*", "+"}:
            return int(mark == "+"), LONGEST_VALUE, 1
        if found := _QUANTIFIER.match(self.pattern, self.at):
            low = int(found[1])
            high = low if found[2] is None else int(found[3] or LONGEST_VALUE)
            return low, min(high, LONGEST_VALUE), len(found[0])
        return 1, 1, 0

    def _vary(self, ways: int) -> None:
        self.open[-1].varies = True
        self.ways *= ways
