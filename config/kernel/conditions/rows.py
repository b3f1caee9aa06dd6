"""Rows of a table that a condition may name: by a key that stays, or by what people call them."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from config.kernel.conditions.fold import fold

Key = int | str
OFFERED = 200  # so many rows are offered to choose from; of longer tables one types the name


@dataclass(frozen=True, slots=True)
class Named:
    """A row as somebody wrote it, before its key is known."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """`rows` gives all of them, also those that are put away: a kept condition may name them.
    `key` is the column that stands in trees: a code, or the primary key. `names` are columns by
    which people call a row; one that fits several rows is refused. `offered` narrows `rows` to
    what may be chosen today. `below` gives the keys of all branches under some, themselves too.
    """

    rows: Callable[[], QuerySet[Any]]
    key: str = "pk"
    names: tuple[str, ...]
    label: Callable[[Any], str] = str
    offered: Callable[[QuerySet[Any]], QuerySet[Any]] | None = None
    below: Callable[[Collection[Key]], Collection[Key]] | None = None

    @property
    def by_number(self) -> bool:
        return self.key == "pk"

    def key_of(self, row: Any) -> Key:
        found: Key = getattr(row, self.key)
        return found

    def names_of(self, row: Any) -> list[str]:
        return [name for column in self.names if (name := getattr(row, column))]

    def fits(self, raw: Any) -> bool:
        """Whether `raw` could be a key."""
        if self.by_number:
            return isinstance(raw, int) and not isinstance(raw, bool) and 0 < raw < 2**63
        return isinstance(raw, str) and 0 < len(raw) <= 200

    def called(self, names: Iterable[str]) -> Q:
        folded = list(names)
        found = Q()
        for column in self.names:
            found |= Q(**{f"{column}__fold__in": folded})
        return found


class Lookup:
    """What was already read of the tables that conditions name. Give the same one to several
    calls and each row is asked for once."""

    def __init__(self) -> None:
        self._rows: dict[Rows, dict[Key, Any | None]] = {}
        self._called: dict[Rows, dict[str, list[Any]]] = {}

    def by_key(self, source: Rows, keys: Iterable[Key]) -> dict[Key, Any]:
        """Key → row of those that exist; at most one query."""
        known = self._rows.setdefault(source, {})
        missing = [key for key in set(keys) if key not in known]
        if missing:
            known.update(dict.fromkeys(missing))
            for row in source.rows().filter(**{f"{source.key}__in": missing}):
                known[source.key_of(row)] = row
        return {key: row for key in keys if (row := known.get(key)) is not None}

    def by_name(self, source: Rows, names: Iterable[str]) -> Mapping[str, list[Any]]:
        """Name → the rows that are called so, whatever the case; at most one query."""
        known = self._called.setdefault(source, {})
        folded = {name: fold(name) for name in names}
        missing = {one for one in folded.values() if one not in known}
        if missing:
            known.update({name: [] for name in missing})
            for row in source.rows().filter(source.called(missing)):
                for name in {fold(own) for own in source.names_of(row)} & missing:
                    known[name].append(row)
                self._rows.setdefault(source, {})[source.key_of(row)] = row
        return {name: known[one] for name, one in folded.items()}

    def key_named(self, source: Rows, name: str) -> Key:
        """The key of the one row that `name` means: its code, or what it is called. Raises
        LookupError with a sentence when there is none or more than one."""
        if not source.by_number and self.by_key(source, [name]):
            return name
        found = self.by_name(source, [name])[name]
        if not found:
            raise LookupError(_("There is no “%(name)s” here.") % {"name": name})
        if len(found) > 1:
            keys = ", ".join(str(source.key_of(row)) for row in found[:5])
            raise LookupError(
                _("“%(name)s” is the name of several: write one of %(keys)s instead.")
                % {"name": name, "keys": keys}
            )
        return source.key_of(found[0])
