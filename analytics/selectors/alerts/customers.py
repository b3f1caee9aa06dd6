"""Key customers who are unhappy: a bad score, a bitter message, or several sour ones."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q

from accounts.enums import Tier
from analytics.metrics.nps import PASSIVE_FROM
from analytics.selectors.alerts.evidence import Said
from analytics.selectors.boards.asking import keys_of
from analytics.selectors.text_choice import every_reading
from config.kernel.text.mood.labels import NEARLY
from feedback.models import Feedback
from feedback.services.followup import UNHAPPY
from surveys.enums import QuestionRole
from surveys.models import Answer

# A signal is news for so long; of several messages, those of so many days are looked at.
NEWS, SOUR_DAYS = timedelta(days=7), timedelta(days=14)
BITTER = -60  # sentiment of a message that is enough by itself
SEVERAL = 3  # messages that sound negative
_WATCHED = ("tier", "organisation", "team")
_SATISFACTION = (
    QuestionRole.OVERALL, QuestionRole.FUNCTIONAL, QuestionRole.SERVICE, QuestionRole.EMOTIONAL,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unhappy:
    """What a customer said, the newest first; `last` is when."""

    customer_id: int
    said: tuple[Said, ...]

    @property
    def last(self) -> datetime:
        return self.said[0].at


def unhappy_customers(
    filters: dict[str, tuple[str, ...]], team_id: int | None, now: datetime
) -> list[Unhappy]:
    """Those of the tiers and organisations of `filters` (without any: key customers) with a
    signal that is news. Three statements, however many there are. Raises FilterNotKnown."""
    keys = keys_of({name: texts for name, texts in filters.items() if name in _WATCHED})
    found: dict[int, dict[tuple[int | None, int | None], Said]] = defaultdict(dict)
    for customer, said in [*_rated(keys, team_id, now), *_answered(keys, team_id, now)]:
        found[customer].setdefault((said.feedback, said.response), said)
    for customer, rows in _sour(keys, team_id, now).items():
        bitter = [said for said, feeling in rows if feeling <= BITTER and said.at >= now - NEWS]
        several = [said for said, _feeling in rows] if len(rows) >= SEVERAL else []
        is_news = any(said.at >= now - NEWS for said in several)
        for said in several if is_news else bitter:
            found[customer].setdefault((said.feedback, said.response), said)
    return [
        Unhappy(pk, tuple(sorted(one.values(), key=lambda said: said.at, reverse=True)))
        for pk, one in sorted(found.items())
    ]


def _whose(keys: dict[str, tuple[Any, ...]], prefix: str, team_id: int | None) -> Q:
    tiers = keys.get("tier", ()) or (Tier.KEY,)
    condition = Q(**{f"{prefix}customer__tier__in": tiers})
    if keys.get("organisation"):
        condition &= Q(**{f"{prefix}customer__organisation__in": keys["organisation"]})
    if team_id is not None:
        condition &= Q(**{f"{prefix}team": team_id})
    return condition


def _rated(
    keys: dict[str, tuple[Any, ...]], team_id: int | None, now: datetime
) -> list[tuple[int, Said]]:
    rows = Feedback.objects.real().filter(
        _whose(keys, "", team_id), satisfaction__lte=UNHAPPY, satisfaction_at__gte=now - NEWS
    )
    return [
        (customer, Said(pk, None, at))
        for customer, pk, at in rows.order_by().values_list("customer", "pk", "satisfaction_at")
        if at is not None
    ]


def _answered(
    keys: dict[str, tuple[Any, ...]], team_id: int | None, now: datetime
) -> list[tuple[int, Said]]:
    low = Q(question__role__in=_SATISFACTION, number__lte=UNHAPPY)
    low |= Q(question__role=QuestionRole.NPS, number__lt=PASSIVE_FROM)
    complete = {
        "response__status": "complete",
        "response__is_test": False,
        "response__is_counted": True,
        "response__completed_at__gte": now - NEWS,
    }
    rows = Answer.objects.filter(_whose(keys, "response__", team_id), low, **complete)
    return [
        (customer, Said(None, pk, at))
        for customer, pk, at in rows.order_by().values_list(
            "response__customer", "response", "response__completed_at"
        )
        if at is not None
    ]


def _sour(
    keys: dict[str, tuple[Any, ...]], team_id: int | None, now: datetime
) -> dict[int, list[tuple[Said, int]]]:
    """Messages that sound negative, the newest first, with how they feel."""
    rows = every_reading().filter(
        _whose(keys, "feedback__", team_id),
        message__isnull=False,
        sentiment__lt=-NEARLY,
        said_at__gte=now - SOUR_DAYS,
    )
    found: dict[int, list[tuple[Said, int]]] = defaultdict(list)
    named = rows.order_by("-said_at").values_list(
        "feedback__customer", "feedback", "said_at", "sentiment"
    )
    for customer, record, at, feeling in named:
        found[customer].append((Said(record, None, at), feeling or 0))
    return found
