"""Kinds of SurveyJS as kinds of ours. Each maker fills the question and says which names of the
JSON it has read."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from surveys.importing.source import Asked, Item, Source, Wording

CONTAINERS = frozenset({"panel", "paneldynamic", "flowpanel"})
Made = tuple[list[Asked], frozenset[str]]
_OTHER = ("hasOther", "showOtherItem", "otherText", "otherPlaceholder", "otherErrorText")
_NONE = ("hasNone", "showNoneItem", "noneText")
_CHOICES = frozenset(
    {"choices", "choicesOrder", "minSelectedChoices", "maxSelectedChoices", *_OTHER, *_NONE}
)
_INPUTS: dict[str, tuple[str, dict[str, Any]]] = {
    "number": ("number", {"decimals": 6}), "range": ("number", {"decimals": 6}),
    "date": ("date", {}), "email": ("short_text", {"format": "email"}),
    "tel": ("short_text", {"format": "phone"}), "url": ("short_text", {"format": "url"}),
    "text": ("short_text", {}),
}  # fmt: skip


def words_of(raw: Any) -> Wording:
    """A text, or one for each language."""
    if isinstance(raw, Mapping):
        return {str(name): str(text) for name, text in raw.items() if text}
    return {"": str(raw)} if isinstance(raw, str | int | float) and raw != "" else {}


def named(raw: Mapping[str, Any]) -> str:
    return str(raw.get("name") or raw.get("value") or "")


def items_of(raw: Any, source: Source, place: str) -> list[Item]:
    found = []
    for one in raw if isinstance(raw, list) else ():
        source.counts["choices"] += 1
        found.append(_item(one, source, place))
    return found


def _item(one: Any, source: Source, place: str) -> Item:
    if not isinstance(one, Mapping):
        return Item(_written(one), {"": _written(one)})
    value = _written(one.get("value", one.get("name", "")))
    item = Item(value, words_of(one.get("text") or one.get("title")) or {"": value})
    if isinstance(one.get("visibleIf"), str):
        item.when.append(source.condition(one["visibleIf"], place))
    for name in one.keys() - {"value", "text", "name", "title", "visibleIf", "isRequired"}:
        reason = _("The setting “%(name)s” is not taken over.") % {"name": name}
        source.leave_out(place, reason, one[name])
    return item


def _written(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _choosing(kind: str) -> Callable[[Asked, Mapping[str, Any], Source], Made]:
    def make(asked: Asked, raw: Mapping[str, Any], source: Source) -> Made:
        asked.type = kind
        asked.choices = items_of(raw.get("choices"), source, asked.place)
        if raw.get("hasNone") or raw.get("showNoneItem"):
            text = words_of(raw.get("noneText")) or {"zh": "以上都不是", "en": "None of these"}
            asked.choices.append(Item("none", text, flags={"exclusive": True, "fixed": True}))
        if raw.get("hasOther") or raw.get("showOtherItem"):
            text = words_of(raw.get("otherText")) or {"zh": "其他", "en": "Other"}
            asked.choices.append(Item("other", text, flags={"other": True, "fixed": True}))
        if raw.get("choicesOrder") == "random":
            asked.shuffle = "choices"
        if kind == "multiple_choice":
            for ours, theirs in (("min", "minSelectedChoices"), ("max", "maxSelectedChoices")):
                if isinstance(raw.get(theirs), int) and raw[theirs] > 0:
                    asked.settings[ours] = raw[theirs]
        if not asked.choices:
            asked.type, asked.shuffle = "short_text", ""
            source.leave_out(asked.place, _("Its choices stand in no list of this file."))
        read = _CHOICES - (
            {"choicesOrder"} if raw.get("choicesOrder") in ("asc", "desc") else set()
        )
        return [asked], read

    return make


def _text(asked: Asked, raw: Mapping[str, Any], source: Source) -> Made:
    kind = str(raw.get("inputType", "text"))
    asked.type, settings = _INPUTS.get(kind, ("short_text", {}))
    asked.settings = dict(settings)
    if kind not in _INPUTS:
        source.leave_out(asked.place, _("It is asked as a short text."), kind)
    if asked.type == "number":
        for name in ("min", "max"):
            if isinstance(raw.get(name), int | float):
                asked.settings[name] = raw[name]
    return [asked], _worded(asked, raw) | {
        "inputType",
        *(asked.settings if kind == "number" else ()),
    }


def _worded(asked: Asked, raw: Mapping[str, Any]) -> frozenset[str]:
    if asked.type in {"short_text", "long_text", "number"} and raw.get("placeholder"):
        asked.words["placeholder"] = words_of(raw["placeholder"])
    length = raw.get("maxLength")
    if asked.type.endswith("_text") and isinstance(length, int) and length > 0:
        asked.settings["max_length"] = min(length, 2000)
    return frozenset({"placeholder", "maxLength"})


def _comment(asked: Asked, raw: Mapping[str, Any], source: Source) -> Made:
    asked.type = "long_text"
    return [asked], _worded(asked, raw) | {"rows", "autoGrow"}


def _boolean(asked: Asked, raw: Mapping[str, Any], source: Source) -> Made:
    asked.type = "single_choice"
    yes = words_of(raw.get("labelTrue")) or {"zh": "是", "en": "Yes"}
    no = words_of(raw.get("labelFalse")) or {"zh": "否", "en": "No"}
    ways = (_written(raw.get("valueTrue", True)), "True", "true")
    nays = (_written(raw.get("valueFalse", False)), "False", "false")
    asked.choices = [Item("yes", yes, aliases=ways), Item("no", no, aliases=nays)]
    return [asked], frozenset({"labelTrue", "labelFalse", "valueTrue", "valueFalse"})


def _rating(asked: Asked, raw: Mapping[str, Any], source: Source) -> Made:
    values = items_of(raw.get("rateValues"), source, asked.place)
    asked.words = {
        ours: words_of(raw[theirs])
        for ours, theirs in (("low", "minRateDescription"), ("high", "maxRateDescription"))
        if raw.get(theirs)
    }
    read = frozenset({"rateValues", "rateMin", "rateMax", "rateStep", "rateCount", "rateType",
                      "minRateDescription", "maxRateDescription", "autoGenerate"})  # fmt: skip
    if values:
        asked.type, asked.choices, asked.words = "single_choice", values, {}
        return [asked], read - {"minRateDescription", "maxRateDescription"}
    low = _whole(raw.get("rateMin"), 1)
    high = _whole(raw.get("rateMax"), low + _whole(raw.get("rateCount"), 5) - 1)
    step = max(1, _whole(raw.get("rateStep"), 1))
    asked.type = "slider" if (high - low) // step > 20 else "scale"
    asked.settings = {"from": low, "to": max(high, low + step), "step": step}
    if (low, high, step) == (1, high, 1) and 2 <= high <= 10 and raw.get("rateType") == "stars":
        asked.type, asked.settings = "stars", {"max": high}
    return [asked], read


def _slider(asked: Asked, raw: Mapping[str, Any], source: Source) -> Made:
    asked.type = "slider"
    asked.settings = {
        "from": _whole(raw.get("min"), 0), "to": _whole(raw.get("max"), 100),
        "step": max(1, _whole(raw.get("step"), 1)),
    }  # fmt: skip
    return [asked], frozenset({"min", "max", "step"})


def _whole(value: Any, otherwise: int) -> int:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return int(value) if is_number and abs(value) < 10**9 else otherwise


def _matrix(asked: Asked, raw: Mapping[str, Any], source: Source) -> Made:
    is_multi = raw.get("cellType") == "checkbox"
    asked.type = "matrix_multi" if is_multi else "likert"
    asked.rows, asked.columns = (
        _rows(raw, source, asked),
        items_of(raw.get("columns"), source, asked.place),
    )
    if raw.get("rowsOrder") == "random" or raw.get("rowOrder") == "random":
        asked.shuffle = "rows"
    asked.required = asked.required or raw.get("isAllRowRequired") is True
    return [asked], frozenset({"rows", "columns", "rowsOrder", "rowOrder", "isAllRowRequired",
                               "eachRowRequired", "cellType"})  # fmt: skip


def _rows(raw: Mapping[str, Any], source: Source, asked: Asked) -> list[Item]:
    found = []
    for one in raw.get("rows") or []:
        source.counts["rows"] += 1
        found.append(_item(one, source, asked.place))
    return found or [Item("row1", {"": " "})]


def _dropdowns(asked: Asked, raw: Mapping[str, Any], source: Source) -> Made:
    """One matrix for each column that has choices of its own; the others are texts."""
    shared = raw.get("choices")
    rows, made = _rows(raw, source, asked), []
    counted = items_of(shared, source, asked.place)
    if raw.get("type") == "matrixdynamic":
        source.leave_out(asked.place, _("Repeats are asked once."))
    for given in raw.get("columns") or []:
        column = given if isinstance(given, Mapping) else {"name": given}
        own = (
            items_of(column["choices"], source, asked.place) if column.get("choices") else counted
        )
        name = f"{asked.name}_{named(column)}"
        text = words_of(column.get("title")) or {"": named(column)}
        one = Asked(name, "likert", text, asked.place, when=list(asked.when))
        is_multi = column.get("cellType") == "checkbox"
        one.rows, one.columns = rows, own
        one.type = "matrix_multi" if is_multi else "likert"
        if column.get("cellType") in {"text", "comment", "boolean", "expression"} or len(own) < 2:
            one.type, one.rows, one.columns = "long_text", [], []
            source.leave_out(asked.place, _("A column of texts is one long text."), named(column))
        made.append(one)
    heading = Asked(
        asked.name, "statement", asked.text, asked.place, hint=asked.hint, when=asked.when
    )
    return [heading, *made], frozenset({"rows", "columns", "choices", "cellType"})


def _several_texts(asked: Asked, raw: Mapping[str, Any], source: Source) -> Made:
    heading = Asked(
        asked.name, "statement", asked.text, asked.place, hint=asked.hint, when=asked.when
    )
    made = [heading]
    for item in raw.get("items") or []:
        if isinstance(item, Mapping):
            source.counts["rows"] += 1
            text = words_of(item.get("title")) or {"": named(item)}
            one = Asked(f"{asked.name}_{named(item)}", "short_text", text, asked.place)
            one.required, one.when = item.get("isRequired") is True, list(asked.when)
            _text(one, item, source)
            made.append(one)
    return made, frozenset({"items", "colCount", "itemSize"})


def _statement(asked: Asked, raw: Mapping[str, Any], source: Source) -> Made:
    asked.type, asked.required, asked.required_when = "statement", False, None
    asked.text = words_of(raw.get("html")) or asked.text
    return [asked], frozenset({"html"})


def _file(asked: Asked, raw: Mapping[str, Any], source: Source) -> Made:
    asked.type = "file"
    if str(raw.get("acceptedTypes", "")).startswith("image") or raw.get("type") == "signaturepad":
        asked.settings = {"kinds": ["picture"]}
    if raw.get("type") == "signaturepad":
        source.leave_out(asked.place, _("A signature is asked for as a picture."))
    return [asked], frozenset({"acceptedTypes", "storeDataAsText", "waitForUpload"})


def _expression(asked: Asked, raw: Mapping[str, Any], source: Source) -> Made:
    asked.type, asked.required = "calculated", False
    if isinstance(raw.get("expression"), str):
        asked.value = source.condition(raw["expression"], asked.place)
    return [asked], frozenset({"expression"})


KINDS: dict[str, Callable[[Asked, Mapping[str, Any], Source], Made]] = {
    "radiogroup": _choosing("single_choice"), "dropdown": _choosing("dropdown"),
    "checkbox": _choosing("multiple_choice"), "tagbox": _choosing("multiple_choice"),
    "buttongroup": _choosing("single_choice"), "imagepicker": _choosing("single_choice"),
    "ranking": _choosing("ranking"), "text": _text, "comment": _comment, "boolean": _boolean,
    "rating": _rating, "slider": _slider, "matrix": _matrix, "matrixdropdown": _dropdowns,
    "matrixdynamic": _dropdowns, "multipletext": _several_texts, "html": _statement,
    "image": _statement, "file": _file, "signaturepad": _file, "expression": _expression,
}  # fmt: skip
