"""From a tree (JSON, of whatever origin) to a condition that can be run.

Nothing is taken for granted and nothing is passed over: what is not known is a problem.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from config.kernel.conditions.condition import GROUPS, Condition, Tree
from config.kernel.conditions.errors import (
    ConditionInvalid,
    FieldNotKnown,
    Misfit,
    Path,
    Problem,
)
from config.kernel.conditions.fields import Field
from config.kernel.conditions.operators import AND, NOT, OPERATORS, Needs, Operator, Shape
from config.kernel.conditions.rows import Lookup, Named, Rows
from config.kernel.conditions.vocabulary import Vocabulary
from config.kernel.punctuation import labelled

DEEPEST = 12
MOST_NODES = 200
MOST_VALUES = 500
MOST_CHARACTERS = 20_000  # of all values; written down, quotes and all, they fit into a text
EVERYTHING = frozenset(Needs)
Spans = Mapping[Path, tuple[int, int]]


class _Refused(Exception):
    def __init__(self, message: str, path: Path) -> None:
        super().__init__(message)
        self.message, self.path = message, path


class _TooMuch(Exception):
    """There is no sense in reading on."""


class _Reader:
    def __init__(self, vocabulary: Vocabulary, allowed: frozenset[Needs], spans: Spans) -> None:
        self.vocabulary = vocabulary
        self.allowed = allowed
        self.spans = spans
        self.problems: list[Problem] = []
        # Where the tree names rows of a table: (path, their table, list or tree, index in it).
        self.named: list[tuple[Path, Rows, list[Any], int]] = []
        self.nodes = self.values = self.characters = 0

    def refuse(self, message: str, path: Path) -> None:
        near = path
        while near and near not in self.spans:
            near = near[:-1]
        self.problems.append(Problem(message, path, self.spans.get(near)))

    def read(self, raw: Any) -> Tree | None:
        if raw == [AND]:
            return [AND]
        try:
            return self._tree(raw, ())
        except _TooMuch as stop:
            self.refuse(str(stop), ())
        except _Refused as refused:
            self.refuse(refused.message, refused.path)
        return None

    def _tree(self, raw: Any, path: Path) -> Tree:
        self.nodes += 1
        if self.nodes > MOST_NODES:
            raise _TooMuch(_("The condition is too long: split it in two."))
        if len(path) > DEEPEST:
            raise _TooMuch(_("The condition has too many groups inside each other."))
        if not isinstance(raw, list) or not raw or not isinstance(raw[0], str):
            raise _Refused(_("This is not a condition."), path)
        if raw[0] in GROUPS or raw[0] == NOT:
            return self._group(raw, path)
        return self._test(raw, path)

    def _group(self, raw: Tree, path: Path) -> Tree:
        head, *children = raw
        if not children:
            raise _Refused(_("This group is empty: add a row, or remove it."), path)
        if head == NOT and len(children) != 1:
            raise _Refused(_("“not” stands before one condition."), path)
        read = []
        for at, child in enumerate(children, start=1):
            try:
                read.append(self._tree(child, (*path, at)))
            except _Refused as refused:  # the others may have something too
                self.refuse(refused.message, refused.path)
        if head != NOT and len(read) == 1:
            return read[0]
        return [head, *read]

    def _test(self, raw: Tree, path: Path) -> Tree:
        field, operator = self._question(raw, path)
        if operator.shape is Shape.NONE:
            if len(raw) != 2:
                raise _Refused(_("Nothing follows “%(operator)s”.") % named(operator), path)
            return [operator.code, field.name]
        if len(raw) != 3:
            raise _Refused(_("“%(operator)s” needs a value.") % named(operator), path)
        return self._with_value(field, operator, raw[2], path)

    def _question(self, raw: Tree, path: Path) -> tuple[Field, Operator]:
        code = raw[0]
        name = raw[1] if len(raw) > 1 else None
        if not isinstance(name, str):
            raise _Refused(_("This row has no field."), path)
        try:
            field = self.vocabulary.field(name)
        except FieldNotKnown:
            raise _Refused(unknown_field(self.vocabulary, name), (*path, 1)) from None
        operator = field.operator(code)
        if operator is None:
            raise _Refused(unknown_operator(field, code), (*path, 0))
        if operator.needs and operator.needs not in self.allowed:
            raise _Refused(not_here(operator), (*path, 0))
        return field, operator

    def _with_value(self, field: Field, operator: Operator, raw: Any, path: Path) -> Tree:
        given = raw if isinstance(raw, list) else [raw]
        self.values += len(given)
        self.characters += sum(len(one) for one in given if isinstance(one, str))
        if self.values > MOST_VALUES or self.characters > MOST_CHARACTERS:
            raise _TooMuch(_("The condition has too many values: split it in two."))
        try:
            value = field.read(operator, raw)
        except Misfit as misfit:
            message = labelled(field.label, misfit.message)
            raise _Refused(message, (*path, 2, *misfit.at)) from None
        read = [operator.code, field.name, value]
        source = getattr(field, "source", None)
        if source is not None:
            many = operator.shape is Shape.MANY
            holder, first = (value, 0) if many else (read, 2)
            for at in range(first, len(holder)):
                place = (*path, 2, at) if many else (*path, 2)
                self.named.append((place, source, holder, at))
        return read

    def look_up(self, lookup: Lookup) -> None:
        """Put keys in place of names, and make sure that each key exists."""
        gather([self], lookup)
        for path, source, holder, at in self.named:
            wanted = holder[at]
            if isinstance(wanted, Named):
                try:
                    holder[at] = lookup.key_named(source, wanted.name)
                except LookupError as missing:
                    self.refuse(str(missing), path)
            elif not lookup.by_key(source, [wanted]):
                self.refuse(_("There is no “%(name)s” here.") % {"name": wanted}, path)


def gather(readers: Iterable[_Reader], lookup: Lookup) -> None:
    """Read all rows that are named anywhere: two queries a table at most."""
    wanted_of: dict[Rows, tuple[set[Any], set[str]]] = {}
    for reader in readers:
        for _path, source, holder, at in reader.named:
            by_key, by_name = wanted_of.setdefault(source, (set(), set()))
            wanted = holder[at]
            if isinstance(wanted, Named):
                by_name.add(wanted.name)
                if not source.by_number:
                    by_key.add(wanted.name)
            else:
                by_key.add(wanted)
    for source, (by_key, by_name) in wanted_of.items():
        lookup.by_key(source, by_key)
        left = (
            by_name - by_key
            if source.by_number
            else {name for name in by_name if not lookup.by_key(source, [name])}
        )
        lookup.by_name(source, left)


def read_tree(
    raw: Any,
    vocabulary: Vocabulary,
    *,
    allowed: frozenset[Needs] = EVERYTHING,
    lookup: Lookup | None = None,
    spans: Spans | None = None,
) -> Condition:
    """Check `raw` and bring it into its one form. Raises ConditionInvalid with every problem.

    `allowed` is what the place has where it will run: a list has no event. Rows that it names are
    looked up, so that a kept condition about a team that is gone is found out and not run.
    """
    lookup = lookup or Lookup()
    reader = _Reader(vocabulary, allowed, spans or {})
    tree = reader.read(raw)
    reader.look_up(lookup)
    if tree is None or reader.problems:
        raise ConditionInvalid(reader.problems)
    return Condition(vocabulary, _arranged(tree, vocabulary), lookup)


def read_trees(
    raws: Iterable[Any],
    vocabulary: Vocabulary,
    *,
    allowed: frozenset[Needs] = EVERYTHING,
    lookup: Lookup | None = None,
) -> list[Condition | ConditionInvalid]:
    """The same for many, in as many queries as for one; what is invalid is in its place as the
    error that says why."""
    lookup = lookup or Lookup()
    raws = list(raws)
    readers = [_Reader(vocabulary, allowed, {}) for _raw in raws]
    for reader, raw in zip(readers, raws, strict=True):
        reader.read(raw)
    gather(readers, lookup)
    read: list[Condition | ConditionInvalid] = []
    for raw in raws:
        try:
            read.append(read_tree(raw, vocabulary, allowed=allowed, lookup=lookup))
        except ConditionInvalid as invalid:
            read.append(invalid)
    return read


def _arranged(tree: Tree, vocabulary: Vocabulary) -> Tree:
    """Rows in the order of their keys, now that these are known; two names may be one row."""
    if tree[0] in GROUPS or tree[0] == NOT:
        return [tree[0], *(_arranged(child, vocabulary) for child in tree[1:])]
    many = OPERATORS[tree[0]].shape is Shape.MANY
    if many and hasattr(vocabulary.field(tree[1]), "source"):
        return [*tree[:2], sorted(set(tree[2]))]
    return tree


def named(operator: Operator) -> dict[str, Any]:
    return {"operator": operator.phrases[0]}


def unknown_field(vocabulary: Vocabulary, name: str) -> str:
    like = vocabulary.like(name)
    if like:
        return _("There is no field “%(name)s”. Did you mean %(like)s?") % {
            "name": name[:80],
            "like": like,
        }
    return _("There is no field “%(name)s”.") % {"name": name[:80]}


def unknown_operator(field: Field, code: str) -> str:
    known = ", ".join(operator.phrases[0] for operator in field.operators)
    return _("“%(operator)s” cannot be asked of %(field)s. It knows: %(known)s.") % {
        "operator": OPERATORS[code].phrases[0] if code in OPERATORS else code[:80],
        "field": field.label,
        "known": known,
    }


def not_here(operator: Operator) -> str:
    if operator.needs is Needs.EVENT:
        return _("“%(operator)s” can only be asked when a record changes, not of a list.") % named(
            operator
        )
    return _("“%(operator)s” cannot be asked here: nobody is asking.") % named(operator)
