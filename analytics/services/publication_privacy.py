"""What publications keep about customers: quotes, comments, whose votes they are, and what
colleagues may have written by name."""

from collections.abc import Collection
from typing import Any

from django.db import models
from django.db.models import Q

from accounts.services.privacy_keepers import Person
from analytics.models import (
    Publication,
    PublicationComment,
    PublicationEntry,
    PublicationQuote,
    PublicationVote,
)
from analytics.models.publication import WORDS
from analytics.services.improvement_privacy import redact_rows

PUBLICATION_TEXTS: dict[type[models.Model], tuple[str, ...]] = {
    Publication: WORDS,
    PublicationEntry: ("note",),
    PublicationComment: ("text", "shown"),
    PublicationQuote: ("text",),
}


def export_publications(person: Person) -> dict[str, Any]:
    comments = PublicationComment.objects.filter(customer__in=person.ids)
    quotes = PublicationQuote.objects.filter(customer__in=person.ids)
    return {
        "comments_on_plans": list(comments.values("publication", "text", "shown", "state", "at")),
        "quotes": list(quotes.values("publication", "text", "state", "asked_at", "answered_at")),
    }


def forget_in_publications(person: Person) -> int:
    """Quotes and comments go, votes stay as those of nobody, names in texts are masked. Gives how
    many rows that were."""
    theirs = Q(customer__in=person.ids)
    changed = _forget(theirs | Q(feedback__customer__in=person.ids))
    changed += PublicationVote.objects.filter(theirs).update(customer=None)
    return changed + sum(
        redact_rows(model, names, person) for model, names in PUBLICATION_TEXTS.items()
    )


def forget_published_of(feedback_ids: Collection[int]) -> int:
    """After records were anonymised."""
    return _forget(Q(feedback__in=feedback_ids))


def _forget(which: Q) -> int:
    gone, _rows = PublicationQuote.objects.filter(which).delete()
    more, _rows = PublicationComment.objects.filter(which).delete()
    return gone + more
