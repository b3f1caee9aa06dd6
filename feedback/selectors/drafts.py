"""Unsent texts about a record, as its page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, QuerySet

from accounts.models import User
from feedback.models import Draft, Feedback, Upload


@dataclass(frozen=True, slots=True)
class DraftsOnRecord:
    """One's own text, those of colleagues (only that there are some), and what waits to go."""

    mine: Draft | None
    others: Sequence[Draft]
    scheduled: Sequence[Draft]

    @property
    def version(self) -> int:
        return self.mine.version if self.mine else 0


def drafts_on(feedback: Feedback, user: User) -> DraftsOnRecord:
    """All of them in two queries; one when there are none."""
    rows = Draft.objects.filter(feedback=feedback).select_related("user", "then", "commitment")
    found = list(rows.prefetch_related("files").order_by("send_at", "pk"))
    mine, others, scheduled = None, [], []
    for one in found:
        if one.send_at is not None:
            scheduled.append(one)
        elif one.user_id == user.pk:
            mine = one
        elif one.text.strip():
            others.append(one)
    return DraftsOnRecord(mine, others, scheduled)


def scheduled_answers(user: User) -> QuerySet[Draft]:
    """What waits to go on the records that the user may see: what is held back first, then by
    time."""
    visible = Feedback.objects.visible_to(user)
    rows = Draft.objects.scheduled().filter(feedback__in=visible.values("pk"))
    rows = rows.select_related("feedback__customer", "user", "then").prefetch_related("files")
    return rows.order_by(F("held_because").desc(), "send_at", "pk")


def own_draft_files(feedback: Feedback, user: User) -> QuerySet[Upload]:
    """Files that lie beside somebody's text in the editor."""
    return Upload.objects.filter(
        draft__feedback=feedback, draft__user=user, draft__send_at=None, uploaded_by=user
    )
