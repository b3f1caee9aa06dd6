"""A draft as a definition that can be shown, whatever faults it still has."""

from collections.abc import Mapping
from typing import Any

from surveys.flow.definition import Definition, End, Jump, Page, Quota
from surveys.flow.editing import Raw
from surveys.selectors.outline import filled_in, readable


def previewable(raw: Raw) -> Definition:
    """The draft as far as it can be shown: words that are missing are borrowed from the other
    language, and what cannot be drawn yet is left out."""
    languages = list(raw["languages"])
    pages = []
    for page in raw["pages"]:
        found = (readable(element, languages) for element in page["elements"])
        jumps = page.get("jumps")
        pages.append(
            Page(
                code=page["code"],
                elements=tuple(one for one in found if one is not None),
                title=filled_in(page["title"], languages) if page.get("title") else {},
                when=page["when"] if isinstance(page.get("when"), str) else "",
                jumps=tuple(
                    Jump(one["to"], str(one.get("when") or ""))
                    for one in (jumps if isinstance(jumps, list) else ())
                    if isinstance(one, Mapping) and isinstance(one.get("to"), str)
                ),
            )
        )
    texts = raw.get("texts") or {}

    def worded(name: str) -> dict[str, str]:
        return filled_in(texts[name], languages) if texts.get(name) else {}

    return Definition(
        languages=tuple(languages),
        pages=tuple(pages),
        title=worded("title"),
        intro=worded("intro"),
        thanks=worded("thanks"),
        ends=tuple(
            End(
                code=str(one.get("code")),
                outcome=str(one.get("outcome") or "complete"),
                when=str(one.get("when") or ""),
                text=filled_in(one["text"], languages) if one.get("text") else {},
                url=str(one.get("url") or ""),
            )
            for one in _mappings(raw.get("ends"))
        ),
        quotas=tuple(
            Quota(str(one.get("code")), str(one.get("when") or ""), 0, str(one.get("end")))
            for one in _mappings(raw.get("quotas"))
        ),
        shuffle_pages=_groups(raw.get("shuffle_pages")),
    )


def _mappings(things: Any) -> list[Mapping[str, Any]]:
    return [one for one in things if isinstance(one, Mapping)] if isinstance(things, list) else []


def _groups(lists: Any) -> tuple[tuple[str, ...], ...]:
    lists = lists if isinstance(lists, list) else []
    return tuple(tuple(map(str, one)) for one in lists if isinstance(one, list))
