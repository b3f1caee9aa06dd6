"""A condition while it is edited: groups and rows, possibly unfinished, or a text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from config.kernel.conditions.condition import GROUPS, Condition, Tree
from config.kernel.conditions.editors import inputs_for, kinds, value_of
from config.kernel.conditions.errors import FieldNotKnown, Path
from config.kernel.conditions.operators import AND, NOT, OPERATORS, OR
from config.kernel.conditions.rows import Named
from config.kernel.conditions.vocabulary import Vocabulary
from config.kernel.conditions.writing import write

MOST_NODES = 60  # a longer condition is edited as text
DEEPEST = 4
KINDS = ("all", "any", "none", "not_all")


class Damaged(ValueError):
    """What was posted is no form of ours."""


@dataclass(slots=True)
class Row:
    id: str
    about: str = ""  # name of the field
    operator: str = ""
    inputs: list[str] = field(default_factory=list)
    kind: str = ""  # of the editor that the inputs are from


@dataclass(slots=True)
class Group:
    id: str
    kind: str = "all"
    children: list["Row | Group"] = field(default_factory=list)

    def walk(self) -> Iterator[tuple["Group", "Row | Group"]]:
        """Each row and group below, with the group it lies in."""
        for child in self.children:
            yield self, child
            if isinstance(child, Group):
                yield from child.walk()

    def find(self, wanted: str) -> "tuple[Group | None, Row | Group] | None":
        if self.id == wanted:
            return None, self
        return next((found for found in self.walk() if found[1].id == wanted), None)


@dataclass(slots=True)
class Draft:
    """`is_text` says in which of the two ways it is edited. `is_open`: a button changed its
    shape, so it waits for its reader and is not to be saved yet."""

    root: Group
    text: str = ""
    is_text: bool = False
    is_open: bool = False

    def raw(self, vocabulary: Vocabulary) -> tuple[Any, dict[Path, str]]:
        """The tree, unchecked, and the id of the row or group at each place of it."""
        places: dict[Path, str] = {}
        if not self.root.children:
            return [AND], places
        return _raw_group(self.root, vocabulary, (), places), places


def _raw(node: Row | Group, vocabulary: Vocabulary, path: Path, places: dict[Path, str]) -> Any:
    if isinstance(node, Group):
        return _raw_group(node, vocabulary, path, places)
    places[path] = node.id
    try:
        about = vocabulary.field(node.about)
    except FieldNotKnown:
        return [node.operator, node.about]
    operator = about.operator(node.operator)
    if operator is None or kinds(about, operator) == ("none",):
        return [node.operator, node.about]
    return [operator.code, about.name, value_of(about, operator, node.kind, node.inputs)]


def _raw_group(group: Group, vocabulary: Vocabulary, path: Path, places: dict[Path, str]) -> Tree:
    places[path] = group.id
    negated = group.kind in {"none", "not_all"}
    inner = (*path, 1) if negated else path
    single = negated and len(group.children) == 1
    children = [
        _raw(child, vocabulary, inner if single else (*inner, at), places)
        for at, child in enumerate(group.children, start=1)
    ]
    head = AND if group.kind in {"all", "not_all"} else OR
    if not negated:
        return [head, *children]
    return [NOT, children[0] if single else [head, *children]]


# --- from a tree --------------------------------------------------------------------------------


def draft_of(condition: Condition) -> Draft:
    """To begin with: rows where rows can show the condition, else its text."""
    numbers = iter(range(1, 10_000))
    root = _node(condition, condition.tree, numbers)
    if isinstance(root, Row):
        root = Group(id="0", children=[root])
    root.id = "0"
    draft = Draft(root, text=write(condition))
    draft.is_text = not _can_be_rows(draft, condition)
    return draft


def _node(condition: Condition, tree: Tree, numbers: Iterator[int]) -> Row | Group:
    head, *children = tree
    number = str(next(numbers))
    if head in GROUPS:
        kind = "all" if head == AND else "any"
        return Group(number, kind, [_node(condition, child, numbers) for child in children])
    if head == NOT:
        (child,) = children
        if child[0] in GROUPS:
            kind = "not_all" if child[0] == AND else "none"
            return Group(number, kind, [_node(condition, one, numbers) for one in child[1:]])
        return Group(number, "none", [_node(condition, child, numbers)])
    test = condition.test(tree)
    possible = kinds(test.field, test.operator)
    kind = possible[0]
    inputs = inputs_for(test.field, test.operator, kind, test.wanted, condition.lookup)
    return Row(number, test.field.name, test.operator.code, inputs, kind)


def _can_be_rows(draft: Draft, condition: Condition) -> bool:
    few = sum(1 for _ in draft.root.walk()) <= MOST_NODES
    return few and _depth(draft.root) <= DEEPEST and _same(draft, condition)


def _depth(node: Row | Group) -> int:
    """How many groups its innermost row lies in, counted from here."""
    if isinstance(node, Row):
        return 0
    return 1 + max((_depth(child) for child in node.children), default=0)


def _same(draft: Draft, condition: Condition) -> bool:
    """Whether nothing is lost in the inputs, such as spaces at the end of a value."""
    raw, _places = draft.raw(condition.vocabulary)
    tree = raw[1] if raw[0] in GROUPS and len(raw) == 2 else raw
    return bool(_with_codes(tree) == condition.tree)


def _with_codes(value: Any) -> Any:
    if isinstance(value, list):
        return [_with_codes(one) for one in value]
    return value.name if isinstance(value, Named) else value


# --- from a form --------------------------------------------------------------------------------


def posted(data: Any, name: str, vocabulary: Vocabulary) -> Draft:
    """What the builder's inputs hold. Raises Damaged."""
    groups = {"0": Group("0", _kind(data, name, "0"))}
    nodes = data.getlist(f"{name}-node")
    if len(nodes) > MOST_NODES:
        raise Damaged
    draft = Draft(groups["0"], data.get(f"{name}-text", ""), data[f"{name}-mode"] == "text")
    depth = {"0": 0}
    for node in nodes:
        number, parent, what = _node_of(node)
        if parent not in groups or number in depth or depth[parent] >= DEEPEST:
            raise Damaged
        depth[number] = depth[parent] + 1
        if what == "group":
            groups[number] = Group(number, _kind(data, name, number))
            groups[parent].children.append(groups[number])
            continue
        row = _row(data, f"{name}-{number}", number)
        groups[parent].children.append(row)
        if not _is_settled(row, vocabulary):
            draft.is_open = True
    return draft


def _node_of(text: str) -> tuple[str, str, str]:
    number, _, rest = text.partition(":")
    parent, _, what = rest.partition(":")
    if not (number.isascii() and number.isdigit() and len(number) < 9):
        raise Damaged
    if what not in {"row", "group"}:
        raise Damaged
    return number, parent, what


def _kind(data: Mapping[str, str], name: str, number: str) -> str:
    kind = data.get(f"{name}-{number}-kind", "all")
    if kind not in KINDS:
        raise Damaged
    return kind


def _row(data: Any, prefix: str, number: str) -> Row:
    return Row(
        number,
        data.get(f"{prefix}-field", ""),
        data.get(f"{prefix}-operator", ""),
        data.getlist(f"{prefix}-value"),
        data.get(f"{prefix}-editor", ""),
    )


def _is_settled(row: Row, vocabulary: Vocabulary) -> bool:
    """Whether the inputs are those of the field and operator; without JavaScript a new field
    comes with the inputs of the one before. If not, the row takes what it can."""
    try:
        about = vocabulary.field(row.about)
    except FieldNotKnown:
        return True  # an error, said when it is read
    operator = about.operator(row.operator)
    if operator is None and row.operator in OPERATORS:
        operator = about.operators[0]
        row.operator = operator.code
        row.inputs, row.kind = [], kinds(about, operator)[0]
        return False
    if operator is None or row.kind in kinds(about, operator):
        return True
    row.inputs, row.kind = [], kinds(about, operator)[0]
    return False


# --- buttons ------------------------------------------------------------------------------------


def act(draft: Draft, what: str, number: str, vocabulary: Vocabulary) -> None:
    """Do what a button says: add-row, add-group, remove, refresh. Raises Damaged."""
    draft.is_open = True
    if what == "refresh":
        return
    found = draft.root.find(number)
    if found is None:
        raise Damaged
    parent, node = found
    if what == "remove" and parent is not None:
        parent.children.remove(node)
    elif what == "add-row" and isinstance(node, Group):
        node.children.append(new_row(_next_id(draft), vocabulary))
    elif what == "add-group" and isinstance(node, Group):
        first = _next_id(draft)
        row = new_row(str(int(first) + 1), vocabulary)
        node.children.append(Group(first, "any", [row]))
    else:
        raise Damaged


def _next_id(draft: Draft) -> str:
    return str(1 + max((int(node.id) for _parent, node in draft.root.walk()), default=0))


def new_row(number: str, vocabulary: Vocabulary) -> Row:
    about = next(iter(vocabulary))
    operator = about.operators[0]
    return Row(number, about.name, operator.code, [], kinds(about, operator)[0])
