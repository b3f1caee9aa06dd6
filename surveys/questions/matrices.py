"""Several rows over the same columns: a leaf for each row."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from surveys.enums import DataType, QuestionRole
from surveys.questions.base import Element, Leaf, Misfit, QuestionType, Value
from surveys.questions.choosing import chosen_codes, ensure_picks, pick_faults
from surveys.questions.reading import is_nothing


class Likert(QuestionType):
    """One choice in each row. Raw: {row: column}."""

    name = "likert"
    data_type = DataType.SINGLE
    has_rows = True

    def faults(self, element: Element) -> Iterator[str]:
        if not element.rows:
            yield _("give at least one row.")
        if len(element.columns) < 2:
            yield _("give at least two columns.")

    def leaves(self, element: Element) -> tuple[Leaf, ...]:
        return tuple(
            Leaf(
                code=f"{element.code}_{row.code}",
                data_type=self.data_type,
                role=QuestionRole.NONE,
                text=row.text,
                choices=element.columns,
                part_of=element.code,
            )
            for row in element.rows
        )

    def from_form(self, element: Element, posted: Mapping[str, Sequence[str]]) -> Any:
        found = {}
        for row in element.rows:
            given = [one for one in posted.get(f"{element.code}.{row.code}", ()) if one]
            if given:
                found[row.code] = self.of_row(given)
        return found or None

    @staticmethod
    def of_row(given: list[str]) -> Any:
        return given[-1]

    def read(self, element: Element, raw: Any) -> tuple[Value, ...]:
        if is_nothing(raw):
            return ()
        if not isinstance(raw, Mapping):
            raise Misfit(self.missing(element))
        if set(raw) - {row.code for row in element.rows} - element.hidden_rows:
            raise Misfit(_("Please answer in the rows that there are."))
        return tuple(
            value
            for row in element.rows
            for value in self.read_row(element, f"{element.code}_{row.code}", raw.get(row.code))
        )

    def read_row(self, element: Element, leaf: str, raw: Any) -> Iterator[Value]:
        if is_nothing(raw):
            return
        if (
            not isinstance(raw, str)
            or len(
                chosen_codes(
                    element, element.columns, raw, _("Please choose one answer in each row.")
                )
            )
            > 1
        ):
            raise Misfit(_("Please choose one answer in each row."))
        if raw not in element.hidden:
            yield Value(leaf=leaf, choice=raw)

    def missing(self, element: Element) -> str:
        return _("Please answer each row.")

    def unanswered(self, element: Element, values: tuple[Value, ...]) -> str:
        answered = {value.leaf for value in values}
        open_rows = [leaf for leaf in self.leaves(element) if leaf.code not in answered]
        return self.missing(element) if open_rows else ""


class MatrixMulti(Likert):
    """Several choices in each row. Raw: {row: [columns]}."""

    name = "matrix_multi"
    data_type = DataType.MULTI
    settings = {"min": "number", "max": "number"}

    def faults(self, element: Element) -> Iterator[str]:
        yield from super().faults(element)
        yield from pick_faults(element, len(element.columns))

    @staticmethod
    def of_row(given: list[str]) -> Any:
        return given

    def read_row(self, element: Element, leaf: str, raw: Any) -> Iterator[Value]:
        wrong = _("Please choose from the columns that there are.")
        codes = chosen_codes(element, element.columns, raw, wrong)
        picked = [one for one in element.columns if one.code in codes]
        if picked:
            ensure_picks(element, picked)
        for one in picked:
            yield Value(leaf=leaf, choice=one.code)
