"""One publication as those see it who make it: how it will look, what in it tells somebody's name,
what came of it."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_with
from analytics.enums import PublicationState, QuoteState
from analytics.models import Publication
from analytics.models.publication import CHECK, PARTS, PUBLISH, READ, WRITE
from analytics.selectors.public_page import stored_page
from analytics.selectors.publication_check import (
    Finding,
    Piece,
    Watcher,
    languages_of,
    pieces,
)
from analytics.selectors.publication_people import reach_of
from analytics.views.publications import REMOVE, TONES, publication_or_404


@dataclass(frozen=True, slots=True)
class Shown:
    """What it says in one language, with what was found marked."""

    language: str
    is_complete: bool
    title: list[Piece]
    said: list[Piece]
    did: list[Piece]
    result: list[Piece]


@staff_with(READ)
@require_GET
def publication(request: SignedInRequest, pk: int) -> HttpResponse:
    one = publication_or_404(request.user, pk)
    return render(request, "analytics/publication/publication.html", page_of(request, one))


def page_of(request: SignedInRequest, one: Publication) -> dict[str, Any]:
    user = request.user
    sees: bool = one.sees_behind  # type: ignore[attr-defined]
    shown, found = _shown(one, marked=sees)
    open_ones = {each.key: each for each in found if not each.is_allowed}
    state = PublicationState(one.state)
    may_write, may_publish = sees and user.has_perm(WRITE), sees and user.has_perm(PUBLISH)
    return {
        "publication": one,
        "tone": TONES[state],
        "shown": shown,
        "found": list(open_ones.values()),
        "allowed": sum(1 for each in found if each.is_allowed),
        "is_complete": bool(languages_of(one)),
        "sees_behind": sees,
        "entries": one.entries.select_related("actor") if sees else [],
        "settings": stored_page(),
        "may_write": may_write and (not one.is_published or may_publish),
        "may_take_back": may_write,
        "may_check": sees and user.has_perm(CHECK),
        "may_publish": may_publish,
        "may_remove": sees and user.has_perm(REMOVE),
        "reach": reach_of(one) if sees and one.problem_id else None,
        "quotes": _quotes(one) if sees else [],
        "may_quote": may_write and user.has_perm("feedback.view_feedback") and one.problem_id,
        "public_urls": [(language, one.public_path(language)) for language in ("zh-hans", "en")],
    }


def _quotes(one: Publication) -> list[tuple[str, int]]:
    """How many customers said what about being quoted."""
    counts = Counter(one.quotes.order_by().values_list("state", flat=True))
    return [(str(label), counts[value]) for value, label in QuoteState.choices if counts[value]]


def _shown(one: Publication, *, marked: bool) -> tuple[list[Shown], list[Finding]]:
    """Marks say who is a customer: only for whom that is their business."""
    watcher, shown, every = Watcher(one), [], []
    for end, language in (("zh", "zh-hans"), ("en", "en")):
        parts = {}
        for part in PARTS:
            text = getattr(one, f"{part}_{end}")
            found = watcher.findings(f"{part}_{end}", text) if marked else []
            every += found
            parts[part] = pieces(text, found)
        if any(parts.values()):
            shown.append(Shown(language, one.is_complete_in(language), **parts))
    return shown, every
