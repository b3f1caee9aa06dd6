"""Whether what comes in is still like what the models at work were taught with: measured in the
worker, week by week, on samples; who may let the machine learn hears of it once."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import override

from analytics.enums import TextTask
from analytics.models import TextModel
from analytics.selectors.arriving_texts import came_between, never_learned_before
from analytics.selectors.people import people_who_may_teach
from analytics.text.drift import Drift, Profile, drift, profile, together
from config.kernel.slots import one_of
from config.kernel.text.model import Model
from config.kernel.text.model_file import NotAModel, unpacked
from config.kernel.text.scoring import Scorer
from feedback.enums import NoticeKind
from feedback.services.notifying import notify_of_page
from feedback.services.staff_mail import language_of

# Tags are not: a text may have several, and none.
WATCHED = (TextTask.CATEGORY, TextTask.SENTIMENT, TextTask.URGENCY)
EVERY = timedelta(hours=20)
WEEKS = 12  # that are kept
NOW_WEEKS = 4  # that are set against what was taught
TOLD_AGAIN = timedelta(days=28)


def watch_drift(now: datetime | None = None) -> None:
    """Measure each model at work, at most once a day. Safe to run at any time, by several."""
    now = now or timezone.now()
    with one_of("drift", 1) as is_ours:
        models = TextModel.objects.live().filter(task__in=WATCHED) if is_ours else []
        for model in models:
            measured = parse_datetime(model.drift.get("at", ""))
            if measured is None or measured < now - EVERY:
                measure_drift(model, now)


def measure_drift(model: TextModel, now: datetime) -> Drift | None:
    """Look at samples of the weeks since the model was trained and keep what it says of them; None
    for one that this release cannot read."""
    try:
        taught = unpacked(bytes(model.file), model.description)
    except NotAModel:
        return None
    kept = model.drift
    then = kept.get("then") or _profile(taught, never_learned_before(model.trained_at)).as_json()
    weeks = _weeks(model, taught, now)
    latest = [_profile_of(one) for one in weeks[-NOW_WEEKS:]]
    found = drift(Profile.from_json(then), together(latest))
    _keep(model, found, weeks, now)
    return found


def _weeks(model: TextModel, taught: Model, now: datetime) -> list[dict[str, Any]]:
    """Of each week since the model was trained, the oldest first; what is over was looked at once
    and for all. A week in which nothing came is left out."""
    monday = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    monday -= timedelta(days=monday.weekday())
    known = {one["week"]: one for one in model.drift.get("weeks", [])}
    measured = parse_datetime(model.drift.get("at", ""))
    found = []
    for back in range(WEEKS - 1, -1, -1):
        start = _midnight(monday.date() - timedelta(weeks=back))
        end = _midnight(monday.date() - timedelta(weeks=back - 1))
        if end <= model.trained_at:
            continue
        week = start.date().isoformat()
        is_settled = measured is not None and measured >= end
        if is_settled:
            found += [known[week]] if week in known else []
            continue
        read = _profile(taught, came_between(max(start, model.trained_at), min(end, now)))
        if read.n:
            found.append({"week": week, **read.as_json()})
    return found


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - made aware


def _profile(model: Model, texts: Sequence[str]) -> Profile:
    """Of one that hears vectors by its words alone: what is new to it are words."""
    return profile(Scorer({"one": model}).read(texts)["one"])


def _profile_of(week: dict[str, Any]) -> Profile:
    return Profile.from_json({key: value for key, value in week.items() if key != "week"})


@transaction.atomic
def _keep(model: TextModel, found: Drift, weeks: list[dict[str, Any]], now: datetime) -> None:
    told = model.drift.get("told")
    if found.signs and told is None and not _was_told(model, now):
        _tell(TextTask(model.task))
        told = now.isoformat()
    model.drift = {
        "at": now.isoformat(),
        "then": found.then.as_json(),
        "now": found.now.as_json(),
        "psi": found.psi,
        "signs": list(found.signs),
        "weeks": weeks,
        "told": told,
    }
    model.save(update_fields=["drift"])


def _was_told(model: TextModel, now: datetime) -> bool:
    """Lately, of an earlier model of the same task."""
    kept = TextModel.objects.filter(task=model.task).order_by("-version")
    said = [one.get("told") for one in kept.values_list("drift", flat=True)[:50]]
    return any(at and datetime.fromisoformat(at) > now - TOLD_AGAIN for at in said)


def _tell(task: TextTask) -> None:
    people = defaultdict(list)
    for person in people_who_may_teach():
        people[language_of(person)].append(person.pk)
    page = reverse("analytics:learning") + f"#model-{task}"
    for language, keys in people.items():
        with override(language):
            title = str(task.label)
        notify_of_page(keys, NoticeKind.DRIFT, by=None, page=page, title=title)
