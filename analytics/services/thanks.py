"""Thanking colleagues, and saying in which records customers thank us."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from analytics.errors import ThanksRefused
from analytics.models import Measure, PraiseDecision, Thanks
from config.kernel.printable import printable
from feedback.enums import NoticeKind
from feedback.models import Feedback
from feedback.services.notifying import notify_of_page


@transaction.atomic
def thank_colleague(
    to: User,
    *,
    by: User,
    text: str,
    feedback: Feedback | None = None,
    measure: Measure | None = None,
) -> Thanks:
    """Say it to `to`, who is told. What it is about is one that `by` may see; the caller has
    looked. Raises ThanksRefused."""
    words = " ".join(printable(text).split())
    if not words:
        raise ThanksRefused.no_words()
    if to.pk == by.pk:
        raise ThanksRefused.oneself()
    if not to.is_active:
        raise ThanksRefused.gone()
    made = Thanks(to=to, by=by, text=words, feedback=feedback, measure=measure)
    made.full_clean(validate_constraints=False)
    made.save()
    title = f"#{feedback.number}" if feedback else str(measure or "")
    page = f"{reverse('analytics:recognition_mine')}#thanks-{made.pk}"
    notify_of_page([to.pk], NoticeKind.THANKED, by=by, page=page, title=title, text=words)
    return made


@transaction.atomic
def take_back_thanks(thanks_id: int, *, by: User) -> bool:
    """By whoever said it, or whoever does not want to have heard it; False where there is
    nothing of theirs."""
    found = Thanks.objects.select_for_update(of=["self"]).filter(pk=thanks_id).first()
    if found is None or by.pk not in {found.by_id, found.to_id}:
        return False
    found.delete()
    return True


@transaction.atomic
def decide_praise(feedback: Feedback, *, is_praise: bool, by: User) -> PraiseDecision:
    """Say whether the customer thanks us there; the last word counts."""
    said, _ = PraiseDecision.objects.update_or_create(
        feedback=feedback, defaults={"is_praise": is_praise, "by": by, "at": timezone.now()}
    )
    return said
