"""How somebody can be reached: a leaf for each part."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from surveys.enums import DataType, QuestionRole
from surveys.questions.base import (
    Element,
    Leaf,
    Misfit,
    QuestionType,
    Texts,
    Value,
    parts_in_form,
)
from surveys.questions.reading import clean_line, is_nothing
from surveys.questions.writing import fitting

LONGEST_PART = 200
PARTS: dict[str, Texts] = {
    "name": {"zh-hans": "姓名", "en": "Name"},
    "email": {"zh-hans": "电子邮箱", "en": "E-mail"},
    "phone": {"zh-hans": "电话", "en": "Phone"},
    "company": {"zh-hans": "公司", "en": "Company"},
}
USUAL_PARTS = ("name", "email", "phone")


class Contact(QuestionType):
    """Raw: {part: text}. A required block needs the parts in `needed` (all unless said
    otherwise); what is given must fit in any case."""

    name = "contact"
    data_type = DataType.TEXT
    can_be_preset = False
    settings = {
        "parts": "some_of:name,email,phone,company",
        "needed": "some_of:name,email,phone,company",
    }

    @staticmethod
    def parts(element: Element) -> list[str]:
        wanted = element.settings.get("parts", USUAL_PARTS)
        return [part for part in PARTS if part in wanted]

    def needed(self, element: Element) -> list[str]:
        """What must be filled in when the block is required."""
        wanted = element.settings.get("needed")
        return [part for part in self.parts(element) if wanted is None or part in wanted]

    def faults(self, element: Element) -> Iterator[str]:
        if not self.parts(element):
            yield _("“parts” must name at least one.")
        if set(element.settings.get("needed", ())) - set(self.parts(element)):
            yield _("“needed” names a part that is not asked for.")

    def leaves(self, element: Element) -> tuple[Leaf, ...]:
        return tuple(
            Leaf(
                code=f"{element.code}_{part}",
                data_type=self.data_type,
                role=QuestionRole.NONE,
                text=PARTS[part],
                part_of=element.code,
            )
            for part in self.parts(element)
        )

    def from_form(self, element: Element, posted: Mapping[str, Sequence[str]]) -> Any:
        return parts_in_form(element.code, self.parts(element), posted)

    def read(self, element: Element, raw: Any) -> tuple[Value, ...]:
        if is_nothing(raw):
            return ()
        parts = self.parts(element)
        if not isinstance(raw, Mapping) or set(raw) - set(parts):
            raise Misfit(self.missing(element))
        found = []
        for part in parts:
            given = raw.get(part)
            if is_nothing(given):
                continue
            if not isinstance(given, str) or len(given) > LONGEST_PART:
                raise Misfit(_("Please answer with a short text."))
            text = clean_line(given)
            if text:
                fit = fitting(part, text)
                found.append(Value(leaf=f"{element.code}_{part}", text=fit))
        return tuple(found)

    def missing(self, element: Element) -> str:
        return _("Please fill in how we can reach you.")

    def unanswered(self, element: Element, values: tuple[Value, ...]) -> str:
        given = {value.leaf for value in values}
        lacks = [one for one in self.needed(element) if f"{element.code}_{one}" not in given]
        return self.missing(element) if lacks else ""
