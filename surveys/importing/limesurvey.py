"""LimeSurvey: groups are pages, questions of one letter are kinds of ours."""

from typing import Any
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _

from surveys.importing.limesurvey_file import LimeFile, Row, attributes, read_rows
from surveys.importing.limesurvey_filters import BY_CHOICE, SETTINGS, Part, add_filters, names_in
from surveys.importing.limesurvey_kinds import UNREAD, Given, asked_of
from surveys.importing.source import (
    Asked,
    AskedPage,
    Condition,
    FileRefused,
    Item,
    Source,
    Wording,
)

MOST_ELEMENTS = 290  # a survey has room for 300 questions
_TRIVIAL = frozenset({"", "1"})


def read_document(root: Element) -> Source:
    """Raises FileRefused when it is no file of LimeSurvey with questions."""
    if root.tag != "document" or root.find("LimeSurveyDocType") is None:
        raise FileRefused(_("This is no file of LimeSurvey (.lss, .lsg, .lsq)."))
    found = read_rows(root)
    if not found.tables.get("questions"):
        raise FileRefused(_("There are no questions in this file."))
    source = Source("limesurvey", "limesurvey", default_language=found.default_language)
    _Reader(source, found).run()
    return source


class _Reader:
    def __init__(self, source: Source, found: LimeFile) -> None:
        self.source, self.found = source, found
        self.settings = attributes(found)
        self.rows: dict[str, list[Row]] = {}
        for row in sorted(found.tables["subquestions"], key=_order):
            self.rows.setdefault(row.get("parent_qid", ""), []).append(row)
        self.answers: dict[str, list[Row]] = {}
        for row in sorted(found.tables["answers"], key=_order):
            self.answers.setdefault(row.get("qid", ""), []).append(row)
        source.counts["questions"] = len(found.tables["questions"])
        source.counts["rows"] = len(found.tables["subquestions"])
        source.counts["choices"] = len(found.tables["answers"])

    def run(self) -> None:
        self.survey()
        by_group: dict[str, list[Row]] = {}
        for row in self.found.tables["questions"]:
            by_group.setdefault(row.get("gid", ""), []).append(row)
        groups = sorted(self.found.tables["groups"], key=_order)
        known = {group.get("gid", "") for group in groups}
        groups += [{"gid": one, "#": one} for one in by_group if one not in known]
        together: dict[str, list[str]] = {}
        wide = self.with_cells(groups)
        parts = self.parts()
        for group in groups:
            page = self.page(group)
            if name := group.get("randomization_group", ""):
                together.setdefault(name, []).append(page.name)
            for row in sorted(by_group.get(group.get("gid", ""), ()), key=_order):
                given = self.given(row)
                add_filters(given, parts, self.source)
                page.asked += asked_of(given, self.source, is_wide=row.get("qid", "") in wide)
                self.say_unread(row)
            self.source.pages.append(page)
        self.source.shuffle_pages = [names for names in together.values() if len(names) > 1]

    def survey(self) -> None:
        texts: dict[str, Wording] = {"title": {}, "intro": {}, "thanks": {}}
        columns = {"title": "surveyls_title", "intro": "surveyls_welcometext",
                   "thanks": "surveyls_endtext"}  # fmt: skip
        for row in self.found.tables.get("surveys_languagesettings", ()):
            for name, column in columns.items():
                texts[name][row.get("surveyls_language", "")] = row.get(column, "")
        self.source.title, self.source.intro = texts["title"], texts["intro"]
        self.source.thanks = texts["thanks"]
        notes = {
            "conditions": _("Conditions in the form of version 1 are not taken over."),
            "quota": _("Quotas are not taken over."),
            "assessments": _("Assessments are not taken over."),
            "defaultvalues": _("Answers are not filled in beforehand."),
        }
        for name, note in notes.items():
            if rows := self.found.tables.get(name):
                self.source.leave_out(_("Survey"), note, len(rows))

    def page(self, group: Row) -> AskedPage:
        gid = group.get("gid", "")
        title = self.found.text("groups", gid, "group_name")
        place = _("group “%(name)s”") % {"name": next(iter(title.values()), gid)}
        page = AskedPage(f"g{gid}", title)
        if condition := self.condition(group.get("grelevance", ""), place):
            page.when.append(condition)
        description = self.found.text("groups", gid, "description")
        if any(text.strip() for text in description.values()):
            page.asked.append(Asked(f"{page.name}_text", "statement", description, place))
        return page

    def condition(self, text: str, place: str) -> Condition | None:
        return None if text.strip() in _TRIVIAL else self.source.condition(text.strip(), place)

    def given(self, row: Row) -> Given:
        qid = row.get("qid", "")
        place = _("question “%(name)s”") % {"name": row.get("title", qid)}
        condition = self.condition(row.get("relevance", ""), place)
        rows = self.rows.get(qid, [])
        answers = self.answers.get(qid, [])
        return Given(
            name=row.get("title", "") or f"q{qid}",
            letter=row.get("type", ""),
            text=self.found.text("questions", qid, "question"),
            hint=self.found.text("questions", qid, "help"),
            place=place,
            is_needed=row.get("mandatory") == "Y",
            has_other=row.get("other") == "Y",
            pattern=row.get("preg", ""),
            when=[condition] if condition else [],
            settings=self.settings.get(qid, {}),
            rows=[self.item(one, place) for one in rows if one.get("scale_id", "0") in {"0", ""}],
            columns=[self.item(one, place) for one in rows if one.get("scale_id") == "1"],
            choices=[self.choice(one) for one in answers if one.get("scale_id", "0") in {"0", ""}],
            second=[self.choice(one) for one in answers if one.get("scale_id") == "1"],
        )

    def item(self, row: Row, place: str) -> Item:
        item = Item(row.get("title", ""), self.found.text("questions", row["#"], "question"))
        if condition := self.condition(row.get("relevance", ""), place):
            item.when.append(condition)
        return item

    def choice(self, row: Row) -> Item:
        flags: dict[str, Any] = {}
        score = row.get("assessment_value", "0")
        if score.lstrip("-").isdecimal() and score != "0":
            flags["score"] = int(score)
        return Item(
            row.get("code", ""), self.found.text("answers", row["#"], "answer"), flags=flags
        )

    def say_unread(self, row: Row) -> None:
        place = _("question “%(name)s”") % {"name": row.get("title", "")}
        settings = self.settings.get(row.get("qid", ""), {})
        for name, value in settings.items():
            usual = UNREAD.get(name)
            if name == "hidden" and row.get("type") == "*":
                continue  # what is worked out is never shown here
            if usual is not None and value not in usual:
                self.source.leave_out(
                    place, _("The setting “%(name)s” is not taken over.") % {"name": name}, value
                )

    def parts(self) -> dict[str, Part]:
        """Each question as filters ask for it, by its name."""
        found = {}
        for row in self.found.tables["questions"]:
            given, qid = row.get("title", ""), row.get("qid", "")
            rows = self.rows.get(qid, [])
            codes = [one.get("title", "") for one in rows if one.get("scale_id") != "1"]
            settings = self.settings.get(qid, {})
            found[given] = Part(
                given,
                row.get("type", ""),
                [one.get("code", "") for one in self.answers.get(qid, [])]
                if row.get("type", "") in BY_CHOICE
                else codes,
                [one.get("title", "") for one in rows if one.get("scale_id") == "1"],
                {name: names_in(settings[name]) for name in SETTINGS if name in settings},
            )
        return found

    def with_cells(self, groups: list[Row]) -> set[str]:
        """The matrices of texts or numbers (by qid) that get a question for each cell: those that
        filters ask for first, then in their order, as long as there is room."""
        asked_for = {
            name
            for settings in self.settings.values()
            for setting in SETTINGS
            for name in names_in(settings.get(setting, ""))
        }
        room = MOST_ELEMENTS - len(groups)
        matrices = []
        for row in sorted(self.found.tables["questions"], key=_order):
            rows = self.rows.get(row.get("qid", ""), [])
            first = sum(one.get("scale_id", "0") in {"0", ""} for one in rows)
            letter = row.get("type")
            room -= first + 1 if letter in {"K", "Q"} else 2 if letter in {"1", "O"} else 1
            if letter in {";", ":"}:
                matrices.append((row, first * (len(rows) - first)))
        wide = set()
        for row, cells in sorted(matrices, key=lambda one: one[0].get("title") not in asked_for):
            if cells <= room:
                room -= cells
                wide.add(row.get("qid", ""))
        return wide


def _order(row: Row) -> tuple[int, int]:
    for name in ("question_order", "group_order", "sortorder"):
        if name in row:
            break
    number = row.get(name, "0")
    scale = row.get("scale_id", "0")
    return (int(scale) if scale.isdecimal() else 0, int(number) if number.isdecimal() else 0)
