"""Models that may know words of somebody who was erased: put out of reach, and learned anew."""

from django.db import transaction
from django.utils import timezone

from analytics.enums import ModelState, TextTask
from analytics.models import TextModel

_LONG_AGO = "0"  # as it was kept when it had no time


@transaction.atomic
def forget_words_of_people() -> None:
    """After somebody was erased: their words may stand among the n-grams. What is only kept for
    going back goes; what is at work is learned anew by night."""
    TextModel.objects.exclude(state=ModelState.LIVE).update(file=b"", description={})
    for model in TextModel.objects.live().defer("file").select_for_update():
        model.learned_from["stale"] = timezone.now().isoformat()
        model.save(update_fields=["learned_from"])


def stale_since(task: TextTask) -> str:
    """When somebody was erased whose words may be in the model at work (ISO, UTC); "" where
    nobody was."""
    live = TextModel.objects.live().filter(task=task)
    found = live.values_list("learned_from__stale", flat=True).first()
    return found if isinstance(found, str) else _LONG_AGO if found else ""


def put_away_stale(task: TextTask) -> None:
    """What may know words of somebody who was erased is not kept for going back; where nothing
    can be learned in its place, texts are read without it."""
    stale = TextModel.objects.live().filter(task=task, learned_from__has_key="stale")
    stale.update(state=ModelState.KEPT, file=b"", description={})
