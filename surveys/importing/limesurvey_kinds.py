"""Questions of LimeSurvey, by their letter, as questions of ours: one, or several where a letter
holds what are several questions here."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _

from surveys.importing.source import Asked, Condition, Item, Source, Wording


@dataclass(slots=True)
class Given:
    name: str
    letter: str
    text: Wording
    hint: Wording
    place: str
    is_needed: bool
    has_other: bool
    pattern: str
    when: list[Condition]
    settings: dict[str, str]
    rows: list[Item]
    columns: list[Item]
    choices: list[Item]
    second: list[Item]

    def whole(self, name: str) -> int | None:
        """A setting that is a whole number; None for an expression and for nothing."""
        value = self.settings.get(name, "")
        number = value.removesuffix(".0")
        return int(number) if number.lstrip("-").isdecimal() and len(number) < 10 else None


# Settings that change what is asked or how, with the values that say nothing.
UNREAD: dict[str, frozenset[str]] = {
    name: frozenset({"0", "", "N"})
    for name in (
        "em_validation_q", "em_validation_sq", "hidden",
        "time_limit", "random_group", "equals_num_value", "max_num_value", "min_num_value",
        "exclude_all_others_auto", "parent_order", "show_totals", "page_break",
        "other_numbers_only", "code_filter", "multiflexible_step",
    )
}  # fmt: skip


def _fixed(*items: tuple[str, str, str]) -> list[Item]:
    return [Item(code, {"zh": zh, "en": en}) for code, zh, en in items]


_YES_NO = (("Y", "是", "Yes"), ("N", "否", "No"))
_COLUMNS: dict[str, Callable[[], list[Item]]] = {
    "A": lambda: _fixed(*((str(n), str(n), str(n)) for n in range(1, 6))),
    "B": lambda: _fixed(*((str(n), str(n), str(n)) for n in range(1, 11))),
    "C": lambda: _fixed(_YES_NO[0], ("U", "不确定", "Uncertain"), _YES_NO[1]),
    "E": lambda: _fixed(
        ("I", "增加", "Increase"), ("S", "不变", "Same"), ("D", "减少", "Decrease")
    ),
}


def asked_of(given: Given, source: Source, *, is_wide: bool) -> list[Asked]:
    """The questions that one of LimeSurvey becomes. `is_wide`: there is room for one question
    in each cell of a matrix of texts."""
    letter = given.letter
    if given.pattern.strip():
        source.leave_out(
            given.place, _("Patterns (regular expressions) are not taken over."), given.pattern
        )
    if letter in _COLUMNS or letter in "FH":
        columns = _COLUMNS[letter]() if letter in _COLUMNS else given.choices
        return [_asked(given, "likert", rows=given.rows, columns=columns)]
    if letter == "1":
        return _dual(given, source)
    if letter in ":;":
        return _cells(given, source, is_wide)
    if letter in "KQ":
        return _parts(given, source)
    maker = _MAKERS.get(letter)
    if maker is not None:
        return maker(given, source)
    source.leave_out(
        given.place, _("This kind of question is not known; it is asked as a text."), letter
    )
    return [_asked(given, "long_text")]


def _asked(given: Given, kind: str, **more: Any) -> Asked:
    asked = Asked(
        given.name, kind, given.text, given.place, hint=given.hint, required=given.is_needed,
        when=list(given.when),
    )  # fmt: skip
    for name, value in more.items():
        setattr(asked, name, value)
    if kind in {"likert", "matrix_multi"} and given.settings.get("random_order") == "1":
        asked.shuffle = "rows"
    elif given.settings.get("random_order") == "1":
        asked.shuffle = "choices"
    return asked


def _single(given: Given, source: Source) -> list[Asked]:
    kind = "dropdown" if given.letter in "!I" else "single_choice"
    choices = [*given.choices, *_other(given)]
    asked = [_asked(given, kind, choices=choices)]
    if given.letter == "O":
        words = {"zh": "备注", "en": "Comment"}
        comment = _asked(given, "long_text", required=False, text=words, hint={})
        comment.name = f"{given.name}_comment"
        asked.append(comment)
    return asked


def _other(given: Given) -> list[Item]:
    if not given.has_other:
        return []
    words = given.settings.get("other_replace_text")
    text = {"": words} if words else {"zh": "其他", "en": "Other"}
    return [Item("other", text, flags={"other": True, "fixed": True}, aliases=("-oth-",))]


def _several(given: Given, source: Source) -> list[Asked]:
    alone = given.settings.get("exclude_all_others", "").replace(",", ";").split(";")
    for item in given.rows:
        if item.name in alone:
            item.flags["exclusive"] = True
        if given.letter == "P":  # each box has a comment of its own
            item.flags["other"] = True
    settings = {}
    for ours, theirs in (("min", "min_answers"), ("max", "max_answers")):
        number = given.whole(theirs)
        if number is not None and 0 < number <= len(given.rows):
            settings[ours] = number
        elif given.settings.get(theirs, "0") not in {"0", ""} and number is None:
            source.leave_out(
                given.place, _("The setting “%(name)s” is not taken over.") % {"name": theirs},
                given.settings[theirs],
            )  # fmt: skip
    choices = [*given.rows, *_other(given)]
    return [_asked(given, "multiple_choice", choices=choices, settings=settings)]


def _fixed_choice(*items: tuple[str, str, str]) -> Callable[[Given, Source], list[Asked]]:
    def make(given: Given, source: Source) -> list[Asked]:
        return [_asked(given, "single_choice", choices=_fixed(*items))]

    return make


def _plain(kind: str, **settings: Any) -> Callable[[Given, Source], list[Asked]]:
    def make(given: Given, source: Source) -> list[Asked]:
        asked = _asked(given, kind, settings=dict(settings))
        asked.required = given.is_needed and kind != "statement"
        asked.shuffle = ""
        longest = given.whole("maximum_chars")
        if kind in {"short_text", "long_text"} and longest and longest > 0:
            asked.settings["max_length"] = min(longest, 2000)
        return [asked]

    return make


def _number(given: Given, source: Source) -> list[Asked]:
    return [replace(_asked(given, "number"), settings=_limits(given), words=_unit(given))]


def _limits(given: Given) -> dict[str, Any]:
    settings: dict[str, Any] = {}
    for ours, theirs in (("min", "min_num_value_n"), ("max", "max_num_value_n")):
        if (number := given.whole(theirs)) is not None:
            settings[ours] = number
    if settings.get("min", 0) > settings.get("max", settings.get("min", 0)):
        settings = {}
    settings["decimals"] = 0 if given.settings.get("num_value_int_only") == "1" else 6
    return settings


def _unit(given: Given) -> dict[str, Wording]:
    unit = given.settings.get("suffix")
    return {"unit": {"": unit}} if unit else {}


def _ranking(given: Given, source: Source) -> list[Asked]:
    most = given.whole("max_answers")
    settings = {"places": most} if most and 0 < most <= len(given.choices) else {}
    return [_asked(given, "ranking", choices=given.choices, settings=settings)]


def _calculated(given: Given, source: Source) -> list[Asked]:
    text = next((one for one in given.text.values() if one.strip()), "").strip()
    formula = given.settings.get("equation", text)
    asked = _asked(given, "calculated", hint={}, shuffle="")
    asked.text = {"": given.name}
    inner = formula[1:-1] if formula.startswith("{") and formula.endswith("}") else formula
    asked.value = source.condition(inner, given.place)
    return [asked]


def _dual(given: Given, source: Source) -> list[Asked]:
    source.leave_out(given.place, _("A matrix with two scales is two questions here."))
    made = []
    for number, columns in enumerate((given.choices, given.second)):
        words = given.settings.get(f"dualscale_header{'AB'[number]}", "")
        text = {one: f"{text} {words or number + 1}" for one, text in given.text.items()}
        asked = _asked(given, "likert", rows=given.rows, columns=columns, text=text)
        asked.name = f"{given.name}_{number}"
        made.append(asked)
    return made


def _parts(given: Given, source: Source) -> list[Asked]:
    """Several numbers or texts under one heading."""
    made = [_asked(given, "statement", required=False, shuffle="")]
    is_slider = given.settings.get("slider_layout") == "1"
    for item in given.rows:
        name = f"{given.name}_{item.name}"
        one = Asked(
            name, "short_text", item.text, given.place, required=given.is_needed,
            when=[*given.when, *item.when],
        )  # fmt: skip
        if given.letter == "K":
            one.type, one.settings, one.words = "number", _limits(given), _unit(given)
        low, high = given.whole("slider_min") or 0, given.whole("slider_max") or 100
        step = given.whole("slider_accuracy") or 1
        if is_slider and low < high and step > 0 and (high - low) % step == 0:
            one.type = "slider"
            one.settings = {"from": low, "to": high, "step": step}
        made.append(one)
    return made


def _cells(given: Given, source: Source, is_wide: bool) -> list[Asked]:
    """A matrix with something to write in each cell."""
    if given.settings.get("multiflexible_checkbox") == "1":
        return [_asked(given, "matrix_multi", rows=given.rows, columns=given.columns)]
    if not is_wide:
        source.leave_out(
            given.place,
            _("A matrix of texts or numbers is one long text: there is no room for each cell."),
            ", ".join(item.name for item in given.rows),
        )  # fmt: skip
        return [_asked(given, "long_text", shuffle="")]
    made = [_asked(given, "statement", required=False, shuffle="")]
    for row in given.rows:
        for column in given.columns:
            text = {
                one: f"{row.text.get(one, '')} – {column.text.get(one, '')}" for one in row.text
            }
            kind = "number" if given.letter == ":" else "short_text"
            name = f"{given.name}_{row.name}_{column.name}"
            asked = Asked(name, kind, text, given.place, required=given.is_needed)
            asked.when = [*given.when, *row.when]
            made.append(asked)
    return made


_MAKERS: dict[str, Callable[[Given, Source], list[Asked]]] = {
    "L": _single, "!": _single, "O": _single, "M": _several, "P": _several,
    "Y": _fixed_choice(*_YES_NO), "G": _fixed_choice(("F", "女", "Female"), ("M", "男", "Male")),
    "I": _fixed_choice(("zh", "中文", "Chinese"), ("en", "英文", "English")),
    "5": _plain("scale"), "S": _plain("short_text"), "T": _plain("long_text"),
    "U": _plain("long_text"), "X": _plain("statement"), "D": _plain("date"), "|": _plain("file"),
    "N": _number, "R": _ranking, "*": _calculated,
}  # fmt: skip
