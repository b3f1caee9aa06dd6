"""The mail about last week: once a week, when work begins, to whoever wants it and only when
something happened."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.enums import WeeklyMail
from accounts.models import User
from analytics.charts.wording import write_span
from analytics.models import WeekMail
from analytics.selectors.week import (
    DAYS,
    Item,
    Line,
    Section,
    last_week,
    monday_of,
    parts_of,
    teams_led_by,
    week_of,
)
from analytics.selectors.window import today
from config.kernel.punctuation import labelled, with_aside
from feedback.selectors.queue_filters import start_of
from feedback.selectors.send_times import work_begins
from feedback.services.staff_mail import language_of, mail_staff

AT_ONCE = 200


def send_due_weeks(now: datetime | None = None) -> int:
    """From the beginning of the first working day of a week on, by the default calendar (which
    knows holidays and working days in their place); safe to run as often as one likes. Gives how
    many mails were written."""
    now = now or timezone.now()
    monday = monday_of(today(now))
    begins = work_begins(start_of(monday))
    if now < begins or begins >= start_of(monday + timedelta(days=DAYS)):
        return 0
    had = WeekMail.objects.filter(monday=monday).values("user")
    waiting = User.objects.filter(is_active=True).exclude(weekly_mail=WeeklyMail.NONE)
    waiting = waiting.exclude(email="").exclude(pk__in=had).order_by("pk")
    return sum(_send(pk, now) for pk in waiting.values_list("pk", flat=True)[:AT_ONCE])


@transaction.atomic
def _send(pk: int, now: datetime) -> bool:
    found = User.objects.select_for_update(of=["self"], skip_locked=True)
    user = found.filter(pk=pk).first()
    if user is None:  # another worker is at it
        return False
    monday = monday_of(today(now))
    _row, is_new = WeekMail.objects.get_or_create(user=user, monday=monday)
    if not is_new:
        return False
    with override(language_of(user)):
        told = [one for one in weeks_for(user, now) if not one.is_empty]
        if told:
            subject = labelled(
                _("Your week"), write_span(told[0].period.first, told[0].period.last)
            )
            key = f"week:{user.pk}:{monday}"
            text = letter(told)
            mail_staff(
                user, feedback_id=None, subject=subject, text=text, dedupe_key=key,
                can_be_answered=False,
            )  # fmt: skip
    return bool(told)


def weeks_for(user: User, now: datetime) -> list[Section]:
    """One's own, and those of teams that one leads, as far as they are wanted."""
    period = last_week(today(now))
    teams = teams_led_by(user) if user.weekly_mail == WeeklyMail.TEAMS else []
    return [week_of(user, team, period, now) for team in (None, *teams)]


def letter(sections: list[Section]) -> str:
    """The mail in words; every address is that of the list which a figure counts."""
    parts = [text for one in sections for text in (*_said(one), "")]
    page = settings.SITE_URL + reverse("analytics:week")
    choose = settings.SITE_URL + reverse("accounts:profile")
    return "\n".join([
        *parts, labelled(_("The same as a page"), page),
        labelled(_("Another mail, or none"), choose),
    ])  # fmt: skip


def _said(section: Section) -> list[str]:
    told = [
        text for head, items in parts_of(section) if items for text in ("", head, *_items(items))
    ]
    return [section.title, "", *(text for one in section.lines for text in _figure(one)), *told]


def _figure(line: Line) -> list[str]:
    was = _("%(before)s the week before") % {"before": line.before}
    said = with_aside(labelled(line.label, line.value), was)
    return [said, f"  {settings.SITE_URL}{line.url}"] if line.url else [said]


def _items(items: Sequence[Item]) -> list[str]:
    return [f"- {one.words}\n  {settings.SITE_URL}{one.url}" for one in items]
