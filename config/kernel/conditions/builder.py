"""The widget that edits a condition: rows and groups to click together, or text.

Without JavaScript every button sends the form and it comes back changed, not saved (the field
says so). static/js/condition.js does the same in the page; it only clones what stands in the
widget's <template> elements.
"""

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.widgets import Script
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from config.kernel.conditions.condition import Condition, always
from config.kernel.conditions.draft import (
    DEEPEST,
    KINDS,
    MOST_NODES,
    Damaged,
    Draft,
    Group,
    Row,
    act,
    draft_of,
    new_row,
    posted,
)
from config.kernel.conditions.editors import Editors
from config.kernel.conditions.errors import ConditionInvalid, FieldNotKnown, Problem
from config.kernel.conditions.operators import Needs, Operator
from config.kernel.conditions.parsing import parse
from config.kernel.conditions.reading import EVERYTHING, read_tree
from config.kernel.conditions.rows import Lookup
from config.kernel.conditions.spans import UNIT_LABELS
from config.kernel.conditions.vocabulary import Vocabulary, vocabulary


class ConditionBuilder(forms.Widget):
    template_name = "components/condition.html"
    use_fieldset = True

    class Media:
        css = {"all": ["css/components/condition.css"]}
        js = [Script("js/condition.js", type="module")]

    def __init__(
        self, subject: str, allowed: frozenset[Needs] = EVERYTHING, attrs: Any = None
    ) -> None:
        super().__init__(attrs)
        self.subject = subject
        self.allowed = allowed

    @property
    def vocabulary(self) -> Vocabulary:
        return vocabulary(self.subject)

    def id_for_label(self, id_: str | None) -> str:
        return ""

    # --- what was sent ------------------------------------------------------------------------

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return f"{name}-mode" not in data and name not in data

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        """A Draft; from a program that sends the tree itself under the field's name, that."""
        if f"{name}-mode" not in data:
            return data.get(name)
        if not hasattr(data, "getlist"):
            lists = {key: one if isinstance(one, list) else [one] for key, one in data.items()}
            data = MultiValueDict(lists)
        try:
            draft = posted(data, name, self.vocabulary)
            what, _colon, number = data.get(f"{name}-do", "").partition(":")
            if what in {"to-text", "to-rows"}:
                return self._turned(draft)
            if what:
                act(draft, what, number, self.vocabulary)
        except Damaged:
            return None
        return draft

    def _turned(self, draft: Draft) -> Draft:
        """The same condition in the other way; as it is where it has mistakes."""
        try:
            condition = self.read(draft)
        except ConditionInvalid:
            return draft
        turned = draft_of(condition)
        turned.is_text = not draft.is_text or turned.is_text
        turned.is_open = True
        return turned

    def read(self, draft: Draft, lookup: Lookup | None = None) -> Condition:
        """Raises ConditionInvalid."""
        if draft.is_text:
            return parse(draft.text, self.vocabulary, allowed=self.allowed, lookup=lookup)
        raw, _places = draft.raw(self.vocabulary)
        return read_tree(raw, self.vocabulary, allowed=self.allowed, lookup=lookup)

    # --- what is shown ------------------------------------------------------------------------

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, None, attrs)
        lookup = Lookup()
        draft, problems = self._shown(value, lookup)
        page = _Page(self, name, lookup, draft, problems)
        if not isinstance(value, Draft):  # what was sent has its errors from the form
            page.faults = [problem.message for problem in problems]
        context["widget"] |= page.context()
        return context

    def _shown(self, value: Any, lookup: Lookup) -> tuple[Draft, list[Problem]]:
        """The draft to draw, and what is wrong with it."""
        if isinstance(value, Draft):
            if value.is_open:
                return value, []
            try:
                self.read(value, lookup)
            except ConditionInvalid as invalid:
                return value, list(invalid.problems)
            return value, []
        try:
            tree = value or always()
            condition = read_tree(tree, self.vocabulary, allowed=self.allowed, lookup=lookup)
            return draft_of(condition), []
        except ConditionInvalid as invalid:
            # Kept when the vocabulary was another: shown as it is, to be mended or replaced.
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            return Draft(Group("0"), text=text, is_text=True), list(invalid.problems)


class _Page:
    """One drawing of the widget."""

    def __init__(
        self,
        widget: ConditionBuilder,
        name: str,
        lookup: Lookup,
        draft: Draft,
        problems: list[Problem],
    ) -> None:
        self.widget, self.name, self.draft, self.problems = widget, name, draft, problems
        self.vocabulary = widget.vocabulary
        self.faults: list[str] = []
        self.editors = Editors(lookup)
        self.fields = [
            (str(label), [(one.name, str(one.label)) for one in fields])
            for label, fields in self.vocabulary.groups()
        ]
        self.units = [(unit, str(label)) for unit, label in UNIT_LABELS.items()]
        self.wrong = self._by_row()

    def _by_row(self) -> dict[str, list[str]]:
        """What is wrong with each row, by its id."""
        wrong: dict[str, list[str]] = {}
        if not self.draft.is_text and self.problems:
            _raw, places = self.draft.raw(self.vocabulary)
            for problem in self.problems:
                near = problem.path
                while near and near not in places:
                    near = near[:-1]
                wrong.setdefault(places.get(near, "0"), []).append(problem.message)
        return wrong

    def context(self) -> dict[str, Any]:
        return {
            "subject": self.widget.subject,
            "is_text": self.draft.is_text,
            "text": self.draft.text,
            "marks": [self._mark(problem) for problem in self.problems if problem.span],
            "faults": self.faults,
            "example": self._example(),
            "root": self.group(self.draft.root, "", 0),
            "blank_row": self.row(new_row("0", self.vocabulary), "__parent__") | {"id": "__id__"},
            "blank_group": self.group(Group("0", "any"), "__parent__", 1) | {"id": "__id__"},
            "blank_editors": self._blank_editors(),
            "words": self._words(),
            "most": MOST_NODES,
            "deepest": DEEPEST,
        }

    def _example(self) -> str:
        names = [name for _label, fields in self.fields for name, _words in fields]
        return f"{names[0]} = … and ({names[min(1, len(names) - 1)]} is not empty or not …)"

    def _mark(self, problem: Problem) -> dict[str, str]:
        start, end = problem.span or (0, 0)
        text = self.draft.text
        return {
            "before": text[max(0, start - 40) : start],
            "wrong": text[start:end] or "…",
            "after": text[end : end + 40],
        }

    def group(self, group: Group, parent: str, depth: int) -> dict[str, Any]:
        kinds = {
            "all": _("All of these are true"),
            "any": _("At least one of these is true"),
            "none": _("None of these is true"),
            "not_all": _("Not all of these are true"),
        }
        return {
            "is_group": True,
            "id": group.id,
            "parent": parent,
            "name": self.name,
            "kinds": [(kind, kinds[kind], kind == group.kind) for kind in KINDS],
            "takes_groups": depth + 2 <= DEEPEST,
            "errors": self.wrong.get(group.id, []),
            "children": [
                self.group(child, group.id, depth + 1)
                if isinstance(child, Group)
                else self.row(child, group.id)
                for child in group.children
            ],
        }

    def row(self, row: Row, parent: str) -> dict[str, Any]:
        shown: dict[str, Any] = {
            "id": row.id,
            "parent": parent,
            "name": self.name,
            "fields": self.fields,
            "field": row.about,
            "operator": row.operator,
            "operators": [],
            "errors": self.wrong.get(row.id, []),
            "editor": {"kind": "none", "key": "none"},
        }
        try:
            about = self.vocabulary.field(row.about)
        except FieldNotKnown:
            return shown
        shown["operators"] = [(one.code, str(one.words)) for one in self._asked(about)]
        operator = about.operator(row.operator) or about.operators[0]
        editor = self.editors.of(about, operator, row.kind)
        inputs = self.editors.fitted(editor, about, row.kind, row.inputs)
        editor = self.editors.with_chosen(editor, about, inputs)
        shown["editor"] = self._drawn(editor, inputs)
        return shown

    def _asked(self, about: Any) -> list[Operator]:
        allowed = self.widget.allowed
        return [one for one in about.operators if not one.needs or one.needs in allowed]

    def _drawn(self, editor: Any, inputs: list[str]) -> dict[str, Any]:
        first, second, third, fourth = [*inputs, "", "", "", ""][:4]
        return {
            "key": editor.key,
            "kind": editor.kind,
            "options": [(value, label, value in inputs) for value, label in editor.options],
            "inputs": {"first": first, "second": second, "third": third, "fourth": fourth},
            "units": self.units,
        }

    def _blank_editors(self) -> list[dict[str, Any]]:
        blank = {}
        for about in self.vocabulary:
            for operator in self._asked(about):
                editor = self.editors.of(about, operator)
                blank[editor.key] = self._drawn(editor, [])
        return list(blank.values())

    def _words(self) -> Mapping[str, Any]:
        """What the script has to know: field → [operator, its words, key of its editor] …"""
        return {
            about.name: [
                [one.code, str(one.words), self.editors.of(about, one).key]
                for one in self._asked(about)
            ]
            for about in self.vocabulary
        }
