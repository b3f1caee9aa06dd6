from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from config.kernel.conditions.errors import Path, Problem
from config.kernel.errors import DomainError

# A literal, or a list whose head says what it is: ["var", name], ["list", …], ["call", name, …],
# ["and" | "or" | "not" | "=" | … | "+" | …, operand, …].
Tree = Any
Span = tuple[int, int]

LONGEST = 4_000  # characters
DEEPEST = 50
MOST_NODES = 500


class LogicInvalid(DomainError):
    """Not an expression that can be read; `problems` says why and where, at least one of them."""

    code = "logic_invalid"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True)
class Expression:
    """What somebody wrote, its tree, and where each part of the tree stands in the text."""

    text: str
    tree: Tree
    spans: Mapping[Path, Span] = field(default_factory=dict)

    def span(self, path: Path) -> Span:
        return self.spans.get(path, (0, len(self.text)))


def first_operand(tree: list[Any]) -> int:
    """Where the operands of a list begin: behind the head, and of a call behind its name."""
    return 2 if tree[0] == "call" else 1


def operands(tree: Tree) -> list[Tree]:
    """The trees directly inside `tree`; a name and a literal have none."""
    if not isinstance(tree, list) or tree[0] == "var":
        return []
    return tree[first_operand(tree) :]


def nodes(tree: Tree) -> Iterator[Tree]:
    """`tree` and everything in it, from left to right."""
    yield tree
    for operand in operands(tree):
        yield from nodes(operand)


def names_in(tree: Tree) -> list[str]:
    """Each name that `tree` asks for, once, in the order of the text."""
    found = [node[1] for node in nodes(tree) if isinstance(node, list) and node[0] == "var"]
    return list(dict.fromkeys(found))


def resolve(name: str, known: Collection[str]) -> str | None:
    """The code that `name` means: itself, or `element_row` for `element.row`. None if unknown."""
    if name in known:
        return name
    flat = name.replace(".", "_")
    return flat if flat in known else None
