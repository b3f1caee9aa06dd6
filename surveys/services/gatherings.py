"""Events: made, published, changed, called off."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.services.webhook_events import note_event
from surveys.enums import GatheringState, ParticipantMail, SurveyStatus
from surveys.errors import CapacityTooSmall, GatheringRefused
from surveys.models import Gathering
from surveys.rules.gathering_times import faults_of_times
from surveys.selectors.gathering_webhooks import GATHERING
from surveys.services.booking import fill_places, locked, order_mail

WEEK = timedelta(days=7)
# What participants are told of when it changes.
_TOLD = ("begins_at", "ends_at", "time_zone", "place_zh", "place_en", "online_link")
# What only the services below write.
_KEPT = ("state", "reminded", "collector", "surveyed_at", "revision", "created_at",
         "cancelled_at", "cancelled_why_zh", "cancelled_why_en")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Saved:
    """`moved_up`: how many of the waiting list got a place; `told`: participants who are told of
    the change by mail."""

    gathering: Gathering
    moved_up: int = 0
    told: int = 0


@transaction.atomic
def save_gathering(gathering: Gathering) -> Saved:
    """Keep a new or changed event. More places let those in who wait; another time or place is
    told to everybody who is signed up. Raises CapacityTooSmall, GatheringRefused."""
    gathering.reminders = sorted({int(one) for one in gathering.reminders}, reverse=True)
    _give_both_languages(gathering)
    _ensure_times(gathering)
    if gathering.pk is None:
        _ensure_survey_runs(gathering)
        gathering.save()
        return Saved(gathering)
    stored = locked(gathering.pk)
    _ensure_change(gathering, stored)
    if gathering.survey_id != stored.survey_id:
        _ensure_survey_runs(gathering)
    for name in _KEPT:
        setattr(gathering, name, getattr(stored, name))
    differs = any(getattr(gathering, name) != getattr(stored, name) for name in _TOLD)
    is_told = differs and gathering.is_open and not gathering.is_over
    gathering.revision += is_told
    gathering.save()
    told = _tell_everybody(gathering, ParticipantMail.CHANGED) if is_told else 0
    return Saved(gathering, moved_up=len(fill_places(gathering)), told=told)


def _give_both_languages(gathering: Gathering) -> None:
    """Where only one was written, the other says the same."""
    for name in ("title", "description", "place"):
        zh, en = getattr(gathering, f"{name}_zh").strip(), getattr(gathering, f"{name}_en").strip()
        setattr(gathering, f"{name}_zh", zh or en)
        setattr(gathering, f"{name}_en", en or zh)
    if not gathering.title_zh:
        raise GatheringRefused(_("Give it a title in one language at least."), "title_zh")


def _ensure_times(gathering: Gathering) -> None:
    faults = faults_of_times(
        begins_at=gathering.begins_at,
        ends_at=gathering.ends_at,
        opens_at=gathering.opens_at,
        closes_at=gathering.closes_at,
    )
    for name, why in faults.items():
        raise GatheringRefused(why, name)


def _ensure_survey_runs(gathering: Gathering) -> None:
    if gathering.survey is not None and gathering.survey.status != SurveyStatus.RUNNING:
        raise GatheringRefused(_("Choose a survey that is running."), "survey")


def _ensure_change(gathering: Gathering, stored: Gathering) -> None:
    if stored.is_cancelled:
        raise GatheringRefused(_("The event was called off and stays as it is."))
    if stored.slug != gathering.slug and stored.state != GatheringState.DRAFT:
        raise GatheringRefused(_("The event is published: links lead to its address."), "slug")
    booked = stored.bookings.booked().count()
    if gathering.capacity is not None and gathering.capacity < booked:
        raise CapacityTooSmall(booked)


def _tell_everybody(gathering: Gathering, what: ParticipantMail) -> int:
    standing = list(gathering.bookings.standing().exclude(address=""))
    for booking in standing:
        order_mail(booking, gathering, what)
    return len(standing)


@transaction.atomic
def publish_gathering(gathering_id: int) -> Gathering:
    """People can sign up from now on, or from when its window opens. Raises GatheringRefused."""
    gathering = locked(gathering_id)
    if gathering.is_cancelled:
        raise GatheringRefused(_("The event was called off and stays as it is."))
    if gathering.is_over:
        raise GatheringRefused(_("The event is over."))
    if gathering.state == GatheringState.DRAFT:
        gathering.state = GatheringState.OPEN
        gathering.save(update_fields=["state"])
        note_event(GATHERING, gathering.pk, what="published")
        fill_places(gathering)  # whoever waited since before it was published
    return gathering


@transaction.atomic
def call_off_gathering(gathering_id: int, *, why_zh: str = "", why_en: str = "") -> int:
    """It does not take place; how many people are told by mail. Doing it twice is once. Raises
    GatheringRefused for one that is over."""
    gathering = locked(gathering_id)
    if gathering.is_cancelled:
        return 0
    if gathering.is_over:
        raise GatheringRefused(_("The event is over."))
    gathering.state, gathering.cancelled_at = GatheringState.CANCELLED, timezone.now()
    gathering.cancelled_why_zh = (why_zh or why_en).strip()[:500]
    gathering.cancelled_why_en = (why_en or why_zh).strip()[:500]
    gathering.revision += 1
    gathering.save()
    note_event(GATHERING, gathering.pk, what="cancelled")
    return _tell_everybody(gathering, ParticipantMail.CALLED_OFF)


@transaction.atomic
def remove_gathering(gathering_id: int) -> bool:
    """True when it is gone; False when somebody was signed up, or something said, and it stays."""
    gathering = locked(gathering_id)
    if gathering.bookings.exists() or gathering.notes.exists():
        return False
    gathering.delete()
    return True


@transaction.atomic
def copy_gathering(gathering_id: int, *, by: Any) -> Gathering:
    """The same once more as a draft, a week later, without who signed up."""
    source = Gathering.objects.get(pk=gathering_id)
    names = [
        one.name
        for one in Gathering._meta.concrete_fields
        if not one.primary_key and one.name not in {*_KEPT, "slug", "opens_at", "closes_at"}
    ]
    copy = Gathering(**{name: getattr(source, name) for name in names})
    shift = WEEK * max(1, -((source.begins_at - timezone.now()) // WEEK))
    copy.begins_at, copy.ends_at = source.begins_at + shift, source.ends_at + shift
    copy.owner = by
    copy.save()
    return copy
