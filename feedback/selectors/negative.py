"""Negative feedback: what is missing, and what was learnt."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from feedback.enums import NegativePointKind
from feedback.models import Feedback, NegativeCase, NegativePoint, NegativeRule


def required_points() -> list[NegativePointKind]:
    """What the rule asks for, in the usual order; everything without one."""
    found = NegativeRule.objects.values_list("required", flat=True).first()
    wanted = set(NegativePointKind.values if found is None else found)
    return [kind for kind in NegativePointKind if kind in wanted]


def missing_points(feedback: Feedback) -> list[NegativePointKind]:
    """What is required and not done on a record that is treated as negative."""
    rows = NegativePoint.objects.filter(case=feedback.pk, done_at=None)
    left = set(rows.values_list("kind", flat=True))
    return [kind for kind in required_points() if kind in left] if left else []


def is_excused(feedback: Feedback) -> bool:
    return NegativeCase.objects.filter(pk=feedback.pk).exclude(excuse="").exists()


@dataclass(frozen=True, slots=True)
class Finding:
    """What was written down about one record: for analysis and training."""

    feedback_id: int
    number: int
    category_id: int | None
    kind: NegativePointKind
    text: str
    written_at: datetime | None


def findings(
    user: User, *, since: datetime, kind: NegativePointKind = NegativePointKind.ROOT_CAUSE
) -> list[Finding]:
    """Root causes (or training notes …) of the records that `user` may see, newest first."""
    visible = Feedback.objects.visible_to(user).values("pk")
    rows = NegativePoint.objects.filter(
        kind=kind, done_at__gte=since, case__feedback__in=visible
    ).exclude(text="")
    return [
        Finding(pk, number, category, kind, text, at)
        for pk, number, category, text, at in rows.order_by("-done_at").values_list(
            "case__feedback_id",
            "case__feedback__number",
            "case__feedback__category_id",
            "text",
            "done_at",
        )
    ]
