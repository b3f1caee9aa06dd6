"""What stands in a survey without being a question: words, values that are worked out, values
that come with the link."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from surveys.enums import DataType
from surveys.questions.base import Element, Leaf, Misfit, QuestionType, Value
from surveys.questions.reading import clean_line, is_nothing

LONGEST_VALUE = 500


class Statement(QuestionType):
    """Words between questions; nothing is answered."""

    name = "statement"
    data_type = DataType.TEXT
    is_asked = False
    can_be_preset = False

    def faults(self, element: Element) -> Iterator[str]:
        if element.required or element.required_when:
            yield _("a statement cannot be required: there is nothing to answer.")

    def leaves(self, element: Element) -> tuple[Leaf, ...]:
        return ()

    def read(self, element: Element, raw: Any) -> tuple[Value, ...]:
        return ()


class Calculated(QuestionType):
    """Worked out from what stands before it by the expression `value`; never shown. `holds`
    says what comes out: a number (true is 1, false 0) or a text."""

    name = "calculated"
    data_type = DataType.NUMBER
    is_asked = False
    can_be_preset = False
    settings = {"value": "expression", "holds": "one_of:number,text"}

    def faults(self, element: Element) -> Iterator[str]:
        if not element.settings.get("value"):
            yield _("give the expression that works it out as “value”.")
        if element.required or element.required_when:
            yield _("what is worked out cannot be required.")

    def holds_text(self, element: Element) -> bool:
        return element.settings.get("holds") == "text"

    def leaves(self, element: Element) -> tuple[Leaf, ...]:
        kind = DataType.TEXT if self.holds_text(element) else DataType.NUMBER
        return (Leaf(element.code, kind, element.role, element.text),)

    def read(self, element: Element, raw: Any) -> tuple[Value, ...]:
        """`raw` is what the expression gave; what does not fit is nothing. Values from outside
        are never read: the walk works it out itself."""
        if self.holds_text(element):
            text = clean_line(raw)[:LONGEST_VALUE] if isinstance(raw, str) else ""
            return (Value(element.code, text=text),) if text else ()
        if isinstance(raw, int | float):  # true and false among them
            return (Value(element.code, number=float(raw)),)
        return ()


class Hidden(QuestionType):
    """Filled by the link (?source=shop), or out of the customer whom `from` names."""

    name = "hidden"
    data_type = DataType.TEXT
    is_asked = False
    settings = {"from": "one_of:link,customer.name,customer.organisation,customer.tier"}

    def faults(self, element: Element) -> Iterator[str]:
        if element.required or element.required_when:
            yield _("what nobody sees cannot be required.")

    def source(self, element: Element) -> str:
        """ "link", or the name of what is known of the customer."""
        return str(element.settings.get("from", "link"))

    def read(self, element: Element, raw: Any) -> tuple[Value, ...]:
        if is_nothing(raw):
            return ()
        if isinstance(raw, bool) or not isinstance(raw, str | int | float):
            raise Misfit(_("Please give a text."))
        text = clean_line(str(raw))
        if len(text) > LONGEST_VALUE:
            raise Misfit(_("Please give at most %(limit)s characters.") % {"limit": LONGEST_VALUE})
        return (Value(element.code, text=text),) if text else ()
