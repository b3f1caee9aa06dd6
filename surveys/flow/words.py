"""Wording with answers in it: “You gave {overall} stars, {contact_name|dear customer}”."""

from collections.abc import Mapping
from typing import Any

from config.kernel.punctuation import listed
from surveys.flow.definition import Definition, text_in
from surveys.flow.walk import Walk
from surveys.logic.wording import fill, pieces, say_answer
from surveys.questions.base import Texts


class Wording:
    """Fills texts with what one person answered, in one language."""

    def __init__(self, definition: Definition, walk: Walk, language: str) -> None:
        self.definition = definition
        self.walk = walk
        self.language = language
        self._said: dict[str, str] | None = None

    def __call__(self, texts: Texts) -> str:
        """The text in the language, with every {code} replaced; without braces as it stands."""
        text = text_in(texts, self.language)
        if "{" not in text and "}" not in text:
            return text
        return fill(pieces(text, self.walk.names), self.said)

    @property
    def said(self) -> Mapping[str, str]:
        """{leaf code: the answer in words}."""
        if self._said is None:
            self._said = {
                name: say_answer(value, {}) for name, value in self.walk.known.items()
            } | dict(self._of_choices())
        return self._said

    def _of_choices(self) -> list[tuple[str, str]]:
        values = [value for several in self.walk.values.values() for value in several]
        own_words = {(v.leaf, v.choice): v.text for v in values if v.choice and v.text}
        found = []
        for leaf in self.definition.leaves():
            value: Any = self.walk.known.get(leaf.code)
            if not leaf.choices or value is None or isinstance(value, int | float):
                continue
            labels = {
                choice.code: own_words.get((leaf.code, choice.code))
                or text_in(choice.text, self.language)
                for choice in leaf.choices
            }
            codes = value if isinstance(value, list) else [value]
            found.append((leaf.code, listed(labels.get(code, "") for code in codes)))
        return found
