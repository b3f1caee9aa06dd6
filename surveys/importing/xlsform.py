"""XLSForm: the sheets survey, choices and settings, as ODK, Kobo and pyxform have them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from surveys.importing.source import (
    Asked,
    AskedPage,
    Condition,
    FileRefused,
    Item,
    Source,
    Wording,
)
from surveys.importing.tables import Sheet

_COLUMNS = {
    "bind::relevant": "relevant", "bind:relevant": "relevant", "relevance": "relevant",
    "bind::constraint": "constraint", "bind:constraint": "constraint",
    "bind:jr:constraintmsg": "constraint_message", "bind::jr": "constraint_message",
    "bind::jr::constraintmsg": "constraint_message",
    "bind::jr::constraintMsg": "constraint_message",
    "constraint message": "constraint_message", "bind::required": "required",
    "bind:required": "required", "bind:readonly": "read_only", "readonly": "read_only",
    "control:appearance": "appearance", "calculate": "calculation",
    "bind:calculate": "calculation", "bind::calculate": "calculation", "list name": "list_name",
    "repeat count": "repeat_count",
}  # fmt: skip
_KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "text": ("short_text", {}), "string": ("short_text", {}),
    "integer": ("number", {"decimals": 0}), "int": ("number", {"decimals": 0}),
    "decimal": ("number", {"decimals": 6}), "range": ("number", {"decimals": 6}),
    "date": ("date", {}), "today": ("", {}), "phone number": ("short_text", {"format": "phone"}),
    "phonenumber_": ("", {}), "note": ("statement", {}), "calculate": ("calculated", {}),
    "hidden": ("hidden", {}), "acknowledge": ("consent", {}), "trigger": ("consent", {}),
    "image": ("file", {"kinds": ["picture"]}), "photo": ("file", {"kinds": ["picture"]}),
    "audio": ("file", {"kinds": ["audio"]}), "video": ("file", {"kinds": ["video"]}),
    "file": ("file", {}),
}  # fmt: skip
_WRITTEN = frozenset({"time", "datetime", "geopoint", "geotrace", "geoshape", "barcode"})
_GATHERED = frozenset(
    {"start", "end", "today", "deviceid", "subscriberid", "simserial", "phonenumber", "username",
     "email", "audit", "start-geopoint", "background-audio", "device id", "instanceid"}
)  # fmt: skip
_READ = frozenset(
    {"type", "name", "label", "hint", "relevant", "constraint", "constraint_message", "required",
     "calculation", "choice_filter", "appearance", "parameters", "$kuid", "$autoname", "$xpath"}
)  # fmt: skip
_NOTHING = frozenset({"", "no", "false", "false()"})
_SELECT = re.compile(
    r"(?P<many>select[ _]multiple|select[ _]all(?: that apply)?|select[ _]one|rank|select1|select)"
    r"(?: +from)?(?: +(?P<list>.+?))?(?P<other> +or[ _](?:specify[ _])?other)?",
    re.IGNORECASE,
)


def read_sheets(sheets: Mapping[str, Sheet], *, title: str = "") -> Source:
    """Raises FileRefused when there is no sheet “survey” with questions."""
    if "survey" not in sheets:
        raise FileRefused(_("There is no sheet “survey” in this file."))
    settings = (sheets.get("settings") or [{}])[0]
    source = Source("xlsform", "xpath", default_language=settings.get("default_language", ""))
    source.title = {"": settings.get("form_title") or settings.get("title") or title}
    _Reader(source, sheets).run()
    return source


class _Reader:
    def __init__(self, source: Source, sheets: Mapping[str, Sheet]) -> None:
        self.source = source
        self.rows = [_renamed(row) for row in sheets["survey"]]
        self.lists: dict[str, list[dict[str, str]]] = {}
        for row in map(_renamed, sheets.get("choices", [])):
            self.lists.setdefault(row.get("list_name", ""), []).append(row)
            source.counts["choices"] += 1
        # Open groups: their condition, and whether they made a page.
        self.open: list[tuple[Condition | None, bool]] = []

    def run(self) -> None:
        self.begin_page("", {}, [])
        for number, row in enumerate(self.rows, start=2):
            kind = re.sub(r"\s+", " ", row.get("type", "")).strip()
            place = _("row %(number)s, “%(name)s”") % {
                "number": number, "name": row.get("name") or kind,
            }  # fmt: skip
            low = kind.lower().replace("_", " ")
            if not kind:
                self.source.leave_out(place, _("The row has no type."))
            elif low.startswith("begin"):
                self.begin(low, row, place)
            elif low.startswith("end ") or low == "end group":
                self.end()
            else:
                self.question(kind, row, place)
        self.source.pages = [page for page in self.source.pages if page.asked]
        if not self.source.counts["questions"]:
            raise FileRefused(_("There are no questions in this file."))

    def begin_page(self, name: str, title: Wording, when: list[Condition]) -> None:
        self.source.pages.append(AskedPage(name, title, when))

    def begin(self, kind: str, row: dict[str, str], place: str) -> None:
        condition = self.condition(row, "relevant", place)
        if "repeat" in kind:
            self.source.leave_out(place, _("Repeats are asked once."), row.get("repeat_count", ""))
        is_page = not self.open
        if is_page:
            when = [condition] if condition else []
            self.begin_page(row.get("name", ""), _wording(row, "label"), when)
        self.open.append((condition, is_page))
        self.say_unread(row, place)

    def end(self) -> None:
        if self.open and self.open.pop()[1]:
            self.begin_page("", {}, [])

    def condition(self, row: dict[str, str], name: str, place: str) -> Condition | None:
        text = row.get(name, "").strip()
        if text.lower() in _NOTHING or text.lower() in {"true()", "yes", "true"}:
            return None
        return self.source.condition(text, place)

    def question(self, kind: str, row: dict[str, str], place: str) -> None:
        low = kind.lower().replace("_", " ")
        select = _SELECT.fullmatch(kind)
        if low in _GATHERED or low.split(" ")[0] in {"start-geopoint", "xml-external"}:
            self.source.counts["questions"] += 1
            self.source.leave_out(
                place, _("What the device of an interviewer records is not asked here."), kind
            )
            return
        self.source.counts["questions"] += 1
        asked = Asked(row.get("name", ""), "short_text", _wording(row, "label"), place)
        asked.hint = _wording(row, "hint")
        asked.when = [one for one, is_page in self.open if one and not is_page]
        if condition := self.condition(row, "relevant", place):
            asked.when.append(condition)
        self.needed(asked, row)
        if select:
            self.select(asked, select, row)
        else:
            self.plain(asked, low, row)
        if condition := self.condition(row, "constraint", place):
            asked.checks.append((condition, _wording(row, "constraint_message")))
        self.say_unread(row, place)
        self.source.pages[-1].asked.append(asked)

    def needed(self, asked: Asked, row: dict[str, str]) -> None:
        required = row.get("required", "").strip()
        if required.lower() in {"yes", "true", "true()", "1"}:
            asked.required = True
        else:
            asked.required_when = self.condition(row, "required", asked.place)

    def plain(self, asked: Asked, low: str, row: dict[str, str]) -> None:
        kind, settings = _KINDS.get(low, ("", {}))
        if kind:
            asked.type, asked.settings = kind, dict(settings)
        elif low in _WRITTEN:
            self.source.leave_out(asked.place, _("It is asked as a short text."), low)
        else:
            self.source.leave_out(
                asked.place, _("This kind of question is not known; it is asked as a text."), low
            )
        if kind == "calculated":
            asked.value = self.condition(row, "calculation", asked.place)
        elif "calculation" in row:
            self.source.counts["conditions"] += 1
            self.source.leave_out(
                asked.place, _("Answers are not filled in beforehand."), row["calculation"]
            )
        if kind == "short_text" and "multiline" in row.get("appearance", ""):
            asked.type, asked.settings = "long_text", {}
        if low == "range":
            _range(asked, row.get("parameters", ""))

    def select(self, asked: Asked, select: re.Match[str], row: dict[str, str]) -> None:
        many = select["many"].lower().replace("_", " ")
        name = select["list"] or row.get("itemset", "")
        is_many = many.startswith(("select multiple", "select all")) or many == "select"
        asked.type = "ranking" if many == "rank" else (
            "multiple_choice" if is_many else "single_choice"
        )  # fmt: skip
        if asked.type == "single_choice" and re.search(
            r"minimal|autocomplete|search", row.get("appearance", "")
        ):
            asked.type = "dropdown"
        rows = self.lists.get(name, [])
        if not rows:
            self.source.leave_out(
                asked.place, _("Its choices stand in no list of this file."), name
            )
        asked.choices = [self.choice(one) for one in rows]
        if (filter_ := row.get("choice_filter", "").strip()) and filter_ != "true()":
            self.source.counts["conditions"] += 1
            for item, cells in zip(asked.choices, rows, strict=True):
                item.when = [
                    self.source.condition(filter_, asked.place, column=cells, count=False)
                ]
        if select["other"]:
            asked.choices.append(
                Item("other", {"zh": "其他", "en": "Other"}, flags={"other": True, "fixed": True})
            )
        if not asked.choices:
            asked.type = "short_text"
        elif "randomize=true" in row.get("parameters", "").replace(" ", "").lower():
            asked.shuffle = "choices"

    @staticmethod
    def choice(row: dict[str, str]) -> Item:
        return Item(row.get("name", ""), _wording(row, "label"))

    def say_unread(self, row: dict[str, str], place: str) -> None:
        for name, value in row.items():
            first = name.split("::")[0]
            appearance = first == "appearance" and value.split(" ")[0] not in {
                "minimal",
                "autocomplete",
                "multiline",
            }
            if (first not in _READ and value.lower() not in _NOTHING) or appearance:
                if first == "repeat_count":
                    continue
                self.source.leave_out(
                    place, _("The column “%(name)s” is not taken over.") % {"name": name}, value
                )


def _renamed(row: Mapping[str, Any]) -> dict[str, str]:
    return {_COLUMNS.get(name, name): str(value) for name, value in row.items()}


def _wording(row: Mapping[str, str], name: str) -> Wording:
    """label, label::English (en), label:english → language → text."""
    found: Wording = {}
    for column, text in row.items():
        head, _colons, language = column.partition("::")
        if head == name:
            found[language] = text
    return found


def _range(asked: Asked, parameters: str) -> None:
    given = dict(re.findall(r"(\w+)\s*=\s*(-?\d+(?:\.\d+)?)", parameters))
    numbers = {name: float(value) for name, value in given.items()}
    start, end, step = (numbers.get("start", 0), numbers.get("end", 10), numbers.get("step", 1))
    if all(one.is_integer() for one in (start, end, step)) and start < end and step >= 1:
        asked.type = "slider"
        asked.settings = {"from": int(start), "to": int(end), "step": int(step)}
    else:
        asked.settings = {"decimals": 6, "min": min(start, end), "max": max(start, end)}


def rows_of_json(content: Mapping[str, Any]) -> dict[str, Sheet]:
    """Sheets out of the JSON that Kobo keeps: {"survey": [...], "choices": [...]}. Labels may be
    lists, in the order of `translations`."""
    languages = [one or "" for one in content.get("translations") or [""]]
    found: dict[str, Sheet] = {}
    for name in ("survey", "choices"):
        rows = content.get(name) or []
        found[name] = [dict(_flat(row, languages)) for row in rows if isinstance(row, Mapping)]
    settings = content.get("settings") or {}
    settings = settings[0] if isinstance(settings, list) and settings else settings
    if isinstance(settings, Mapping):
        found["settings"] = [dict(_flat(settings, languages))]
    return found


def _flat(row: Mapping[str, Any], languages: list[str]) -> Iterator[tuple[str, str]]:
    for name, value in row.items():
        if isinstance(value, list):
            for language, text in zip(languages, value, strict=False):
                if text:
                    yield (f"{name}::{language}" if language else name), str(text)
        elif isinstance(value, Mapping):
            for language, text in value.items():
                yield f"{name}::{language}", str(text)
        elif value is not None and value != "":
            yield name, str(value).lower() if isinstance(value, bool) else str(value)


def rows_of_tree(form: Mapping[str, Any]) -> dict[str, Sheet]:
    """Sheets out of the JSON of pyxform: a tree of children."""
    survey: Sheet = []
    choices: Sheet = []
    for name, items in (form.get("choices") or {}).items():
        choices += [{"list_name": name, **dict(_flat(one, [""]))} for one in items]

    def walk(children: Any, depth: int) -> None:
        for child in children if isinstance(children, list) and depth < 20 else ():
            if not isinstance(child, Mapping) or child.get("name") == "meta":
                continue
            bind = child.get("bind") or {}
            row = {key: child[key] for key in ("type", "name", "label", "hint") if key in child}
            row |= {
                key: bind[key] for key in ("relevant", "constraint", "required") if key in bind
            }
            flat = dict(_flat(row, [""]))
            if child.get("type") in {"group", "repeat"}:
                survey.append({**flat, "type": f"begin {child['type']}"})
                walk(child.get("children"), depth + 1)
                survey.append({"type": f"end {child['type']}"})
            else:
                if child.get("itemset") or child.get("list_name"):
                    flat["type"] += f" {child.get('list_name') or child.get('itemset')}"
                survey.append(flat)

    walk(form.get("children"), 0)
    return {
        "survey": survey,
        "choices": choices,
        "settings": [{"form_title": str(form.get("title", ""))}],
    }
