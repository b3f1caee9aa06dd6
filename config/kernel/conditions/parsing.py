"""From text to a condition.

    condition = [ or ]
    or        = and { "or" and }
    and       = not { "and" not }
    not       = "not" not | "(" or ")" | test
    test      = field operator [ value ]

A recursive descent over these five lines; the vocabulary says which operators may follow a field
and how its values are read.
"""

from typing import Any, NoReturn

from django.utils.translation import gettext as _

from config.kernel.conditions.condition import Condition, Tree, always
from config.kernel.conditions.errors import ConditionInvalid, FieldNotKnown, Path, Problem
from config.kernel.conditions.fields import Field
from config.kernel.conditions.lexer import Kind, Token, tokens_of
from config.kernel.conditions.operators import AND, NOT, OPERATORS, OR, Needs, Operator, Shape
from config.kernel.conditions.reading import (
    DEEPEST,
    EVERYTHING,
    read_tree,
    unknown_field,
    unknown_operator,
)
from config.kernel.conditions.rows import Lookup
from config.kernel.conditions.spans import Spans
from config.kernel.conditions.vocabulary import Vocabulary


def parse(
    text: str,
    vocabulary: Vocabulary,
    *,
    allowed: frozenset[Needs] = EVERYTHING,
    lookup: Lookup | None = None,
) -> Condition:
    """Raises ConditionInvalid whose problems say where in `text` they are. An empty text is the
    condition that everything fits."""
    parser = _Parser(text, vocabulary)
    raw = parser.whole()
    return read_tree(raw, vocabulary, allowed=allowed, lookup=lookup, spans=parser.spans(raw))


class _Parser:
    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.tokens = tokens_of(text)
        self.at = 0
        # id of a list of the tree → where its test stands, and each of its values.
        self.places: dict[int, tuple[tuple[int, int], list[tuple[int, int]]]] = {}

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    def take(self) -> Token:
        token = self.token
        if token.kind is not Kind.END:
            self.at += 1
        return token

    def took(self, word: str) -> bool:
        if self.token.word == word:
            self.at += 1
            return True
        return False

    def refuse(self, message: str, first: Token, last: Token | None = None) -> NoReturn:
        span = (first.start, (last or first).end)
        raise ConditionInvalid([Problem(message, span=span)])

    # --- groups -------------------------------------------------------------------------------

    def whole(self) -> Tree:
        if self.token.kind is Kind.END:
            return always()
        tree = self.either(0)
        if self.token.kind is not Kind.END:
            self.refuse(
                _("Here I expected “and”, “or” or the end, not “%(word)s”.")
                % {"word": self.token.text[:40]},
                self.token,
            )
        return tree

    def either(self, depth: int) -> Tree:
        return self._joined(OR, self.both, depth)

    def both(self, depth: int) -> Tree:
        return self._joined(AND, self.negated, depth)

    def _joined(self, word: str, part: Any, depth: int) -> Tree:
        parts = [part(depth)]
        while self.took(word):
            parts.append(part(depth))
        return [word, *parts] if len(parts) > 1 else parts[0]

    def negated(self, depth: int) -> Tree:
        if depth > 2 * DEEPEST:
            self.refuse(_("The condition has too many groups inside each other."), self.token)
        if self.took(NOT):
            return [NOT, self.negated(depth + 1)]
        opening = self.token
        if self.took("("):
            tree = self.either(depth + 1)
            if not self.took(")"):
                if self.token.kind is Kind.END:
                    self.refuse(_("This parenthesis is not closed."), opening)
                self.refuse(
                    _("Here I expected “and”, “or” or “)”, not “%(word)s”.")
                    % {"word": self.token.text[:40]},
                    self.token,
                )
            return tree
        return self.test()

    # --- tests --------------------------------------------------------------------------------

    def test(self) -> Tree:
        start = self.token
        field = self.field()
        operator = self.operator(field)
        tree: Tree = [operator.code, field.name]
        values: list[tuple[int, int]] = []
        if operator.shape is not Shape.NONE:
            tree.append(self.value(field, operator, values))
        self.places[id(tree)] = ((start.start, self.tokens[self.at - 1].end), values)
        return tree

    def field(self) -> Field:
        token = self.token
        if token.kind is not Kind.WORD or token.word in {AND, OR, NOT}:
            self.refuse(
                _("Here I expected a field, such as %(example)s.")
                % {"example": next(iter(self.vocabulary)).name},
                token,
            )
        try:
            field = self.vocabulary.field(token.word)
        except FieldNotKnown:
            self.refuse(unknown_field(self.vocabulary, token.text), token)
        self.take()
        return field

    def operator(self, field: Field) -> Operator:
        operator, length = self._longest(field.operators)
        if operator is not None:
            self.at += length
            return operator
        other, length = self._longest(OPERATORS.values())
        if other is not None:
            last = self.tokens[self.at + length - 1]
            self.refuse(unknown_operator(field, other.code), self.token, last)
        known = ", ".join(operator.phrases[0] for operator in field.operators)
        return self.refuse(
            _("After %(field)s I expected one of: %(known)s.")
            % {"field": field.name, "known": known},
            self.token,
        )

    def _longest(self, operators: Any) -> tuple[Operator | None, int]:
        best, length = None, 0
        for operator in operators:
            for phrase in operator.phrases:
                words = phrase.split()
                ahead = [token.word for token in self.tokens[self.at : self.at + len(words)]]
                if len(words) > length and ahead == words:
                    best, length = operator, len(words)
        return best, length

    # --- values -------------------------------------------------------------------------------

    def value(self, field: Field, operator: Operator, places: list[tuple[int, int]]) -> Any:
        match operator.shape:
            case Shape.ONE:
                return self.one(field, places)
            case Shape.PAIR:
                low = self.one(field, places)
                if not self.took(AND):
                    self.refuse(_("Between what? Write “between 2 and 5”."), self.token)
                return [low, self.one(field, places)]
            case Shape.SPAN:
                return Spans.from_words([token.text for token in self.words(2, places)])
        if not self.took("("):
            return [self.one(field, places)]
        values = [self.one(field, places)]
        while self.took(","):
            values.append(self.one(field, places))
        if not self.took(")"):
            self.refuse(_("Here I expected “,” or “)” in the list."), self.token)
        return values

    def one(self, field: Field, places: list[tuple[int, int]]) -> Any:
        words = self.words(field.words_of_value, places)
        in_quotes = words[0].kind is Kind.STRING
        return field.from_words([token.text for token in words], in_quotes=in_quotes)

    def words(self, count: int, places: list[tuple[int, int]]) -> list[Token]:
        taken = []
        for _at in range(count):
            token = self.token
            if token.kind not in {Kind.WORD, Kind.STRING} or token.word in {AND, OR, NOT}:
                self.refuse(
                    _("Here I expected a value. Words such as “and” stand in quotation marks."),
                    token,
                )
            taken.append(self.take())
        places.append((taken[0].start, taken[-1].end))
        return taken

    # --- where things stand -------------------------------------------------------------------

    def spans(self, tree: Tree) -> dict[Path, tuple[int, int]]:
        found: dict[Path, tuple[int, int]] = {}

        def walk(node: Tree, path: Path) -> None:
            if id(node) not in self.places:
                for at, child in enumerate(node[1:], start=1):
                    walk(child, (*path, at))
                return
            span, values = self.places[id(node)]
            found[path] = span
            if values:
                found[*path, 2] = (values[0][0], values[-1][1])
            found.update({(*path, 2, at): one for at, one in enumerate(values)})

        walk(tree, ())
        return found
