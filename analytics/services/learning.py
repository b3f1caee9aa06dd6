"""Models that learn from this company's own decisions: trained in the worker, put to work only
when they are not worse than what is there, kept for going back."""

import hashlib
import json
import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from analytics.enums import ModelState, TextTask
from analytics.models import TextModel
from analytics.rules.labels import label_of
from analytics.rules.learning import TASKS, threshold_of
from analytics.selectors.customers_choices import chosen_by_customers
from analytics.selectors.lessons import (
    MOODS,
    Lesson,
    decisions_since,
    lessons_of,
    unsorted_texts,
    words_of_categories,
)
from analytics.selectors.reading_rules import reading_rules
from analytics.services.forgotten_words import put_away_stale, stale_since
from analytics.text.comparison import Comparison, compared
from analytics.text.encoding import encoder
from analytics.text.training import NothingToLearn, Trained, train, train_several
from config.kernel.jobs import enqueue
from config.kernel.slots import one_of
from config.kernel.text.model import Model
from config.kernel.text.model_file import NotAModel, packed, unpacked
from config.kernel.text.mood.prior import load_prior

NEW_DECISIONS = 20  # from which on it is worth learning anew
NEW_AFTER_DRIFT = 5  # and where texts have changed
FEWEST = {
    TextTask.FURTHER: 20,
    TextTask.SENTIMENT: 40,
    TextTask.URGENCY: 40,
    TextTask.TAGS: 40,
}
KEPT = 5  # files of models that one can go back to
NIGHT = (1, 5)  # hours
BETWEEN = timedelta(minutes=10)
# After categories or their words were changed: whoever sets them up looks at what comes of it.
AFTER_WORDS = timedelta(minutes=2)
ENOUGH_SECONDS = 50  # after which the next task waits for the next job, which may not take long
_TRIED, TRIED_SECONDS = "learning:tried:", 3600
_ORDERED, ORDERED_SECONDS = "learning:ordered:", 60
_log = logging.getLogger(__name__)


def learn_what_is_due(now: datetime | None = None) -> list[TextModel]:
    """Whatever has reason to be learned now: nothing at work although it could be, other words of
    categories, or enough new decisions, these by night. One process at a time."""
    made = []
    end = time.monotonic() + ENOUGH_SECONDS
    for task in TASKS:
        if time.monotonic() > end:
            break
        if _is_due(task, now or timezone.localtime()):
            model = learn_alone(task)
            if model is not None:
                made.append(model)
            else:  # nothing to learn from: not asked again at once, for asking reads everything
                cache.set(_tried(task), True, TRIED_SECONDS)
    return made


def learn_alone(task: TextTask) -> TextModel | None:
    """`learn`, unless another process does it just now."""
    with one_of(f"learning {task}", 1) as is_ours:
        return learn(task) if is_ours else None


def order_learning() -> None:
    """As soon as workers are free; one job for each task, and none while one waits."""
    for task in TASKS:
        if cache.add(f"{_ORDERED}{task}", True, ORDERED_SECONDS):
            enqueue("analytics.tasks.learn_now", task=str(task))


def learn(task: TextTask) -> TextModel | None:
    """Train a model of one task and put it to work unless it is worse than what is; None where
    there is nothing to learn from."""
    began, since = time.monotonic(), timezone.now()
    lessons = [one for one in lessons_of(task) if one.text.strip()]
    frozen = [one for one in lessons if one.is_frozen]
    learned = [one for one in lessons if not one.is_frozen]
    try:
        trained = _train(task, learned)
    except NothingToLearn:
        trained = None
    if trained is None:
        put_away_stale(task)
        return None
    live = TextModel.objects.live().filter(task=task).first()
    comparison = _compared(live, trained.model, frozen, task)
    return _keep(
        task, trained, lessons=len(lessons), comparison=comparison, since=since,
        seconds=time.monotonic() - began,
    )  # fmt: skip


def _train(task: TextTask, lessons: list[Lesson]) -> Trained | None:
    texts = [one.text for one in lessons]
    if task == TextTask.CATEGORY:
        words = words_of_categories()
        seeds = {label_of(pk): found for pk, found in words.items()}
        labels = [label_of(one.labels[0]) for one in lessons]
        known = [at for at, label in enumerate(labels) if label in seeds]
        chosen = [(text, label_of(pk)) for text, pk in chosen_by_customers(words)]
        return train(
            [texts[at] for at in known],
            [labels[at] for at in known],
            names=list(seeds),
            unlabelled=unsorted_texts(),
            seeds=seeds,
            hints=[(text, label) for text, label in chosen if label in seeds],
            encoder=encoder(),
            drawn=[lessons[at].is_drawn for at in known],
        )
    if len(lessons) < FEWEST[task]:
        return None
    if task == TextTask.FURTHER:
        return train_several(texts, [tuple(map(label_of, one.labels)) for one in lessons])
    if task == TextTask.TAGS:
        return train_several(texts, [one.labels for one in lessons], encoder=encoder())
    prior = load_prior(settings.SENTIMENT_PRIOR_DIR) if task == TextTask.SENTIMENT else None
    names = MOODS if task == TextTask.SENTIMENT else ()
    labels = [one.labels[0] for one in lessons]
    return train(texts, labels, names=names, prior=prior, encoder=encoder())


def _compared(
    live: TextModel | None, new: Model, frozen: list[Lesson], task: TextTask
) -> Comparison | None:
    """None where there is nothing to compare with."""
    if live is None or not frozen or live.learned_from.get("stale"):
        return None
    try:
        old = unpacked(bytes(live.file), live.description)
    except NotAModel:
        return None
    category = task in {TextTask.CATEGORY, TextTask.FURTHER}
    truth = [
        tuple(label_of(one) if category else one for one in lesson.labels) for lesson in frozen
    ]
    return compared(old, new, [one.text for one in frozen], truth, encoder())


@transaction.atomic
def _keep(
    task: TextTask,
    trained: Trained,
    *,
    lessons: int,
    comparison: Comparison | None,
    since: datetime,
    seconds: float,
) -> TextModel:
    numbers, description = packed(trained.model)
    _lock(task)
    forgotten = stale_since(task)
    last = TextModel.objects.filter(task=task).aggregate(last=Max("version"))["last"] or 0
    refused = comparison is not None and comparison.worse
    model = TextModel(
        task=task,
        version=last + 1,
        state=ModelState.REFUSED if refused else ModelState.LIVE,
        file=numbers,
        digest=description["sha256"],
        description=description,
        labels=list(trained.model.labels),
        learned_from={
            "decisions": lessons,
            "words": _digest_of_words() if task == TextTask.CATEGORY else "",
            "by_seeds": trained.model.facts.get("by_seeds", 0),
            "by_customers": trained.model.facts.get("by_hints", 0),
            "unsorted": trained.model.facts.get("unlabelled", 0),
        },
        metrics=trained.figures | ({"compared": comparison.as_json()} if comparison else {}),
        threshold=threshold_of(trained.figures, lessons, reading_rules().accuracy_alone),
        note=_said(comparison) if comparison else "",
        trained_seconds=round(seconds, 2),
    )
    if forgotten and forgotten >= since.isoformat():
        model.learned_from["stale"] = forgotten  # somebody was erased while it was taught
    if not refused:
        put_away_stale(task)
        TextModel.objects.live().filter(task=task).update(state=ModelState.KEPT)
        model.live_since = timezone.now()
    model.save()
    _forget_old_files(task)
    return model


def _said(comparison: Comparison) -> str:
    return _("On %(n)s records kept apart: right in %(new)s %%, before in %(old)s %%") % {
        "n": comparison.n,
        "new": round(100 * comparison.new["accuracy"], 1),
        "old": round(100 * comparison.old["accuracy"], 1),
    }


def _forget_old_files(task: TextTask) -> None:
    kept = TextModel.objects.filter(task=task).exclude(state=ModelState.LIVE)
    newest = list(kept.order_by("-version").values_list("pk", flat=True)[:KEPT])
    kept.exclude(pk__in=newest).update(file=b"", description={})


def _lock(task: str) -> None:
    """Of one task, models are put to work one after the other."""
    rows = TextModel.objects.select_for_update().filter(task=task).order_by("pk")
    list(rows.values_list("pk", flat=True))


@transaction.atomic
def go_back(model_id: int) -> TextModel:
    """Put an earlier model to work again. Raises TextModel.DoesNotExist where its file is no
    longer kept."""
    kept = TextModel.objects.exclude(state=ModelState.LIVE).exclude(file=b"")
    _lock(kept.values_list("task", flat=True).get(pk=model_id))
    model = kept.get(pk=model_id)
    TextModel.objects.live().filter(task=model.task).update(state=ModelState.KEPT)
    model.state, model.live_since = ModelState.LIVE, timezone.now()
    # What was asked of it when it was trained may not be what is asked now.
    model.threshold = _threshold(model)
    model.save(update_fields=["state", "live_since", "threshold"])
    return model


def set_thresholds_anew() -> None:
    """After another accuracy was asked for: no model need be trained for that."""
    for model in TextModel.objects.live().defer("file"):
        model.threshold = _threshold(model)
        model.save(update_fields=["threshold"])


def _threshold(model: TextModel) -> float:
    decisions = model.learned_from.get("decisions", 0)
    return threshold_of(model.metrics, decisions, reading_rules().accuracy_alone)


def _is_due(task: TextTask, now: datetime) -> bool:
    if cache.get(_tried(task)):
        return False
    newest = TextModel.objects.filter(task=task).defer("file").order_by("-version").first()
    if newest is None:
        return task == TextTask.CATEGORY or _are_enough(task, None, FEWEST[task])
    words = newest.learned_from.get("words")
    if task == TextTask.CATEGORY and words != _digest_of_words():
        return newest.trained_at <= now - AFTER_WORDS
    if newest.trained_at > now - BETWEEN:
        return False
    is_time = NIGHT[0] <= now.hour < NIGHT[1] or not newest.learned_from.get("decisions")
    return is_time and _has_reason(task, newest)


def _has_reason(task: TextTask, newest: TextModel) -> bool:
    if stale_since(task):  # what must be forgotten waits for nobody's leave
        return True
    wanted = NEW_AFTER_DRIFT if newest.drift.get("signs") else NEW_DECISIONS
    return reading_rules().learns_by_itself and _are_enough(task, newest.trained_at, wanted)


def _are_enough(task: TextTask, since: datetime | None, wanted: int) -> bool:
    """Counting reads much: one that was too few is not counted again for an hour."""
    if decisions_since(task, since, at_most=wanted) >= wanted:
        return True
    cache.set(_tried(task), True, TRIED_SECONDS)
    return False


def _tried(task: TextTask) -> str:
    """With other categories or words of them it is worth another try at once."""
    return f"{_TRIED}{task}:{_digest_of_words() if task == TextTask.CATEGORY else ''}"


def _digest_of_words() -> str:
    said = json.dumps(words_of_categories(), sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(said.encode(), digest_size=8).hexdigest()
