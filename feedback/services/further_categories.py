"""What a record is about beside its category: said by people, proposed by the machine."""

from collections.abc import Collection, Iterable

from django.db import transaction

from accounts.models import User
from feedback.enums import TimelineKind
from feedback.errors import TooManyCategories
from feedback.models import Assessment, Category, Feedback
from feedback.services.records import lock, save_change, tell

MOST = 5


@transaction.atomic
def add_further(
    feedback_id: int, *, by: User, categories: Iterable[Category], version: int | None = None
) -> Feedback:
    """It is about these, too. Raises Stale, TooManyCategories (more than five)."""
    feedback = lock(feedback_id, version=version)
    new = [one.pk for one in categories]
    apply_further(feedback, by=by, ids=[*feedback.also_categories, *new])
    _propose_no_more(feedback_id, new)
    return feedback


@transaction.atomic
def drop_further(
    feedback_id: int, *, by: User, categories: Iterable[Category], version: int | None = None
) -> Feedback:
    """It is not about these: they are taken off, and the machine proposes them no more. Raises
    Stale."""
    feedback = lock(feedback_id, version=version)
    gone = {one.pk for one in categories}
    _propose_no_more(feedback_id, gone, denied=True)
    apply_further(feedback, by=by, ids=[pk for pk in feedback.also_categories if pk not in gone])
    return feedback


def _propose_no_more(feedback_id: int, ids: Collection[int], *, denied: bool = False) -> None:
    read = Assessment.objects.filter(pk=feedback_id).first()
    if read is None:
        return
    read.also = [one for one in read.also if one[0] not in ids]
    kept = {*read.not_also, *ids} if denied else set(read.not_also) - set(ids)
    read.not_also = sorted(kept)
    read.save(update_fields=["not_also", "also"])


def apply_further(feedback: Feedback, *, by: User | None, ids: Iterable[int]) -> None:
    """Inside another service: a locked record is about exactly these beside its category, which
    is not said twice. Raises TooManyCategories."""
    wanted = [pk for pk in dict.fromkeys(ids) if pk != feedback.category_id]
    before = list(feedback.also_categories)
    if wanted == before:
        return
    if len(wanted) > MOST:
        raise TooManyCategories(MOST)
    feedback.also_categories = wanted
    save_change(feedback, "also_categories")
    tell(feedback, TimelineKind.ALSO, by=by, before=before, after=wanted)


def name_further_instead(source: Category, into: Category, *, by: User) -> None:
    """Inside another service: where `source` stood, `into` stands."""
    rows = Feedback.objects.select_for_update().filter(also_categories__contains=[source.pk])
    for feedback in rows:
        before = list(feedback.also_categories)
        after = dict.fromkeys(into.pk if pk == source.pk else pk for pk in before)
        feedback.also_categories = [pk for pk in after if pk != feedback.category_id]
        save_change(feedback, "also_categories")
        tell(
            feedback, TimelineKind.ALSO, by=by, before=before, after=feedback.also_categories,
            merged=True,
        )  # fmt: skip
