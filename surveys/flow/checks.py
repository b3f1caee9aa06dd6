"""What is wrong with a definition, in plain words, before anybody answers it.

A definition may come from people's hands (JSON in the admin, an import), so nothing is taken
for granted: every shape of input gives sentences, never an exception.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from config.kernel.punctuation import listed
from surveys.enums import QuestionRole
from surveys.flow.checks_of_elements import (
    CHOICE_CODE,
    QUESTION_CODE,
    element_faults,
    is_code,
    unknown_keys,
    within,
)
from surveys.flow.checks_of_logic import logic_faults
from surveys.flow.definition import SCHEMA, Definition, parse
from surveys.flow.setting_forms import texts_faults
from surveys.questions.base import Leaf
from surveys.questions.registry import type_of
from surveys.questions.roles import role_faults

MOST_ELEMENTS = 300
MOST_LEAVES = 2000
LONGEST_LEAF = 64  # what statistics programs take as a name, and the dictionary's column

_TOP_KEYS = frozenset({"schema", "languages", "texts", "pages", "ends", "quotas", "shuffle_pages"})
_TEXT_KEYS = frozenset({"title", "intro", "thanks"})
_PAGE_KEYS = frozenset({"code", "title", "when", "jumps", "elements"})
_JUMP_KEYS = frozenset({"to", "when"})
_END_KEYS = frozenset({"code", "when", "outcome", "text", "url"})
_QUOTA_KEYS = frozenset({"code", "when", "limit", "end"})
_OUTCOMES = ("complete", "screened_out")


def find_faults(raw: Any, *, known_languages: Collection[str]) -> list[str]:
    """Everything that has to be mended before `raw` can be published; empty when nothing."""
    if not isinstance(raw, Mapping):
        return [_("The definition must be an object with “languages” and “pages”.")]
    faults = list(_top(raw, known_languages))
    if faults:
        return faults
    languages = raw["languages"]
    for name, texts in raw.get("texts", {}).items():
        faults += within(_("Texts, “%(name)s”") % {"name": name}, texts_faults(texts, languages))
    for number, page in enumerate(raw["pages"], start=1):
        faults += within(_("Page %(number)s") % {"number": number}, _page(page, languages))
    for number, end in enumerate(raw.get("ends", ()), start=1):
        faults += within(_("End %(number)s") % {"number": number}, _end(end, languages))
    for number, quota in enumerate(raw.get("quotas", ()), start=1):
        faults += within(_("Quota %(number)s") % {"number": number}, _quota(quota))
    faults += _repeated_codes(raw)
    if faults:
        return faults
    definition = parse(raw)
    faults += [*_leaves(definition), *_shuffled(definition), *_roles(definition)]
    return faults or list(logic_faults(definition))


def _top(raw: Mapping[str, Any], known: Collection[str]) -> Iterator[str]:
    yield from unknown_keys(raw, _TOP_KEYS)
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
        yield from within("texts", unknown_keys(texts, _TEXT_KEYS))
    pages = raw.get("pages")
    if not isinstance(pages, list) or not pages:
        yield _("Add at least one page.")
    lists = [name for name in ("ends", "quotas", "shuffle_pages") if name in raw]
    for name in lists:
        if not isinstance(raw[name], list):
            yield _("“%(name)s” must be a list.") % {"name": name}
            return
    for codes in raw.get("shuffle_pages", ()):
        if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
            yield _("“shuffle_pages” must be a list of lists of codes.")


def _expression(raw: Mapping[str, Any], name: str, *, needed: bool = False) -> Iterator[str]:
    value = raw.get(name)
    if needed and not value:
        yield _("give a condition as “%(name)s”.") % {"name": name}
    elif value is not None and not isinstance(value, str):
        yield _("“%(name)s” must be a condition written as text.") % {"name": name}


def _page(page: Any, languages: list[str]) -> Iterator[str]:
    if not isinstance(page, Mapping):
        yield _("a page must be an object with “code” and “elements”.")
        return
    yield from unknown_keys(page, _PAGE_KEYS)
    if not is_code(page.get("code"), QUESTION_CODE):
        yield _("give the page a code of letters, digits and _.")
    if page.get("title"):
        yield from within(_("title"), texts_faults(page["title"], languages))
    yield from _expression(page, "when")
    yield from _jumps(page.get("jumps", []))
    elements = page.get("elements")
    if not isinstance(elements, list) or not elements:
        yield _("add at least one question.")
        return
    for number, element in enumerate(elements, start=1):
        code = element.get("code") if isinstance(element, Mapping) else None
        where = _("question %(number)s") % {"number": number}
        place = f"{where} “{code}”" if code else where
        yield from within(place, element_faults(element, languages))


def _jumps(jumps: Any) -> Iterator[str]:
    if not isinstance(jumps, list):
        yield _("“%(name)s” must be a list.") % {"name": "jumps"}
        return
    for number, jump in enumerate(jumps, start=1):
        where = _("jump %(number)s") % {"number": number}
        if not isinstance(jump, Mapping) or not isinstance(jump.get("to"), str):
            yield from within(where, iter([_("say where it leads as “to”.")]))
            continue
        yield from within(where, unknown_keys(jump, _JUMP_KEYS))
        yield from within(where, _expression(jump, "when"))


def _end(end: Any, languages: list[str]) -> Iterator[str]:
    if not isinstance(end, Mapping):
        yield _("an end must be an object with “code”.")
        return
    yield from unknown_keys(end, _END_KEYS)
    if not is_code(end.get("code"), CHOICE_CODE):
        yield _("give it a code of letters, digits, _ and -.")
    yield from _expression(end, "when")
    if end.get("outcome", "complete") not in _OUTCOMES:
        yield _("“%(name)s” must be one of %(names)s.") % {
            "name": "outcome",
            "names": listed(_OUTCOMES),
        }
    if end.get("text"):
        yield from within(_("text"), texts_faults(end["text"], languages))
    url = end.get("url") or ""
    if not isinstance(url, str) or (url and not url.startswith(("https://", "http://"))):
        yield _("“url” must be an address that begins with https://.")


def _quota(quota: Any) -> Iterator[str]:
    if not isinstance(quota, Mapping):
        yield _("a quota must be an object with “code”, “when”, “limit” and “end”.")
        return
    yield from unknown_keys(quota, _QUOTA_KEYS)
    if not is_code(quota.get("code"), CHOICE_CODE):
        yield _("give it a code of letters, digits, _ and -.")
    yield from _expression(quota, "when", needed=True)
    limit = quota.get("limit")
    if isinstance(limit, bool) or not isinstance(limit, int) or not 0 <= limit < 2**31:
        yield _("“%(name)s” must be a whole number from 0 on.") % {"name": "limit"}
    if not isinstance(quota.get("end"), str):
        yield _("say by which end it is turned away as “end”.")


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
    ends = [end for end in raw.get("ends", ()) if isinstance(end, Mapping)]
    quotas = [quota for quota in raw.get("quotas", ()) if isinstance(quota, Mapping)]
    for what, things in (
        (_("page"), pages),
        (_("question"), elements),
        (_("end"), ends),
        (_("quota"), quotas),
    ):
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


def _leaves(definition: Definition) -> Iterator[str]:
    """Codes of the dictionary: rows and parts make codes out of two."""
    seen: dict[str, Leaf] = {}
    entries = list(definition.dictionary())
    if len(entries) > MOST_LEAVES:
        yield _("A survey has at most %(number)s places for answers.") % {"number": MOST_LEAVES}
    for leaf in entries:
        if len(leaf.code) > LONGEST_LEAF:
            yield _(
                "“%(code)s” is longer than %(limit)s characters; shorten the code of the question "
                "or of its row."
            ) % {"code": leaf.code, "limit": LONGEST_LEAF}
        if leaf.code.lower() in seen:
            yield _(
                "The code “%(code)s” comes about twice, as a question and as part of another."
            ) % {"code": leaf.code}
        seen[leaf.code.lower()] = leaf


def _shuffled(definition: Definition) -> Iterator[str]:
    """Pages that change places: known ones that stand beside each other, each in one list."""
    order = [page.code for page in definition.pages]
    taken: set[str] = set()
    for codes in definition.shuffle_pages:
        unknown = [str(code) for code in codes if code not in order]
        if unknown:
            yield _("“shuffle_pages” names pages that do not exist: %(names)s.") % {
                "names": listed(unknown)
            }
            continue
        places = sorted(order.index(code) for code in codes)
        beside = places == list(range(places[0], places[0] + len(places))) if places else False
        if len(codes) < 2 or not beside or taken & set(codes):
            yield _(
                "Pages that change places must follow each other, two or more, each page once."
            )
        taken |= set(codes)


def _roles(definition: Definition) -> Iterator[str]:
    measured: dict[QuestionRole, str] = {}
    for element in definition.elements():
        leaves = type_of(element).leaves(element)
        if element.role not in {QuestionRole.NONE, *(leaf.role for leaf in leaves)}:
            yield _("Question “%(code)s”: %(fault)s") % {
                "code": element.code,
                "fault": _("it has no single answer that could measure something."),
            }
        yield from (
            _("Question “%(code)s”: %(fault)s") % {"code": leaf.code, "fault": fault}
            for leaf in leaves
            for fault in role_faults(leaf)
        )
        if element.role == QuestionRole.NONE:
            continue
        if element.role in measured:
            yield _("“%(role)s” is measured by two questions: %(one)s and %(other)s.") % {
                "role": element.role.label,
                "one": measured[element.role],
                "other": element.code,
            }
        measured[element.role] = element.code
