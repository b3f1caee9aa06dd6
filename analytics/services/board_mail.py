"""Dashboards by mail: ordered by whoever gets them, with the figures that they may see."""

import logging
from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.enums import OutgoingKind
from accounts.models import User
from accounts.services.outbox import queue_mail
from analytics.charts.picture import File, Kind
from analytics.enums import MailRhythm, TileChart
from analytics.models import DashboardMail
from analytics.selectors.boards.asking import Asking, read_asking
from analytics.selectors.boards.figures import TileFigure, figures_of
from analytics.selectors.boards.files import file_of, told
from analytics.selectors.boards.finding import Board, NoSuchBoard, board_of, notes_between
from analytics.selectors.boards.headline import Headline, headline_of
from analytics.selectors.choice import teams_of
from analytics.selectors.window import today
from config.kernel.mail_ids import STAFF_TAG
from feedback.errors import FilterNotKnown
from feedback.services.staff_mail import language_of

FOLDER = "dashboard_mails"
_MOST_PICTURES = 6
_log = logging.getLogger(__name__)


@transaction.atomic
def order_mail(board: str, *, user: User, rhythm: str) -> None:
    """Every week or month from the next one on; an empty rhythm ends it."""
    if not rhythm:
        DashboardMail.objects.filter(board=board, user=user).delete()
        return
    DashboardMail.objects.update_or_create(
        board=board, user=user, defaults={"rhythm": MailRhythm(rhythm)}
    )


def send_due_boards(day: date | None = None) -> int:
    """On Mondays and on the first of a month; safe to run as often as one likes. Gives how many
    mails were written."""
    day = day or today(timezone.now())
    rhythms = [
        *([MailRhythm.WEEKLY] if day.weekday() == 0 else []),
        *([MailRhythm.MONTHLY] if day.day == 1 else []),
    ]
    if not rhythms:
        return 0
    due = DashboardMail.objects.filter(rhythm__in=rhythms).exclude(last_day=day)
    return sum(_send(pk, day) for pk in due.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _send(pk: int, day: date) -> bool:
    waiting = DashboardMail.objects.select_for_update(of=["self"], skip_locked=True)
    order = waiting.select_related("user").filter(pk=pk).exclude(last_day=day).first()
    if order is None:
        return False
    order.last_day = day
    order.save(update_fields=["last_day"])
    user = order.user
    if not (user.is_active and user.email and user.has_perm("feedback.view_feedback")):
        return False
    try:
        board = board_of(user, order.board)
        asking = _asking(board, user)
    except (NoSuchBoard, FilterNotKnown):  # it is gone, or not for them any more
        order.delete()
        return False
    with override(language_of(user)):
        _write(user, board, asking, f"board:{order.pk}:{day}")
    return True


def _asking(board: Board, user: User) -> Asking:
    day = today(timezone.now())
    return read_asking({}, board.plan, teams=teams_of(user), today=day)


def _write(user: User, board: Board, asking: Asking, key: str) -> None:
    now = timezone.now()
    notes = notes_between(user, asking.period.first, asking.period.last)
    figures = figures_of(user, board.plan.tiles, asking, now, notes)
    lines = [_line(one, headline_of(one)) for one in figures]
    link = f"{settings.SITE_URL}{board.url}"
    body = "\n".join([*told(asking), "", *(line for line in lines if line), "", link])
    queue_mail(
        kind=OutgoingKind.NOTIFICATION,
        tag=f"{STAFF_TAG}0",
        to_address=user.email,
        to_name=user.name,
        subject=_("Dashboard: %(name)s") % {"name": board.plan.name},
        body_text=body,
        language=language_of(user),
        attachments=[_kept(one, key, at) for at, one in enumerate(_pictures(figures, asking))],
        dedupe_key=key,
    )


def _line(figure: TileFigure, headline: Headline | None) -> str:
    """The one number in words; a picture says what is told apart."""
    if headline is None or figure.plan.by:
        return ""
    parts = [headline.value, headline.moved.words if headline.moved else "", headline.goal]
    return f"{figure.title}: {' · '.join(part for part in parts if part)}"


def _pictures(figures: Sequence[TileFigure], asking: Asking) -> list[File]:
    drawn = [one for one in figures if one.plan.chart != TileChart.NUMBER]
    found = (file_of(one, asking, Kind.PNG) for one in drawn[:_MOST_PICTURES])
    return [one for one in found if one is not None]


def _kept(file: File, key: str, at: int) -> dict[str, str]:
    """Written down for the worker that hands the mail over."""
    name = f"{FOLDER}/{key.replace(':', '-')}-{at}.png"
    path = default_storage.save(name, ContentFile(file.content))
    return {"name": file.name, "path": path, "content_type": file.type}
