"""SurveyJS: one JSON of pages, panels and elements."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from surveys.importing.source import (
    Asked,
    AskedEnd,
    AskedPage,
    Condition,
    FileRefused,
    Source,
    Wording,
)
from surveys.importing.surveyjs_kinds import CONTAINERS, KINDS, named, words_of

DEEPEST = 20
_COMMON = frozenset(
    {"type", "name", "title", "description", "visibleIf", "requiredIf", "isRequired",
     "validators", "valueName", "visible"}
)  # fmt: skip
_SILENT = frozenset(
    {"titleLocation", "startWithNewLine", "width", "minWidth", "maxWidth", "colCount",
     "storeOthersAsComment", "questionTitleLocation", "state", "innerIndent"}
)  # fmt: skip
_TOP_READ = frozenset(
    {"title", "description", "pages", "elements", "questions", "completedHtml", "locale",
     "completedHtmlOnCondition", "calculatedValues", "triggers"}
)  # fmt: skip
_TOP_SILENT = frozenset(
    {"showProgressBar", "progressBarLocation", "widthMode", "logo", "logoPosition", "$schema",
     "showQuestionNumbers", "width", "headerView", "firstPageIsStarted", "firstPageIsStartPage"}
)  # fmt: skip


def read_survey(raw: Mapping[str, Any], *, title: str = "") -> Source:
    """Raises FileRefused when there are no questions in it."""
    source = Source("surveyjs", "surveyjs", default_language=str(raw.get("locale", "")))
    _Reader(source, raw, title).run()
    if not source.counts["questions"]:
        raise FileRefused(_("There are no questions in this file."))
    return source


def looks_like(raw: Mapping[str, Any]) -> bool:
    pages = raw.get("pages")
    if isinstance(pages, list) and "schema" not in raw and "languages" not in raw:
        return True
    elements = raw.get("elements") or raw.get("questions")
    return isinstance(elements, list)


class _Reader:
    def __init__(self, source: Source, raw: Mapping[str, Any], title: str) -> None:
        self.source, self.raw, self.title = source, raw, title

    def run(self) -> None:
        source, raw = self.source, self.raw
        source.title = words_of(raw.get("title")) or {"": self.title}
        source.intro = words_of(raw.get("description"))
        source.thanks = words_of(raw.get("completedHtml"))
        pages = raw.get("pages")
        if not isinstance(pages, list):
            pages = [{"elements": raw.get("elements") or raw.get("questions")}]
        for number, page in enumerate(pages, start=1):
            if isinstance(page, Mapping):
                self.page(page, number)
        self.worked_out()
        self.ends()
        for number, one in enumerate(_maps(raw.get("triggers")), start=1):
            place = _("trigger %(number)s") % {"number": number}
            source.counts["conditions"] += "expression" in one
            source.leave_out(
                place, _("Triggers are not taken over."), one.get("expression") or one.get("type")
            )
        for name in raw.keys() - _TOP_READ - _TOP_SILENT:
            source.leave_out(
                _("Survey"), _("The setting “%(name)s” is not taken over.") % {"name": name},
                raw[name],
            )  # fmt: skip

    def page(self, raw: Mapping[str, Any], number: int) -> None:
        name = str(raw.get("name") or f"page{number}")
        place = _("page “%(name)s”") % {"name": name}
        page = AskedPage(name, words_of(raw.get("title")))
        if condition := self.condition(raw, "visibleIf", place):
            page.when.append(condition)
        self.source.pages.append(page)
        self.elements(page, raw.get("elements") or raw.get("questions"), [], 0)
        self.say_unread(raw, {"elements", "questions", "name"}, place)

    def elements(self, page: AskedPage, raw: Any, when: list[Condition], depth: int) -> None:
        if depth > DEEPEST:
            raise FileRefused(_("This file is nested too deeply or has too many parts."))
        for one in _maps(raw):
            kind = str(one.get("type", "text"))
            place = _("question “%(name)s”") % {"name": one.get("name", kind)}
            condition = self.condition(one, "visibleIf", place)
            own = [*when, condition] if condition else when
            if kind in CONTAINERS:
                self.panel(page, one, own, depth, place)
            else:
                self.question(page, one, own, kind, place)

    def panel(
        self,
        page: AskedPage,
        raw: Mapping[str, Any],
        when: list[Condition],
        depth: int,
        place: str,
    ) -> None:
        inner = raw.get("templateElements") or raw.get("elements")
        if raw.get("type") == "paneldynamic":
            self.source.leave_out(place, _("Repeats are asked once."), raw.get("name", ""))
        if title := words_of(raw.get("title")):
            page.asked.append(
                Asked(f"{raw.get('name', 'panel')}_title", "statement", title, place, when=when)
            )
        self.elements(page, inner, when, depth + 1)
        self.say_unread(raw, {"elements", "templateElements"}, place)

    def question(
        self, page: AskedPage, raw: Mapping[str, Any], when: list[Condition], kind: str, place: str
    ) -> None:
        source = self.source
        source.counts["questions"] += 1
        name = str(raw.get("name") or raw.get("valueName") or kind)
        text = words_of(raw.get("title")) or {"": name}
        asked = Asked(name, "short_text", text, place, hint=words_of(raw.get("description")))
        asked.names = (str(raw["valueName"]),) if raw.get("valueName") else ()
        asked.required, asked.when = raw.get("isRequired") is True, list(when)
        asked.required_when = self.condition(raw, "requiredIf", place)
        maker = KINDS.get(kind)
        if maker is None:
            reason = _("This kind of question is not known; it is asked as a text.")
            source.leave_out(place, reason, kind)
            made, read = [asked], frozenset[str]()
        else:
            made, read = maker(asked, raw, source)
        self.checks(asked, raw, place)
        page.asked += made
        self.say_unread(raw, read, place)

    def checks(self, asked: Asked, raw: Mapping[str, Any], place: str) -> None:
        for one in _maps(raw.get("validators")):
            kind = str(one.get("type", "")).removesuffix("validator")
            text: Wording = words_of(one.get("text"))
            limits = {ours: one[theirs] for ours, theirs in
                      (("min", "minValue"), ("max", "maxValue"))
                      if isinstance(one.get(theirs), int | float)}  # fmt: skip
            if kind == "expression" and isinstance(one.get("expression"), str):
                asked.checks.append((self.source.condition(one["expression"], place), text))
            elif kind == "numeric" and asked.type == "number":
                asked.settings |= limits
            elif kind == "email" and asked.type == "short_text":
                asked.settings["format"] = "email"
            elif kind == "text" and asked.type.endswith("_text") and one.get("maxLength"):
                asked.settings["max_length"] = min(int(one["maxLength"]), 2000)
            else:
                reason = _("This check of the answer is not taken over.")
                self.source.leave_out(place, reason, kind)

    def condition(self, raw: Mapping[str, Any], name: str, place: str) -> Condition | None:
        text = raw.get(name)
        if not isinstance(text, str) or not text.strip():
            return None
        return self.source.condition(text, place)

    def worked_out(self) -> None:
        """Values that SurveyJS works out beside the questions; here they are questions at the
        end of the last page, so that ends can ask for them."""
        for one in _maps(self.raw.get("calculatedValues")):
            name = named(one)
            place = _("calculated value “%(name)s”") % {"name": name}
            asked = Asked(name, "calculated", {"": name}, place)
            asked.value = self.condition(one, "expression", place)
            if self.source.pages:
                self.source.pages[-1].asked.append(asked)

    def ends(self) -> None:
        for number, one in enumerate(_maps(self.raw.get("completedHtmlOnCondition")), start=1):
            place = _("end %(number)s") % {"number": number}
            if condition := self.condition(one, "expression", place):
                self.source.ends.append(AskedEnd(condition, words_of(one.get("html"))))

    def say_unread(self, raw: Mapping[str, Any], read: Any, place: str) -> None:
        if raw.get("visible") is False:
            self.source.leave_out(place, _("It is hidden in the file and shown here."))
        for name in sorted(map(str, raw.keys() - _COMMON - _SILENT - set(read))):
            reason = _("The setting “%(name)s” is not taken over.") % {"name": name}
            is_condition = name.endswith("If") and isinstance(raw[name], str)
            self.source.counts["conditions"] += is_condition
            self.source.leave_out(place, reason, raw[name])


def _maps(raw: Any) -> list[Mapping[str, Any]]:
    return [one for one in raw if isinstance(one, Mapping)] if isinstance(raw, list) else []
