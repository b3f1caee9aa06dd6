"""What participants of an event are written, with a file for their calendar."""

from urllib.parse import urlsplit

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.rules.contact import name_to_greet
from config.kernel.bilingual import localized
from config.kernel.site import site_name
from feedback.services.template_values import greeting
from surveys.enums import ParticipantMail
from surveys.models import Booking, Gathering
from surveys.rules.calendar_file import CalendarEntry, calendar_file
from surveys.services.inviting import Letter


def booking_url(booking: Booking) -> str:
    return settings.SITE_URL + reverse("surveys:booking", args=[booking.token])


def sign_up_url(gathering: Gathering) -> str:
    return settings.SITE_URL + reverse("surveys:sign_up", args=[gathering.slug])


def calendar_of(booking: Booking) -> CalendarEntry:
    """In the active language. The link to take part stands in it for who has a place."""
    gathering = booking.gathering
    gone = gathering.is_cancelled or booking.is_cancelled
    link = gathering.online_link if booking.is_booked and not gone else ""
    parts = [link, gathering.description, booking_url(booking)]
    return CalendarEntry(
        uid=f"event-{gathering.pk}@{urlsplit(settings.SITE_URL).hostname}",
        begins_at=gathering.begins_at,
        ends_at=gathering.ends_at,
        written_at=timezone.now(),
        title=gathering.title,
        text="\n\n".join(part for part in parts if part),
        place=gathering.place or link,
        url=booking_url(booking),
        # A sign-up that was cancelled and made again must win over the file before it.
        sequence=gathering.revision * 1000 + min(booking.mails, 999),
        is_cancelled=gone,
    )


def write_to_participant(
    booking: Booking, what: ParticipantMail
) -> tuple[Letter, list[dict[str, str]]]:
    """The mail in the participant's language, and the files that go with it."""
    gathering = booking.gathering
    with translation.override(booking.language):
        subject = _subject(booking, what)
        name = name_to_greet(booking.name)
        values = {
            "booking": booking,
            "gathering": gathering,
            "title": localized(gathering, "title"),
            "what": what.value,
            "greeting": greeting(name, booking.language),
            "subject": subject,
            "site_name": site_name(booking.language),
            "language": booking.language,
            "url": booking_url(booking),
            "sign_up_url": sign_up_url(gathering),
        }
        letter = Letter(
            subject=subject,
            text=render_to_string("email/event.txt", values),
            html=render_to_string("email/event.html", values),
        )
        return letter, _files(booking)


def _files(booking: Booking) -> list[dict[str, str]]:
    """Who waits has nothing for the calendar yet."""
    if not booking.is_booked and not booking.is_cancelled:
        return []
    entry = calendar_of(booking)
    return [
        {
            "name": "event.ics",
            "content_type": f"text/calendar; charset=utf-8; method={entry.method}",
            "text": calendar_file(entry),
        }
    ]


def _subject(booking: Booking, what: ParticipantMail) -> str:
    values = {"title": booking.gathering.title}
    if what == ParticipantMail.CALLED_OFF or booking.gathering.is_cancelled:
        return _("Called off: %(title)s") % values
    if booking.is_cancelled:
        return _("You have cancelled: %(title)s") % values
    if not booking.is_booked:
        if what == ParticipantMail.CHANGED:
            return _("Changed: %(title)s") % values
        return _("You are on the waiting list: %(title)s") % values
    words = {
        ParticipantMail.MOVED_UP: _("A place has become free for you: %(title)s"),
        ParticipantMail.REMINDER: _("Soon: %(title)s"),
        ParticipantMail.CHANGED: _("Changed: %(title)s"),
    }
    return words.get(what, _("You have a place: %(title)s")) % values
