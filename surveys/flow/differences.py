"""What has changed from one definition to another, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from config.kernel.punctuation import labelled, listed
from surveys.flow.definition import text_in
from surveys.flow.editing import Raw, elements_of, is_outline

_WORDINGS = {
    "low", "high", "unit", "placeholder", "examples", "label", "hint", "text",
}  # fmt: skip


def differences(before: Any, after: Any) -> list[str]:
    """Sentences, the most important first; empty when nothing has changed."""
    if before == after:
        return []
    if not is_outline(before) or not is_outline(after):
        return [_("The definition has changed.")]
    found = [*_elements(before, after), *_pages(before, after)]
    for name, words in (
        ("texts", _("Title, introduction or thanks have other words.")),
        ("ends", _("How it ends has changed.")),
        ("quotas", _("The quotas have changed.")),
        ("shuffle_pages", _("Other pages change places.")),
        ("languages", _("The languages have changed.")),
    ):
        if (before.get(name) or None) != (after.get(name) or None):
            found.append(words)
    return found or [_("The definition has changed.")]


def _name(element: Mapping[str, Any]) -> str:
    texts = element.get("text")
    words = text_in(texts, get_language() or "en") if isinstance(texts, Mapping) else ""
    short = words if len(words) <= 60 else f"{words[:59]}…"
    return _("“%(text)s”") % {"text": short or element["code"]}


def _elements(before: Raw, after: Raw) -> Iterator[str]:
    old = {element["code"]: element for element in elements_of(before)}
    new = {element["code"]: element for element in elements_of(after)}
    for code, element in new.items():
        if code not in old:
            yield labelled(_("New question"), _name(element))
    for code, element in old.items():
        if code not in new:
            yield labelled(_("Taken out"), _name(element))
    for code, element in new.items():
        if code in old and element != old[code]:
            yield labelled(_name(element), listed(_changes(old[code], element)))
    kept_old = [code for code in old if code in new]
    kept_new = [code for code in new if code in old]
    if kept_old != kept_new:
        yield _("The questions stand in another order.")


def _changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    keys = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    found = []
    if any(key in _WORDINGS for key in keys):
        found.append(_("other words"))
    for key, added, gone, changed in (
        ("choices", _("new answers"), _("answers taken out"), _("answers changed")),
        ("rows", _("new rows"), _("rows taken out"), _("rows changed")),
        ("columns", _("new columns"), _("columns taken out"), _("columns changed")),
    ):
        if key in keys:
            found += _parts(old.get(key) or [], new.get(key) or [], added, gone, changed)
    if "when" in keys or "required_when" in keys:
        found.append(_("another condition"))
    if "checks" in keys:
        found.append(_("the answer is checked otherwise"))
    if "required" in keys:
        found.append(
            _("must be answered now") if new.get("required") else _("may be left out now")
        )
    if "role" in keys:
        found.append(_("measures something else"))
    known = _WORDINGS | {"choices", "rows", "columns", "when", "required_when", "checks"}
    known |= {"required", "role"}
    if any(key not in known for key in keys):
        found.append(_("other settings"))
    return found


def _parts(old: Any, new: Any, added: str, gone: str, changed: str) -> list[str]:
    before = {one["code"]: one for one in old if isinstance(one, Mapping) and "code" in one}
    after = {one["code"]: one for one in new if isinstance(one, Mapping) and "code" in one}
    found = []
    if set(after) - set(before):
        found.append(added)
    if set(before) - set(after):
        found.append(gone)
    if not found:
        found.append(changed)
    return found


def _pages(before: Raw, after: Raw) -> Iterator[str]:
    old = {page["code"]: page for page in before["pages"]}
    new = {page["code"]: page for page in after["pages"]}
    if list(old) != list(new):
        words = {"before": len(old), "after": len(new)}
        if len(old) != len(new):
            yield _("Pages: %(before)s before, %(after)s now.") % words
        else:
            yield _("The pages stand in another order.")
    settings = ("title", "when", "jumps")
    for number, (code, page) in enumerate(new.items(), start=1):
        if code in old and any(
            (page.get(key) or None) != (old[code].get(key) or None) for key in settings
        ):
            yield _("Page %(number)s has another title or condition.") % {"number": number}
    moved = {
        element["code"]
        for code, page in new.items()
        if code in old
        for element in page["elements"]
        if element["code"] in {one["code"] for one in elements_of(before)}
        and element["code"] not in {one["code"] for one in old[code]["elements"]}
    }
    if moved:
        yield _("Questions have moved to another page.")
