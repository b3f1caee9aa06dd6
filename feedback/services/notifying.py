"""Telling people about records: in the product at once, by mail when they did not look."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from accounts.selectors.personal_data import Cover, cover_in_lists
from config.kernel.live import tell_pages
from config.kernel.punctuation import labelled
from feedback.enums import MailWhen, NoticeKind
from feedback.models import Feedback, Message, Notification, NotificationChoice
from feedback.selectors.following import READ, choices_of, usual_mail
from feedback.selectors.notices import sentence_of
from feedback.selectors.send_times import next_working_day
from feedback.services.batch import through
from feedback.services.staff_mail import answers_to, language_of, mail_staff

# Who reads it in the product within this time is spared the mail; what comes in it is one mail.
MAIL_AFTER = timedelta(minutes=2)
EXCERPT = 400  # characters of a note or an answer in a mail
LINES_AT_MOST = 50
PEOPLE_AT_ONCE = 100
REPLY = "feedback.reply_feedback"


def notify(
    feedback: Feedback,
    kind: NoticeKind,
    *,
    by: User | None,
    message: Message | None = None,
    to: Iterable[int] | None = None,
    but: Iterable[int] = (),
    mail_after: datetime | None = None,
    about: Mapping[str, Any] | None = None,
) -> None:
    """Inside another service: tell those who follow the record, or the people `to`, what
    happened; never the one who did it (`by`), nor `but`. How each is told is theirs to choose.
    No mail leaves before `mail_after`. `about`: what the sentence needs (Notification.about)."""
    people = set(through(feedback).told_about(feedback) if to is None else to) - set(but)
    people.discard(by.pk if by else 0)
    if not people:
        return
    gathering = _gathering.get()
    if gathering is not None and message is None:
        for pk in people:
            first, count = gathering.get((kind, pk), (feedback.pk, 0))
            gathering[kind, pk] = (first, count + 1)
        return
    _write(feedback.pk, kind, people, by=by, message=message, mail_after=mail_after, about=about)


def notify_of_page(
    to: Iterable[int],
    kind: NoticeKind,
    *,
    by: User | None,
    page: str,
    title: str,
    text: str = "",
    mail_after: datetime | None = None,
    by_mail: bool = True,
) -> None:
    """Inside another service: tell people of something on a page of the product (`page` is its
    address), which is no record; `text` is what somebody wrote there. No mail leaves before
    `mail_after`, and none at all without `by_mail`, whatever people have chosen."""
    people = set(to) - {by.pk if by else 0}
    if people:
        about = {"page": page, "title": title[:200], "text": text[:EXCERPT]}
        _write(None, kind, people, by=by, mail_after=mail_after, about=about, may_mail=by_mail)


Gathered = dict[tuple[NoticeKind, int], tuple[int, int]]  # kind, person → first record, how many
_gathering: ContextVar[Gathered | None] = ContextVar("gathering", default=None)


@contextmanager
def gathered() -> Iterator[Gathered]:
    """What happens to many records in one go is not told one by one: inside, notifications are
    counted instead of written. `tell_gathered` then tells each person once."""
    found: Gathered = {}
    token = _gathering.set(found)
    try:
        yield found
    finally:
        _gathering.reset(token)


def pass_on(found: Gathered) -> None:
    """Inside `gathered`: what was gathered in an inner one counts here too."""
    outer = _gathering.get()
    if outer is None:
        return
    for key, (first, count) in found.items():
        earlier, so_far = outer.get(key, (first, 0))
        outer[key] = (earlier, so_far + count)


def tell_gathered(found: Gathered, *, by: User | None) -> None:
    """One notification for each kind and person, about the first record and so many more.
    Inside a transaction."""
    firsts = Feedback.objects.filter(pk__in={first for first, _count in found.values()})
    known = set(firsts.values_list("pk", flat=True))
    for (kind, person), (first, count) in found.items():
        if first in known:
            _write(first, kind, {person}, by=by, more=count - 1)


def _write(
    feedback_id: int | None,
    kind: NoticeKind,
    people: set[int],
    *,
    by: User | None,
    message: Message | None = None,
    more: int = 0,
    mail_after: datetime | None = None,
    about: Mapping[str, Any] | None = None,
    may_mail: bool = True,
) -> None:
    now = timezone.now()
    soon = max(now + MAIL_AFTER, mail_after or now)
    chosen = choices_of(people)
    rows = []
    for user_id in sorted(people):
        choice = chosen.get((user_id, kind))
        listed = choice.in_product if choice else True
        mailed = choice.mail if choice else usual_mail(kind)
        mailed = mailed if may_mail else MailWhen.NEVER
        if listed or mailed != MailWhen.NEVER:
            rows.append(
                Notification(
                    user_id=user_id,
                    feedback_id=feedback_id,
                    kind=kind,
                    actor=by,
                    message=message,
                    more=more,
                    about=dict(about or {}),
                    is_listed=listed,
                    created_at=now,
                    mail_after=_mail_at(MailWhen(mailed), soon),
                )
            )
    Notification.objects.bulk_create(rows)
    for row in rows:
        tell_pages("notification", id=row.user_id)


def _mail_at(when: MailWhen, soon: datetime) -> datetime | None:
    """A digest goes when the next day of work begins: what comes in a day is one mail."""
    match when:
        case MailWhen.NEVER:
            return None
        case MailWhen.SOON:
            return soon
        case MailWhen.DIGEST:
            return next_working_day(soon)


@transaction.atomic
def mark_read(user: User, *, feedback_id: int | None = None, page: str = "") -> int:
    """The person knows of everything about one record or one page (whatever place on it), or of
    everything; how many that were."""
    rows = Notification.objects.filter(user=user, read_at=None)
    if feedback_id is not None:
        rows = rows.filter(feedback=feedback_id)
    if page:
        address = page.partition("#")[0]
        rows = rows.filter(
            Q(about__page=address) | Q(about__page__startswith=f"{address}#"), feedback=None
        )
    count = rows.update(read_at=timezone.now())
    if count:
        tell_pages("notification", id=user.pk)
    return count


@transaction.atomic
def choose_notifications(user: User, chosen: Mapping[str, tuple[bool, str]]) -> None:
    """Keep how a person wants to be told: kind → (in the list, MailWhen)."""
    NotificationChoice.objects.bulk_create(
        [
            NotificationChoice(user=user, kind=kind, in_product=listed, mail=when)
            for kind, (listed, when) in chosen.items()
        ],
        update_conflicts=True,
        unique_fields=["user", "kind"],
        update_fields=["in_product", "mail"],
    )


def mail_due_notifications() -> int:
    """One mail to each person for whom something waits; how many mails that were."""
    now = timezone.now()
    waiting = Notification.objects.to_mail(now).order_by().values_list("user", flat=True)
    people = User.objects.filter(pk__in=waiting.distinct()).order_by("pk")[:PEOPLE_AT_ONCE]
    return sum(_mail_to(person, now) for person in people)


@transaction.atomic
def _mail_to(person: User, now: datetime) -> bool:
    rows = list(
        Notification.objects.to_mail(now)
        .filter(user=person)
        .select_for_update(skip_locked=True, of=["self"])
        .select_related("feedback__customer", "actor", "message")
        .order_by("pk")
    )
    Notification.objects.filter(pk__in=[one.pk for one in rows]).update(mailed_at=now)
    seen = _still_visible(person, rows)
    if not seen:
        return False
    record = seen[0].feedback_id
    about_one = len({one.feedback_id for one in seen}) == 1 and record is not None
    with translation.override(language_of(person)):
        subject, text = _letter(seen, cover_in_lists(person))
        if about_one and record is not None and answers_to(record):
            hint = _("Answer this mail to add an internal note.")
            if person.has_perm(REPLY):
                hint = _(
                    "Answer this mail to add an internal note; begin it with #answer to write to "
                    "the customer."
                )
            text = f"{text}\n{hint}"
    mail_staff(
        person,
        feedback_id=record,
        subject=subject,
        text=text,
        dedupe_key=f"notice:{seen[0].pk}",
        can_be_answered=about_one,
    )
    return True


def _still_visible(person: User, rows: list[Notification]) -> list[Notification]:
    """Rights may have changed since it was written."""
    if not person.is_active or not person.has_perm(READ):
        return []
    visible = Feedback.objects.visible_to(person).filter(pk__in={one.feedback_id for one in rows})
    keys = {None, *visible.values_list("pk", flat=True)}
    return [one for one in rows if one.feedback_id in keys]


def _letter(rows: list[Notification], cover: Cover) -> tuple[str, str]:
    record = rows[0].feedback
    if len(rows) == 1 and record is None:
        subject = sentence_of(rows[0])
    elif len(rows) == 1 and rows[0].about and record is not None:
        subject = f"[#{record.number}] {sentence_of(rows[0])}"
    elif record is not None and len({one.feedback_id for one in rows}) == 1:
        subject = f"[#{record.number}] {cover(record.subject)}"
    else:
        count = len(rows)
        subject = ngettext("%(n)s notification", "%(n)s notifications", count) % {"n": count}
    parts = []
    for one in rows[:LINES_AT_MOST]:
        parts.append(sentence_of(one))
        parts.append(cover(one.subject))
        if one.quoted:
            parts.append("> " + cover(one.quoted)[:EXCERPT].replace("\n", "\n> "))
        page = one.feedback.get_absolute_url() if one.feedback is not None else one.url
        parts += [settings.SITE_URL + page, ""]
    if (left := len(rows) - LINES_AT_MOST) > 0:
        further = ngettext("and %(n)d more", "and %(n)d more", left) % {"n": left}
        parts += [further, settings.SITE_URL + "/notifications/", ""]
    choose = settings.SITE_URL + "/notifications/settings/"
    parts.append(labelled(_("What you are told, and how"), choose))
    return subject, "\n".join(parts)
