"""What a setting of a question may look like: the forms named in QuestionType.settings."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from config.kernel.punctuation import labelled, listed
from surveys.questions.reading import day

LONGEST_TEXT = 2000
MOST_EXAMPLES = 12
HIGHEST = 1_000_000_000

Languages = list[str]
Form = Callable[[str, Any, Languages], Iterator[str]]


def texts_faults(texts: Any, languages: Languages, longest: int = LONGEST_TEXT) -> Iterator[str]:
    """What is wrong with a wording, which must be there in each language."""
    if not isinstance(texts, Mapping):
        yield _('give the text in each language: {"zh-hans": …, "en": …}.')
        return
    for language in languages:
        text = texts.get(language)
        if not isinstance(text, str) or not text.strip():
            yield _("the text in “%(language)s” is missing.") % {"language": _named(language)}
        elif len(text) > longest:
            yield _("the text in “%(language)s” is longer than %(limit)s characters.") % {
                "language": _named(language),
                "limit": longest,
            }


def _named(language: str) -> str:
    """As those who write it call it: “zh-hans” is a word of programs."""
    try:
        return str(get_language_info(language)["name_local"])
    except KeyError:
        return language


def _texts(name: str, value: Any, languages: Languages) -> Iterator[str]:
    return (labelled(name, fault) for fault in texts_faults(value, languages))


def _texts_list(name: str, value: Any, languages: Languages) -> Iterator[str]:
    if not isinstance(value, list):
        yield _("“%(name)s” must be a list of texts.") % {"name": name}
        return
    if len(value) > MOST_EXAMPLES:
        yield _("“%(name)s” has room for %(most)s.") % {"name": name, "most": MOST_EXAMPLES}
    for one in value:
        yield from _texts(name, one, languages)


def _flag_or_texts(name: str, value: Any, languages: Languages) -> Iterator[str]:
    if not isinstance(value, bool):
        yield from _texts(name, value, languages)


def _flag(name: str, value: Any, _languages: Languages) -> Iterator[str]:
    if not isinstance(value, bool):
        yield _("“%(name)s” must be true or false.") % {"name": name}


def _is_whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= HIGHEST


def _number(name: str, value: Any, _languages: Languages) -> Iterator[str]:
    if not _is_whole(value) or value < 1:
        yield _("“%(name)s” must be a whole number above 0.") % {"name": name}


def _count(name: str, value: Any, _languages: Languages) -> Iterator[str]:
    if not _is_whole(value) or value < 0:
        yield _("“%(name)s” must be a whole number from 0 on.") % {"name": name}


def _integer(name: str, value: Any, _languages: Languages) -> Iterator[str]:
    if not _is_whole(value):
        yield _("“%(name)s” must be a whole number.") % {"name": name}


def _decimal(name: str, value: Any, _languages: Languages) -> Iterator[str]:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not -HIGHEST <= value <= HIGHEST:
        yield _("“%(name)s” must be a number.") % {"name": name}


def _date(name: str, value: Any, _languages: Languages) -> Iterator[str]:
    if not isinstance(value, str) or day(value) is None:
        yield _("“%(name)s” must be a day such as 2026-11-23.") % {"name": name}


def _expression(name: str, value: Any, _languages: Languages) -> Iterator[str]:
    if not isinstance(value, str) or not value.strip():
        yield _("“%(name)s” must be an expression such as {q1} + {q2}.") % {"name": name}


FORMS: dict[str, Form] = {
    "texts": _texts,
    "texts_list": _texts_list,
    "flag": _flag,
    "flag_or_texts": _flag_or_texts,
    "number": _number,  # a whole number above 0
    "count": _count,  # a whole number from 0 on
    "integer": _integer,
    "decimal": _decimal,
    "date": _date,
    "expression": _expression,
}


def setting_faults(name: str, form: str, value: Any, languages: Languages) -> Iterator[str]:
    """What is wrong with the `value` of a setting. `form` is a name in FORMS, or
    "one_of:a,b" or "some_of:a,b"."""
    kind, _colon, names = form.partition(":")
    words = names.split(",")
    if kind == "one_of":
        if not isinstance(value, str) or value not in words:
            yield _("“%(name)s” must be one of %(names)s.") % {
                "name": name,
                "names": listed(words),
            }
    elif kind == "some_of":
        if not isinstance(value, list) or any(one not in words for one in value):
            yield _("“%(name)s” must be a list of some of %(names)s.") % {
                "name": name,
                "names": listed(words),
            }
    else:
        yield from FORMS[form](name, value, languages)
