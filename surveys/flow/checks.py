"""What is wrong with a definition, in plain words, before anybody answers it.

A definition may come from people's hands (JSON in the admin, an import), so nothing is taken
for granted: every shape of input gives sentences, never an exception.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from config.kernel.punctuation import labelled, listed
from surveys.enums import QuestionRole
from surveys.flow.definition import ELEMENT_KEYS, SCHEMA, Definition, parse, parse_element
from surveys.questions.base import Element, QuestionType
from surveys.questions.registry import TYPES
from surveys.questions.roles import role_faults

QUESTION_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,39}")
CHOICE_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
RESERVED_CODES = frozenset({"lang"})  # names of our own in the address of the answer page
LONGEST_TEXT = 2000
LONGEST_CHOICE = 255
MOST_ELEMENTS = 300

_TOP_KEYS = frozenset({"schema", "languages", "texts", "pages"})
_TEXT_KEYS = frozenset({"title", "intro", "thanks"})
_PAGE_KEYS = frozenset({"code", "title", "elements"})
_CHOICE_FLAGS = frozenset({"other", "exclusive", "missing"})
_CHOICE_KEYS = frozenset({"code", "text", "score"}) | _CHOICE_FLAGS


def find_faults(raw: Any, *, known_languages: Collection[str]) -> list[str]:
    """Everything that has to be mended before `raw` can be published; empty when nothing."""
    if not isinstance(raw, Mapping):
        return [_("The definition must be an object with “languages” and “pages”.")]
    faults = list(_top(raw, known_languages))
    if faults:
        return faults
    languages = raw["languages"]
    for name, texts in raw.get("texts", {}).items():
        faults += _within(_("Texts, “%(name)s”") % {"name": name}, _texts(texts, languages))
    for number, page in enumerate(raw["pages"], start=1):
        faults += _within(_("Page %(number)s") % {"number": number}, _page(page, languages))
    faults += _repeated_codes(raw)
    return faults or list(_roles(parse(raw)))


def _within(where: str, faults: Iterator[str]) -> Iterator[str]:
    return (labelled(where, fault) for fault in faults)


def _top(raw: Mapping[str, Any], known: Collection[str]) -> Iterator[str]:
    yield from _unknown_keys(raw, _TOP_KEYS)
    if raw.get("schema", SCHEMA) != SCHEMA:
        yield _("This product reads definitions with “schema” %(number)s.") % {"number": SCHEMA}
    languages = raw.get("languages")
    if not isinstance(languages, list) or not languages:
        yield _('“languages” must be a list such as ["zh-hans", "en"].')
    elif unknown := [
        str(one) for one in languages if not isinstance(one, str) or one not in known
    ]:
        yield _("These languages are not known: %(names)s.") % {"names": listed(unknown)}
    texts = raw.get("texts", {})
    if not isinstance(texts, Mapping):
        yield _("“texts” must be an object with title, intro and thanks.")
    else:
        yield from _within("texts", _unknown_keys(texts, _TEXT_KEYS))
    pages = raw.get("pages")
    if not isinstance(pages, list) or not pages:
        yield _("Add at least one page.")


def _unknown_keys(raw: Mapping[str, Any], known: Collection[str]) -> Iterator[str]:
    for name in sorted(set(map(str, raw)) - set(known)):
        yield _("“%(name)s” is not known here.") % {"name": name}


def _texts(texts: Any, languages: list[str], longest: int = LONGEST_TEXT) -> Iterator[str]:
    if not isinstance(texts, Mapping):
        yield _('give the text in each language: {"zh-hans": …, "en": …}.')
        return
    for language in languages:
        text = texts.get(language)
        if not isinstance(text, str) or not text.strip():
            yield _("the text in “%(language)s” is missing.") % {"language": language}
        elif len(text) > longest:
            yield _("the text in “%(language)s” is longer than %(limit)s characters.") % {
                "language": language,
                "limit": longest,
            }


def _page(page: Any, languages: list[str]) -> Iterator[str]:
    if not isinstance(page, Mapping):
        yield _("a page must be an object with “code” and “elements”.")
        return
    yield from _unknown_keys(page, _PAGE_KEYS)
    if not _is_code(page.get("code"), QUESTION_CODE):
        yield _("give the page a code of letters, digits and _.")
    if page.get("title"):
        yield from _within(_("title"), _texts(page["title"], languages))
    elements = page.get("elements")
    if not isinstance(elements, list) or not elements:
        yield _("add at least one question.")
        return
    for number, element in enumerate(elements, start=1):
        code = element.get("code") if isinstance(element, Mapping) else None
        where = _("question %(number)s") % {"number": number}
        yield from _within(f"{where} “{code}”" if code else where, _element(element, languages))


def _is_code(value: Any, pattern: re.Pattern[str]) -> bool:
    return isinstance(value, str) and bool(pattern.fullmatch(value))


def _element(raw: Any, languages: list[str]) -> Iterator[str]:
    if not isinstance(raw, Mapping):
        yield _("a question must be an object with “code”, “type” and “text”.")
        return
    name = raw.get("type")
    kind = TYPES.get(name) if isinstance(name, str) else None
    if kind is None:
        yield _("“type” must be one of %(names)s.") % {"names": listed(sorted(TYPES))}
        return
    form = list(_common_form(raw, kind, languages))
    yield from form
    if not form:
        yield from kind.faults(parse_element(raw))


def _common_form(
    raw: Mapping[str, Any], kind: QuestionType, languages: list[str]
) -> Iterator[str]:
    known = ELEMENT_KEYS if kind.has_choices else ELEMENT_KEYS - {"choices"}
    yield from _unknown_keys(raw, known | set(kind.settings))
    code = raw.get("code")
    if not _is_code(code, QUESTION_CODE):
        yield _("give it a code: a letter, then letters, digits and _ (at most 40).")
    elif str(code).lower() in RESERVED_CODES:
        yield _("this code is used by the product itself; choose another.")
    yield from _within(_("text"), _texts(raw.get("text"), languages))
    if raw.get("hint"):
        yield from _within(_("hint"), _texts(raw["hint"], languages))
    if raw.get("role", QuestionRole.NONE) not in QuestionRole.values:
        yield _("“role” must be one of %(names)s.") % {"names": listed(QuestionRole.values)}
    if not isinstance(raw.get("required", False), bool):
        yield _("“required” must be true or false.")
    if kind.has_choices:
        yield from _choices(raw.get("choices"), languages)
    yield from _settings(raw, kind, languages)


def _settings(raw: Mapping[str, Any], kind: QuestionType, languages: list[str]) -> Iterator[str]:
    for name, form in kind.settings.items():
        if name not in raw:
            continue
        value = raw[name]
        if form == "texts":
            yield from _within(name, _texts(value, languages))
        elif isinstance(value, bool) or not isinstance(value, int) or value < 1:
            yield _("“%(name)s” must be a whole number above 0.") % {"name": name}


def _choices(choices: Any, languages: list[str]) -> Iterator[str]:
    if not isinstance(choices, list):
        yield _("“choices” must be a list.")
        return
    seen: set[str] = set()
    for number, choice in enumerate(choices, start=1):
        where = _("choice %(number)s") % {"number": number}
        if not isinstance(choice, Mapping):
            yield labelled(where, _("must be an object with “code” and “text”."))
            continue
        yield from _within(where, _choice(choice, languages))
        code = str(choice.get("code")).lower()
        if code in seen:
            yield labelled(where, _("the code “%(code)s” is used twice.") % {"code": code})
        seen.add(code)


def _choice(choice: Mapping[str, Any], languages: list[str]) -> Iterator[str]:
    yield from _unknown_keys(choice, _CHOICE_KEYS)
    if not _is_code(choice.get("code"), CHOICE_CODE):
        yield _("give it a code of letters, digits, _ and -.")
    yield from _texts(choice.get("text"), languages, LONGEST_CHOICE)
    score = choice.get("score")
    if score is not None and (isinstance(score, bool) or not isinstance(score, int | float)):
        yield _("“score” must be a number.")
    for flag in sorted(_CHOICE_FLAGS & set(choice)):
        if not isinstance(choice[flag], bool):
            yield _("“%(name)s” must be true or false.") % {"name": flag}


def _repeated_codes(raw: Mapping[str, Any]) -> Iterator[str]:
    pages = [page for page in raw["pages"] if isinstance(page, Mapping)]
    elements: list[Any] = [
        element
        for page in pages
        if isinstance(page.get("elements"), list)
        for element in page["elements"]
        if isinstance(element, Mapping)
    ]
    if len(elements) > MOST_ELEMENTS:
        yield _("A survey has at most %(number)s questions.") % {"number": MOST_ELEMENTS}
    for what, things in ((_("page"), pages), (_("question"), elements)):
        seen: set[str] = set()
        for thing in things:
            # Statistics programs do not tell capital letters from small ones.
            code = str(thing.get("code")).lower()
            if code in seen:
                yield _("The code “%(code)s” is used by more than one %(what)s.") % {
                    "code": thing.get("code"),
                    "what": what,
                }
            seen.add(code)


def _roles(definition: Definition) -> Iterator[str]:
    measured: dict[QuestionRole, Element] = {}
    for element in definition.elements():
        yield from (
            _("Question “%(code)s”: %(fault)s") % {"code": leaf.code, "fault": fault}
            for leaf in TYPES[element.type].leaves(element)
            for fault in role_faults(leaf)
        )
        if element.role == QuestionRole.NONE:
            continue
        if element.role in measured:
            yield _("“%(role)s” is measured by two questions: %(one)s and %(other)s.") % {
                "role": element.role.label,
                "one": measured[element.role].code,
                "other": element.code,
            }
        measured[element.role] = element
