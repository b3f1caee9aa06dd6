"""What everybody may read: publications that are published now, and no more of them than the
public pages show."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, Q, QuerySet

from analytics.enums import CommentState, PublicationState, QuoteState
from analytics.models import Publication, PublicationComment, PublicationQuote
from analytics.models.publication import Wording

MOST = 100  # of a quarter on its page
MOST_COMMENTS = 200
IN_FEED = 50


@dataclass(frozen=True, slots=True)
class Item:
    """A publication for everybody. `quotes`: (language, words)."""

    pk: int
    is_plan: bool
    year: int
    quarter: int
    words: Wording
    published_at: datetime
    changed_at: datetime
    quotes: list[tuple[str, str]]
    votes: int
    comments: int
    path: str


def published_quarters() -> list[tuple[int, int]]:
    """Those in which something stands, the newest first."""
    rows = Publication.objects.published().order_by("-year", "-quarter")
    return list(rows.values_list("year", "quarter").distinct())


def published_in(year: int, quarter: int, language: str) -> list[Item]:
    """The newest first."""
    rows = _rows().filter(year=year, quarter=quarter)
    return [item_of(one, language) for one in rows[:MOST]]


def newest_published(language: str, most: int = IN_FEED) -> list[Item]:
    return [item_of(one, language) for one in _rows()[:most]]


def withdrawn_in(year: int, quarter: int) -> list[datetime]:
    """When something of that quarter was withdrawn: the page says so and no more."""
    rows = Publication.objects.filter(
        year=year, quarter=quarter, state=PublicationState.WITHDRAWN
    ).order_by("-withdrawn_at")
    return [at for at in rows.values_list("withdrawn_at", flat=True)[:MOST] if at is not None]


def published_item(pk: int) -> Publication | None:
    """Also one that was published once and is not any more."""
    return _counted(Publication.objects.exclude(published_at=None)).filter(pk=pk).first()


def shown_comments(publication_id: int) -> list[PublicationComment]:
    """The newest first; what everybody reads of one is `shown`."""
    rows = PublicationComment.objects.filter(
        publication=publication_id, state=CommentState.SHOWN
    ).only("pk", "publication", "shown", "language", "at")
    return list(rows[:MOST_COMMENTS])


def item_of(one: Publication, language: str) -> Item:
    """`one` as `_counted` gave it."""
    return Item(
        pk=one.pk,
        is_plan=one.is_plan,
        year=one.year,
        quarter=one.quarter,
        words=one.wording(language),
        published_at=one.published_at or one.created_at,
        changed_at=one.changed_at,
        quotes=[(quote.language, quote.text) for quote in one.quotes_given],  # type: ignore[attr-defined]
        votes=one.votes_of_all,  # type: ignore[attr-defined]
        comments=one.comments_shown,  # type: ignore[attr-defined]
        path=one.public_path(language),
    )


def _rows() -> QuerySet[Publication]:
    return _counted(Publication.objects.published()).order_by("-published_at", "-pk")


def _counted(rows: QuerySet[Publication]) -> QuerySet[Publication]:
    shown = Q(comments__state=CommentState.SHOWN)
    given = PublicationQuote.objects.filter(state=QuoteState.GIVEN)
    return rows.annotate(
        votes_of_all=Count("votes", distinct=True),
        comments_shown=Count("comments", filter=shown, distinct=True),
    ).prefetch_related(Prefetch("quotes", queryset=given, to_attr="quotes_given"))
