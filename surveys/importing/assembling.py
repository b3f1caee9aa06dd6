"""From what a reader found to a definition of ours, with a list of what is not in it.

Codes come first, then everything goes once from front to back, because a condition may only name
what stands before it: each is translated, checked as publishing will, and left out with its
reason when it cannot work. The question is then always shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from surveys.flow.checks_of_logic import GIVEN, names_of
from surveys.flow.definition import SCHEMA, parse_element
from surveys.flow.places import Wants
from surveys.importing.codes import LONGEST_PART, Codes
from surveys.importing.expressions import Untranslatable, read
from surveys.importing.fitting import Fitting, Target
from surveys.importing.source import (
    Asked,
    AskedEnd,
    AskedPage,
    Condition,
    Item,
    Omitted,
    Source,
    Wording,
)
from surveys.importing.wording import LANGUAGES, both, foreign, plain, with_names
from surveys.logic import reading, writing
from surveys.logic.checks import Holds, Kind, check
from surveys.logic.expression import LogicInvalid
from surveys.questions.registry import TYPES

LONGEST_TEXT, LONGEST_CHOICE = 2000, 1000


@dataclass(frozen=True, slots=True)
class Imported:
    """A definition, and what became of the file. `counts` are of the file; `taken_over` says of
    how many elements and conditions of it the definition is made."""

    format: str
    title: dict[str, str]
    definition: dict[str, Any]
    counts: dict[str, int]
    taken_over: dict[str, int]
    omitted: list[Omitted] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)  # name in the file → code here


def assemble(source: Source) -> Imported:
    return _Assembly(source).run()


class _Assembly:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.names: dict[str, Holds] = {}  # leaves of what stands before
        self.targets: dict[str, Target] = {}
        self.renamed: dict[str, str] = {}
        self.kept: set[tuple[str, str]] = set()
        self.settled: set[tuple[str, str]] = set()  # settings that became conditions
        self.failed: set[int] = set()
        self.elements = 0
        self.questions, self.pages = Codes(is_question=True), Codes(is_question=True)

    def run(self) -> Imported:
        source = self.source
        pages = [page for page in map(self.page, source.pages) if page["elements"]]
        ends = [end for end in map(self.end, source.ends) if end]
        texts = {
            name: words
            for name in ("title", "intro", "thanks")
            if (words := self.words(getattr(source, name), _("Texts of the survey")))
        }
        definition: dict[str, Any] = {
            "schema": SCHEMA, "languages": list(LANGUAGES), "texts": texts, "pages": pages,
        }  # fmt: skip
        if ends:
            definition["ends"] = [{**end, "code": f"end{n}"} for n, end in enumerate(ends, 1)]
        self.shuffle(definition)
        self.say_lost_conditions()
        self.say_languages()
        title = {name: text[:200] for name, text in texts.get("title", {}).items()}
        taken = {"elements": self.elements, "conditions": len(self.kept)}
        counts = {"pages": len(source.pages), **source.counts}
        return Imported(
            source.format, title, definition, counts, taken, source.omitted, self.renamed
        )

    def shuffle(self, definition: dict[str, Any]) -> None:
        codes = {page["code"] for page in definition["pages"]}
        groups = [
            [self.renamed.get(name, name) for name in names] for names in self.source.shuffle_pages
        ]
        kept = [group for group in groups if len(group) > 1 and set(group) <= codes]
        if kept:
            definition["shuffle_pages"] = kept

    def say_lost_conditions(self) -> None:
        """Those of parts that have no counterpart, so that nobody asked for them."""
        for condition in self.source.conditions:
            is_kept = (condition.place, condition.text) in self.kept | self.settled
            if condition.setting and not is_kept:
                self.say_setting(condition)
            elif not is_kept and id(condition) not in self.failed:
                reason = _("The condition stands on a part that is not taken over.")
                self.leave_out(condition.place, reason, condition.text)

    def say_setting(self, condition: Condition) -> None:
        reason = _("The setting “%(name)s” is not taken over.") % {"name": condition.setting}
        self.once(condition.place, reason, [condition.text])

    def say_languages(self) -> None:
        asked = [one for page in self.source.pages for one in page.asked]
        texts = [
            *(one.text for one in asked),
            *(item.text for one in asked for item in one.choices),
        ]
        for name in foreign(texts):
            self.leave_out(_("Languages"), _("A survey is in Chinese and English here."), name)

    def leave_out(self, place: str, reason: str, text: str = "") -> None:
        self.source.leave_out(place, reason, text)

    # Words

    def words(self, texts: Wording, place: str, longest: int = LONGEST_TEXT) -> dict[str, str]:
        found = both(texts, self.source.default_language)
        return {name: self.line(text, place, longest) for name, text in found.items()}

    def line(self, text: str, place: str, longest: int) -> str:
        clean, lost = plain(text)
        self.once(place, _("Pictures, links and tables in texts are left out."), lost)
        clean, unsaid = with_names(clean, self.source.dialect, self.said)
        reason = _("What is worked out inside a text is shown as it is written.")
        self.once(place, reason, unsaid)
        if len(clean) > longest:
            self.once(place, _("The text was too long and is cut off."), [clean[longest:][:60]])
            clean = clean[:longest].rstrip("{")
        return clean

    def once(self, place: str, reason: str, parts: list[str]) -> None:
        note = Omitted(place, reason, ", ".join(dict.fromkeys(parts))[:500])
        if parts and note not in self.source.omitted:
            self.source.omitted.append(note)

    def said(self, name: str) -> str | None:
        target = self.find(name)
        return target.code if target is not None and not target.picks else None

    def texts_or(self, texts: Wording, name: str, place: str, longest: int) -> dict[str, str]:
        """Nothing stands without words: the name of the file, where it has none."""
        found = self.words(texts, place, longest)
        spoken = next((text for text in found.values() if text), name)
        return {one: found.get(one) or spoken for one in LANGUAGES}

    # Conditions

    def find(self, name: str) -> Target | None:
        for form in (name, name.split(".", maxsplit=1)[0], name.replace(".", "_")):
            if form in self.targets:
                return self.targets[form]
        return None

    def expression(
        self,
        conditions: Iterable[Condition | None],
        wants: Wants | None = Wants.TRUTH,
        here: Target | None = None,
    ) -> str:
        """All of them as one text of ours; "" when there is none that can be taken over."""
        trees = []
        for condition in conditions:
            if condition is None or id(condition) in self.failed:
                continue
            try:
                trees.append(self.translated(condition, wants, here))
                kept = self.settled if condition.setting else self.kept
                kept.add((condition.place, condition.text))
            except Untranslatable as why:
                self.failed.add(id(condition))
                if condition.setting:
                    self.say_setting(condition)
                    continue
                self.leave_out(
                    condition.place,
                    _("The condition cannot be taken over: %(why)s") % {"why": why},
                    condition.text,
                )
        if not trees:
            return ""
        return writing.write(trees[0] if len(trees) == 1 else ["and", *trees])

    def translated(self, condition: Condition, wants: Wants | None, here: Target | None) -> Any:
        def find(name: str) -> Target | None:
            return here if here is not None and name in {".", "this", "self"} else self.find(name)

        tree = (
            read(condition.text, condition.dialect) if condition.tree is None else condition.tree
        )
        if condition.column is not None:
            tree = _with_cells(tree, condition.column)
        try:
            tree = Fitting(find).fit(tree)
            expression = reading.parse(writing.write(tree), self.names)
        except LogicInvalid as refusal:
            raise Untranslatable(refusal.problems[0].message) from refusal
        kinds = {Wants.TRUTH: Kind.TRUTH, Wants.TEXT: Kind.TEXT, Wants.NUMBER: Kind.NUMBER}
        kind = kinds[wants] if wants else None
        problems = check(expression, GIVEN | self.names, wants=kind, later={})
        if problems:
            raise Untranslatable(problems[0].message)
        return tree

    # Pages and questions

    def page(self, page: AskedPage) -> dict[str, Any]:
        code = self.pages.give(page.name, f"page{len(self.pages.taken)}")
        self.renamed[page.name] = self.renamed.get(page.name, code)
        made: dict[str, Any] = {"code": code}
        if title := self.words(page.title, page.name):
            made["title"] = title
        if when := self.expression(page.when):
            made["when"] = when
        made["elements"] = [self.element(asked) for asked in page.asked]
        return made

    def end(self, end: AskedEnd) -> dict[str, Any] | None:
        when = self.expression([end.when])
        text = self.words(end.text, end.when.place)
        return {"code": "", "when": when, "text": text} if when and text else None

    def element(self, asked: Asked) -> dict[str, Any]:
        kind = TYPES[asked.type]
        code = self.questions.give(asked.name, f"q{len(self.questions.taken)}")
        if code != asked.name:
            self.renamed[asked.name] = code
        made: dict[str, Any] = {
            "code": code, "type": asked.type,
            "text": self.texts_or(asked.text, asked.name, asked.place, LONGEST_TEXT),
        }  # fmt: skip
        if hint := self.words(asked.hint, asked.place):
            made["hint"] = hint
        if asked.required and asked.type not in {"statement", "calculated", "hidden"}:
            made["required"] = True
        if when := self.expression(asked.when):
            made["when"] = when
        if required := self.expression([asked.required_when]):
            made["required_when"] = required
        maps = {
            "choices": self.items(asked.choices, asked.place) if kind.has_choices else None,
            "rows": self.items(asked.rows, asked.place, is_row=True) if kind.has_rows else None,
            "columns": self.items(asked.columns, asked.place) if kind.has_rows else None,
        }
        made |= {name: found[0] for name, found in maps.items() if found is not None}
        if asked.shuffle and (kind.has_choices or kind.has_rows):
            made["shuffle"] = asked.shuffle
        made |= asked.settings
        for name, texts in asked.words.items():
            if words := self.words(texts, asked.place):
                made[name] = words
        self.calculated(asked, made)
        self.learn(asked, made, {name: found[1] for name, found in maps.items() if found})
        self.checks(asked, made)
        self.elements += 1
        return made

    def calculated(self, asked: Asked, made: dict[str, Any]) -> None:
        if asked.type != "calculated":
            return
        value = self.expression([asked.value], None)
        if not value:
            made["type"] = "hidden"
            return
        made["value"] = value
        tree = reading.parse(value, self.names)
        if check(tree, GIVEN | self.names, wants=Kind.NUMBER, later={}):
            made["holds"] = "text"

    def items(
        self, items: list[Item], place: str, *, is_row: bool = False
    ) -> tuple[list[dict[str, Any]], dict[str, str]]:
        codes = Codes(is_question=False, longest=LONGEST_PART if is_row else 40)
        made: list[dict[str, Any]] = []
        known: dict[str, str] = {}
        for number, item in enumerate(items, start=1):
            code = codes.give(item.name, f"c{number}")
            for name in (item.name, *item.aliases):
                known.setdefault(name, code)
            one = {
                "code": code,
                "text": self.texts_or(item.text, item.name, place, LONGEST_CHOICE),
            }
            if when := self.expression(item.when):
                one["when"] = when
            flags = {} if is_row else item.flags
            made.append(one | flags)
        return made, known

    def checks(self, asked: Asked, made: dict[str, Any]) -> None:
        here = self.targets.get(asked.name)
        found = []
        for condition, texts in asked.checks:
            if that := self.expression([condition], here=here):
                words = self.words(texts, asked.place)
                found.append({"that": that, "text": words or dict(_NOT_FITTING)})
        if found:
            made["checks"] = found

    def learn(self, asked: Asked, made: dict[str, Any], maps: dict[str, dict[str, str]]) -> None:
        """What later conditions may call this question, its rows and its boxes."""
        leaves = names_of([parse_element(made)])
        self.names |= leaves
        code, choices = made["code"], maps.get("choices") or maps.get("columns") or {}
        if made["type"] == "consent":
            choices = dict.fromkeys(("yes", "OK", "ok", "true", "True", "Y", "1"), "yes")
        names = (asked.name, *asked.names)
        if code in leaves:
            for name in names:
                self.targets[name] = Target(code, leaves[code], choices)
                if leaves[code].many:
                    picks = {f"{name}_{one}": ours for one, ours in choices.items()}
                    for box, ours in picks.items():
                        self.targets[box] = Target(code, leaves[code], choices, ours)
        for theirs, ours in (maps.get("rows") or {}).items():
            leaf = f"{code}_{ours}"
            for name in names:
                self.targets[f"{name}_{theirs}"] = Target(leaf, leaves[leaf], choices)


_NOT_FITTING = {"zh-hans": "这个回答不符合要求。", "en": "This answer does not fit."}


def _with_cells(tree: Any, cells: Any) -> Any:
    """Names of columns replaced by what the choice has there."""
    if not isinstance(tree, list):
        return tree
    if tree[0] == "var":
        return cells.get(tree[1], tree)
    return [tree[0], *(_with_cells(one, cells) for one in tree[1:])]
