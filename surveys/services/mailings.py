"""What an e-mail collector says and to whom, and when its next wave begins."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from config.kernel.jobs import enqueue
from surveys.enums import CollectorChannel, Rhythm, Sending
from surveys.errors import SendingIsOver, SendsNoMail, SurveyNotRunning, WaveHasBegun
from surveys.models import Collector, Mailing
from surveys.models.mailing import MOST_REMINDERS

BEGIN = "surveys.tasks.go_on_with_waves"
USUAL = {
    "subject_zh": "请告诉我们您的看法：{{ survey.title }}",
    "subject_en": "Your opinion, please: {{ survey.title }}",
    "body_zh": (
        "{{ customer.greeting }}：\n\n我们想听听您的看法，只需几分钟。您的回答会帮助我们做得更好。"
    ),
    "body_en": (
        "{{ customer.greeting }},\n\nwe would like to hear what you think. It takes a few "
        "minutes, and your answers help us to do better."
    ),
    "reminder_subject_zh": "还来得及：{{ survey.title }}",
    "reminder_subject_en": "There is still time: {{ survey.title }}",
    "reminder_body_zh": (
        "{{ customer.greeting }}：\n\n前几天我们请您填写一份问卷，目前还没有收到您的回答。"
        "链接在{{ link_until }}之前有效。"
    ),
    "reminder_body_en": (
        "{{ customer.greeting }},\n\na few days ago we asked you for your opinion and have not "
        "heard from you yet. The link works until {{ link_until }}."
    ),
}


def mailing_of(collector: Collector) -> Mailing:
    """That of an e-mail collector; one that was never set up says what is usual and is not
    stored. Raises SendsNoMail."""
    if collector.channel != CollectorChannel.EMAIL:
        raise SendsNoMail
    found = Mailing.objects.filter(collector=collector).select_related("mailbox").first()
    found = found or Mailing(collector=collector, **USUAL)
    found.collector = collector
    return found


@transaction.atomic
def save_mailing(mailing: Mailing) -> Mailing:
    """Keep it; a wave that was ordered stays ordered."""
    mailing.reminders = min(mailing.reminders, MOST_REMINDERS)
    if mailing.pk is None:
        mailing.save()
    else:
        names = [
            one.name
            for one in Mailing._meta.concrete_fields
            if not one.primary_key and one.name != "next_wave_at"
        ]
        mailing.save(update_fields=names)
    return mailing


@transaction.atomic
def order_wave(
    collector_id: int, *, at: datetime | None = None, seen: int | None = None
) -> Mailing:
    """Begin a wave now or at `at`; one that was ordered before is replaced by it. `seen`: how
    many waves there were when it was decided; where there are more by now, somebody was faster,
    or pressed twice. Raises SendsNoMail, SendingIsOver, SurveyNotRunning and WaveHasBegun."""
    collector = (
        Collector.objects.select_for_update(of=["self"], no_key=True)
        .select_related("survey")
        .get(pk=collector_id)
    )
    now = timezone.now()
    mailing = mailing_of(collector)
    if collector.sending == Sending.STOPPED:
        raise SendingIsOver
    if seen is not None and collector.waves.count() > seen:
        raise WaveHasBegun
    if (at is None or at <= now) and not collector.is_open(now):
        raise SurveyNotRunning
    if mailing.pk is None:
        mailing.save()
    mailing.next_wave_at = max(at or now, now)
    mailing.save(update_fields=["next_wave_at"])
    if mailing.next_wave_at <= now:
        enqueue(BEGIN)
    return mailing


@transaction.atomic
def cancel_wave(collector_id: int) -> bool:
    """No further wave begins; False when none was ordered."""
    ordered = Mailing.objects.filter(collector=collector_id, next_wave_at__isnull=False)
    return ordered.update(next_wave_at=None) > 0


def is_repeated(mailing: Mailing) -> bool:
    return mailing.rhythm != Rhythm.ONCE
