"""The survey after an event: once, to those it is meant for, by the rules of all surveys."""

import logging
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from surveys.enums import (
    AskedAfter,
    AudienceOf,
    CollectorChannel,
    GatheringState,
    SurveyStatus,
)
from surveys.errors import GatheringRefused, SurveyNotRunning
from surveys.models import Collector, Gathering, Mailing
from surveys.models.booking import BookingQuerySet
from surveys.rules.address_lists import Addressee
from surveys.services.booking import locked
from surveys.services.editing import save_collector
from surveys.services.invitees import invite_addresses
from surveys.services.mailings import USUAL, save_mailing
from surveys.services.waves import Made

logger = logging.getLogger(__name__)
# A survey that did not run when its time came waits so long for it.
WAITS = timedelta(days=14)


def send_due_surveys() -> int:
    """Send those whose time has come; how many events that were. Any number of workers may do
    this at the same time."""
    now = timezone.now()
    ended = Gathering.objects.filter(
        state=GatheringState.OPEN,
        survey__status=SurveyStatus.RUNNING,
        surveyed_at=None,
        ends_at__lte=now,
        ends_at__gt=now - 2 * WAITS,  # the latest goes out WAITS after the end
    )
    sent = 0
    for gathering in ended:
        due = gathering.ends_at + timedelta(hours=gathering.survey_hours)
        if not due <= now < due + WAITS:
            continue
        try:
            send_survey(gathering.pk)
            sent += 1
        except Exception:
            # One that cannot be sent must not keep the others back.
            logger.exception("the survey after event %s could not be sent", gathering.pk)
    return sent


@transaction.atomic
def send_survey(gathering_id: int, *, by: User | None = None) -> Made:
    """Invite whoever it is meant for to the survey of this event, once: who must not be asked,
    or was asked too recently, is not, and its list says why. Raises GatheringRefused,
    SurveyNotRunning."""
    gathering = locked(gathering_id)
    if gathering.survey is None:
        raise GatheringRefused(_("No survey was chosen for this event."))
    if gathering.is_cancelled:
        raise GatheringRefused(_("The event was called off."))
    if not gathering.is_over:
        raise GatheringRefused(_("The event is not over yet."))
    if gathering.surveyed_at is not None:
        return Made()
    if gathering.survey.status != SurveyStatus.RUNNING:
        raise SurveyNotRunning
    collector = _collector_for(gathering)
    people = [
        Addressee(one.address, one.name, one.language)
        for one in to_be_asked(gathering).exclude(address="")
    ]
    made = invite_addresses(collector.pk, people, by=by)
    gathering.collector, gathering.surveyed_at = collector, timezone.now()
    gathering.save(update_fields=["collector", "surveyed_at"])
    return made


def to_be_asked(gathering: Gathering) -> BookingQuerySet:
    """The sign-ups whose people the survey goes to."""
    booked = gathering.bookings.get_queryset().booked()  # type: ignore[attr-defined]
    came = booked.filter(attended=True)
    if gathering.asked_after == AskedAfter.CAME:
        return came
    if gathering.asked_after == AskedAfter.CAME_OR_ALL and came.exists():
        return came
    return booked.exclude(attended=False)


def _collector_for(gathering: Gathering) -> Collector:
    """The e-mail collector of this event; made when its survey first goes out."""
    collector = Collector(
        survey=gathering.survey,
        name=f"{gathering.title_en} {gathering.begins_at:%Y-%m-%d}"[:120],
        channel=CollectorChannel.EMAIL,
    )
    save_collector(collector)
    save_mailing(
        Mailing(collector=collector, audience_of=AudienceOf.LIST, **USUAL | _words(gathering))
    )
    return collector


def _words(gathering: Gathering) -> dict[str, str]:
    """The title goes in as it is: what stands in braces there is no variable."""
    zh, en = (_plain(one) for one in (gathering.title_zh, gathering.title_en))
    return {
        "subject_zh": f"“{zh}”怎么样？"[:200],
        "subject_en": f"How was “{en}”?"[:200],
        "body_zh": (
            f"{{{{ customer.greeting }}}}：\n\n感谢您参加“{zh}”。您的看法会帮助我们把下一次办得"
            "更好，只需几分钟。"
        ),
        "body_en": (
            f"{{{{ customer.greeting }}}},\n\nthank you for taking part in “{en}”. What you think "
            "helps us to make the next one better; it takes a few minutes."
        ),
    }


def _plain(title: str) -> str:
    return title.replace("{{", "{ {").replace("}}", "} }")
