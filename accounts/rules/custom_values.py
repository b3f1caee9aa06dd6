"""Values of custom fields: read, checked and said. Knows no database.

A value is what stands in the column `custom` under the field's code: text, a number, true or
false, a day ("2026-11-22"), a moment in UTC ("2026-11-22T06:30:00+00:00"), the code of an option
or a list of such codes. A field without a value has no key.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from unicodedata import category, normalize
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _

from accounts.enums import ContactKind, FieldKind
from accounts.rules.contact import is_email, normalise_contact
from accounts.rules.value_patterns import LONGEST_VALUE, compiled
from config.kernel.bilingual import localized
from config.kernel.punctuation import listed

SHORT, LONG, ADDRESS = 200, 5_000, 500
MOST_DECIMALS = 6
LARGEST = 10**12
YEARS = range(1900, 2200)
USUAL_ORDER = r"[A-Za-z0-9][A-Za-z0-9 ./_-]{2,39}"
TEXTS = frozenset(
    {
        FieldKind.SHORT_TEXT,
        FieldKind.LONG_TEXT,
        FieldKind.EMAIL,
        FieldKind.PHONE,
        FieldKind.URL,
        FieldKind.ORDER,
    }
)
NUMBERS = frozenset({FieldKind.INTEGER, FieldKind.DECIMAL})
OPTIONS = frozenset({FieldKind.CHOICE, FieldKind.CHOICES})
# Every value of the first means the same as a value of the others.
WIDENS: dict[str, frozenset[FieldKind]] = {
    FieldKind.SHORT_TEXT: frozenset({FieldKind.LONG_TEXT}),
    FieldKind.EMAIL: frozenset({FieldKind.SHORT_TEXT, FieldKind.LONG_TEXT}),
    FieldKind.PHONE: frozenset({FieldKind.SHORT_TEXT, FieldKind.LONG_TEXT}),
    FieldKind.ORDER: frozenset({FieldKind.SHORT_TEXT, FieldKind.LONG_TEXT}),
    FieldKind.URL: frozenset({FieldKind.LONG_TEXT}),
    FieldKind.INTEGER: frozenset({FieldKind.DECIMAL}),
}
_JOINERS = "\u200c\u200d"


class ValueNotFit(ValueError):
    """`message` says why, for the person who gave the value."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True, slots=True)
class Option:
    """`code` is kept and never changes; the names are shown."""

    code: str
    name_zh: str
    name_en: str
    is_archived: bool = False

    @property
    def name(self) -> str:
        return localized(self, "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A custom field as it is defined (accounts.CustomField)."""

    pk: int = 0
    subject: str = "feedback"
    code: str
    kind: FieldKind
    name_zh: str = ""
    name_en: str = ""
    help_zh: str = ""
    help_en: str = ""
    group_zh: str = ""
    group_en: str = ""
    unit_zh: str = ""
    unit_en: str = ""
    options: tuple[Option, ...] = ()
    decimals: int = 2
    minimum: str = ""
    maximum: str = ""
    max_length: int | None = None
    pattern: str = ""
    example: str = ""
    required_for_staff: bool = False
    required_for_customer: bool = False
    required_to_resolve: bool = False
    default: Any = None
    is_public: bool = False
    is_searchable: bool = False
    filter_often: bool = False
    shown_when: list[Any] = field(default_factory=lambda: ["and"], hash=False)
    is_archived: bool = False

    @property
    def name(self) -> str:
        return localized(self, "name")

    @property
    def help(self) -> str:
        return localized(self, "help")

    @property
    def group(self) -> str:
        return localized(self, "group")

    @property
    def unit(self) -> str:
        return localized(self, "unit")

    @property
    def is_text(self) -> bool:
        return self.kind in TEXTS

    @property
    def longest(self) -> int:
        usual = {FieldKind.LONG_TEXT: LONG, FieldKind.URL: ADDRESS}.get(self.kind, SHORT)
        if self.kind == FieldKind.LONG_TEXT and self.pattern:
            usual = LONGEST_VALUE
        return min(usual, self.max_length or usual)


# --- reading ----------------------------------------------------------------------------------


def read_value(about: Definition, raw: Any) -> Any:
    """`raw`, as a program or a form gives it, in the form in which it is kept; None for what is
    empty. Raises ValueNotFit."""
    if isinstance(raw, bool | int | float) or raw:
        return _READERS[about.kind](about, raw)
    return None


def _text(about: Definition, raw: Any) -> str | None:
    if not isinstance(raw, str):
        raise ValueNotFit(_("Give some text."))
    lines = normalize("NFC", raw).replace("\r\n", "\n").replace("\r", "\n")
    text = "".join(c for c in lines if c in _JOINERS or category(c) != "Cf").strip()
    breaks = "\n\t" if about.kind == FieldKind.LONG_TEXT else ""
    if any(category(c) in {"Cc", "Cs"} and c not in breaks for c in text):
        raise ValueNotFit(_("The text has characters that cannot be printed."))
    if len(text) > about.longest:
        raise ValueNotFit(_("Write at most %(most)d characters.") % {"most": about.longest})
    if text and about.pattern and not _fits(about.pattern, text):
        raise ValueNotFit(_looks_wrong(about))
    return text or None


@lru_cache(maxsize=256)
def _pattern(pattern: str) -> re.Pattern[str]:
    return compiled(pattern)


def _fits(pattern: str, text: str) -> bool:
    return len(text) <= LONGEST_VALUE and _pattern(pattern).fullmatch(text) is not None


def _looks_wrong(about: Definition) -> str:
    if about.example:
        return _("It looks like this: %(example)s") % {"example": about.example}
    return _("This is not written as it should be. Please check it.")


def _order(about: Definition, raw: Any) -> str | None:
    text = _text(about, raw)
    if text and not about.pattern and not _fits(USUAL_ORDER, text):
        raise ValueNotFit(_looks_wrong(about))
    return text


def _email(about: Definition, raw: Any) -> str | None:
    text = _text(about, raw)
    if text is None:
        return None
    address = normalise_contact(ContactKind.EMAIL, text)
    if not is_email(address):
        raise ValueNotFit(
            _("This does not look like an e-mail address, for example name@example.com.")
        )
    return address


def _phone(about: Definition, raw: Any) -> str | None:
    text = _text(about, raw)
    if text is None:
        return None
    number = normalise_contact(ContactKind.PHONE, text)
    if not re.fullmatch(r"\+?\d{5,20}(?:[x#]\d{1,6})?", number, re.ASCII):
        raise ValueNotFit(_("This does not look like a phone number."))
    return number


def _url(about: Definition, raw: Any) -> str | None:
    text = _text(about, raw)
    if text is None:
        return None
    try:
        parts = urlsplit(text)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.scheme not in {"http", "https"} or " " in text:
        raise ValueNotFit(_("A web address begins with https:// or http://."))
    return text


def _integer(about: Definition, raw: Any) -> int:
    number = _number(raw)
    if number != number.to_integral_value():
        raise ValueNotFit(_("Write a whole number."))
    _ensure_between(about, number)
    return int(number)


def _decimal(about: Definition, raw: Any) -> int | float:
    number = _number(raw)
    if number != round(number, about.decimals):
        raise ValueNotFit(_("Write at most %(n)d digits after the point.") % {"n": about.decimals})
    _ensure_between(about, number)
    return int(number) if number == number.to_integral_value() else float(number)


def _number(raw: Any) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        raise ValueNotFit(_("Write a number."))
    written = normalize("NFKC", raw).strip() if isinstance(raw, str) else str(raw)
    if len(written) > 30:
        raise ValueNotFit(_("The number is too large."))
    try:
        number = Decimal(written)
    except InvalidOperation:
        raise ValueNotFit(_("Write a number.")) from None
    if not number.is_finite() or abs(number) > LARGEST:
        raise ValueNotFit(_("The number is too large."))
    return number


def _ensure_between(about: Definition, number: Decimal) -> None:
    if about.minimum and number < Decimal(about.minimum):
        raise ValueNotFit(_("At least %(limit)s.") % {"limit": number_format(about.minimum)})
    if about.maximum and number > Decimal(about.maximum):
        raise ValueNotFit(_("At most %(limit)s.") % {"limit": number_format(about.maximum)})


def _yes_no(about: Definition, raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise ValueNotFit(_("Answer yes or no."))
    return raw


def read_day(raw: Any) -> date:
    """Raises ValueNotFit."""
    if isinstance(raw, date) and not isinstance(raw, datetime):
        day = raw
    else:
        if not isinstance(raw, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", raw, re.ASCII):
            raise ValueNotFit(_("Write a date like 2026-11-22."))
        try:
            day = date.fromisoformat(raw)
        except ValueError:
            raise ValueNotFit(_("There is no such day.")) from None
    if day.year not in YEARS:
        raise ValueNotFit(_("Write a date like 2026-11-22."))
    return day


def _day(about: Definition, raw: Any) -> str:
    day = read_day(raw)
    if about.minimum and day < read_day(about.minimum):
        raise ValueNotFit(_("Not before %(day)s.") % {"day": _day_words(about.minimum)})
    if about.maximum and day > read_day(about.maximum):
        raise ValueNotFit(_("Not after %(day)s.") % {"day": _day_words(about.maximum)})
    return day.isoformat()


def _moment(about: Definition, raw: Any) -> str:
    if isinstance(raw, str):
        try:
            raw = datetime.fromisoformat(raw) if len(raw) <= 40 else None
        except ValueError:
            raw = None
    if not isinstance(raw, datetime) or raw.year not in YEARS:
        raise ValueNotFit(_("Write a date and a time like 2026-11-22T14:30."))
    at = timezone.make_aware(raw) if timezone.is_naive(raw) else raw
    return at.astimezone(UTC).replace(microsecond=0).isoformat()


def _choice(about: Definition, raw: Any) -> str:
    codes = [one.code for one in about.options]
    if not isinstance(raw, str) or raw not in codes:
        possible = ", ".join(one.code for one in about.options if not one.is_archived)
        raise ValueNotFit(_("Choose one of: %(values)s.") % {"values": possible})
    return raw


def _choices(about: Definition, raw: Any) -> list[str]:
    if not isinstance(raw, list | tuple):
        raise ValueNotFit(_("Give a list of options."))
    chosen = {_choice(about, one) for one in raw}
    return [one.code for one in about.options if one.code in chosen]


_READERS: dict[FieldKind, Callable[[Definition, Any], Any]] = {
    FieldKind.SHORT_TEXT: _text,
    FieldKind.LONG_TEXT: _text,
    FieldKind.INTEGER: _integer,
    FieldKind.DECIMAL: _decimal,
    FieldKind.YES_NO: _yes_no,
    FieldKind.DATE: _day,
    FieldKind.MOMENT: _moment,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.EMAIL: _email,
    FieldKind.PHONE: _phone,
    FieldKind.URL: _url,
    FieldKind.ORDER: _order,
}


@dataclass(frozen=True, slots=True)
class Read:
    """`values` as they are to be kept (None = take it away), `problems` by code."""

    values: dict[str, Any]
    problems: dict[str, str]


def read_values(
    definitions: Mapping[str, Definition], given: Mapping[str, Any], stored: Mapping[str, Any]
) -> Read:
    """Check what somebody wants to write, field by field. A field that is archived takes no new
    value, an archived option only stays where it is; both can be taken away."""
    values: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for code, raw in given.items():
        about = definitions.get(code)
        if about is None:
            problems[str(code)] = _("There is no field “%(code)s”.") % {"code": str(code)[:60]}
            continue
        try:
            value = read_value(about, raw)
            _ensure_in_use(about, value, stored.get(code))
        except ValueNotFit as misfit:
            problems[code] = misfit.message
        else:
            values[code] = value
    return Read(values, problems)


def _ensure_in_use(about: Definition, value: Any, stored: Any) -> None:
    if value is None or value == stored:
        return
    if about.is_archived:
        raise ValueNotFit(_("This field is archived and takes no new values."))
    before = set(codes_in(stored))
    for option in about.options:
        if option.is_archived and option.code in codes_in(value) and option.code not in before:
            raise ValueNotFit(_("“%(name)s” is no longer offered.") % {"name": option.name})


def codes_in(value: Any) -> list[str]:
    """The option or options of a value."""
    return list(value) if isinstance(value, list) else [value] if value is not None else []


def missing(required: Iterable[Definition], values: Mapping[str, Any]) -> list[Definition]:
    """Those that have no value. "no" and 0 are values."""
    return [one for one in required if values.get(one.code) is None]


# --- saying -----------------------------------------------------------------------------------


def say_value(about: Definition, value: Any) -> str:
    """A kept value in words, in the active language; "" for none."""
    if value is None:
        return ""
    words = _WORDS.get(about.kind)
    return words(about, value) if words else str(value)


def plain_value(about: Definition, value: Any) -> Any:
    """A kept value as lists and files have it: text, a number, a date, a moment, yes or no, the
    name of an option or a list of names; None for none. What does not fit its field any more is
    given as text."""
    plain = _PLAIN.get(about.kind)
    if value is None or plain is None:
        return value
    try:
        return plain(about, value)
    except (TypeError, ValueError):
        return str(value)


def _number_words(about: Definition, value: float) -> str:
    words = str(number_format(value))
    return f"{words} {about.unit}" if about.unit else words


def _option_words(about: Definition, value: Any) -> str:
    return listed(_option_names(about, value))


def _option_names(about: Definition, value: Any) -> list[str]:
    names = {one.code: one.name for one in about.options}
    return [names.get(code, code) for code in codes_in(value)]


_PLAIN: dict[FieldKind, Callable[[Definition, Any], Any]] = {
    FieldKind.DATE: lambda _about, value: date.fromisoformat(value),
    FieldKind.MOMENT: lambda _about, value: datetime.fromisoformat(value),
    FieldKind.CHOICE: _option_words,
    FieldKind.CHOICES: _option_names,
}


def _day_words(value: str) -> str:
    try:
        return str(date_format(date.fromisoformat(value), "SHORT_DATE_FORMAT"))
    except ValueError:
        return value


def _moment_words(value: str) -> str:
    try:
        at = timezone.localtime(datetime.fromisoformat(value))
    except ValueError:
        return value
    return str(date_format(at, "SHORT_DATETIME_FORMAT"))


_WORDS: dict[FieldKind, Callable[[Definition, Any], str]] = {
    FieldKind.YES_NO: lambda _about, value: _("yes") if value else _("no"),
    FieldKind.INTEGER: _number_words,
    FieldKind.DECIMAL: _number_words,
    FieldKind.DATE: lambda _about, value: _day_words(value),
    FieldKind.MOMENT: lambda _about, value: _moment_words(value),
    FieldKind.CHOICE: _option_words,
    FieldKind.CHOICES: _option_words,
}
