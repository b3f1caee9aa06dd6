"""Everything that happened with one person, or with everybody of an organisation, over all
channels in one order of time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Consent, CustomerNote
from accounts.selectors.personal_data import Cover, cover_in_lists
from config.kernel.kept import settings_at, settings_stamp
from config.kernel.punctuation import labelled
from feedback.enums import Channel, Direction
from feedback.models import Feedback, Message, Task
from feedback.selectors.sentences.words import task_words

AT_ONCE = 30
TEXT_SHOWN = 240


@dataclass(frozen=True, slots=True)
class Happened:
    """One moment: when, a sign, what in words, what was said, and where to read on."""

    at: datetime
    icon: str
    title: str
    text: str = ""
    url: str = ""
    more: str = ""
    channel: str = ""
    customer_id: int | None = None
    note_id: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose story, who reads it, and how far back: at most `limit` moments before `before`."""

    customer_ids: Sequence[int]
    user: Any
    before: datetime | None = None
    limit: int = AT_ONCE

    def newest(self, rows: Any, at: str) -> Any:
        """The newest rows that can be among the answers."""
        if self.before is not None:
            rows = rows.filter(**{f"{at}__lt": self.before})
        return rows.order_by(f"-{at}", "-pk")[: self.limit + 1]


Source = Callable[[Asked], Iterable[Happened]]
_sources: list[Source] = []


def register_story(source: Source) -> Source:
    """For apps above: `source(asked)` names what they know, in a fixed number of queries and
    only what `asked.user` may see."""
    if source not in _sources:
        _sources.append(source)
    return source


@dataclass(frozen=True, slots=True)
class Story:
    """The newest first; `older` is the moment from which on there is more, if there is."""

    moments: Sequence[Happened] = field(default_factory=tuple)
    older: datetime | None = None


def story_of_customers(
    customer_ids: Sequence[int],
    user: Any,
    *,
    before: datetime | None = None,
    limit: int = AT_ONCE,
) -> Story:
    """Records, messages, tasks, notes, consents, and what apps above add; newest first.
    Personal data is covered in what people wrote, as in lists."""
    asked = Asked(customer_ids, user, before, limit)
    found = [moment for source in _sources for moment in source(asked)]
    found.sort(key=lambda one: one.at, reverse=True)
    more = len(found) > limit
    return Story(found[:limit], found[limit - 1].at if more else None)


def _visible(asked: Asked) -> Any:
    return Feedback.objects.visible_to(asked.user).filter(customer__in=asked.customer_ids)


def covered_for(asked: Asked, row: Any) -> Cover:
    """By the stamp that was read with the row: no statement of its own."""
    with settings_at(row.settings_stamp):
        return cover_in_lists(asked.user)


@register_story
def records(asked: Asked) -> Iterable[Happened]:
    rows = _visible(asked).real().select_related("status", "customer")
    rows = rows.annotate(settings_stamp=settings_stamp())
    for one in asked.newest(rows, "received_at"):
        yield Happened(
            at=one.received_at,
            icon="inbox",
            channel=one.channel,
            title=f"#{one.number} {covered_for(asked, one)(one.subject)}",
            url=one.get_absolute_url(),
            more=f"{Channel(one.channel).label} · {one.status.name}",
            customer_id=one.customer_id,
        )


@register_story
def messages(asked: Asked) -> Iterable[Happened]:
    """What was said, in either direction or among colleagues."""
    visible = _visible(asked).real().order_by()
    rows = Message.objects.filter(feedback__in=visible.values("pk"), is_recalled=False)
    rows = rows.exclude(Q(direction=Direction.IN) & Q(is_automatic=True))
    rows = rows.select_related("feedback", "author").annotate(settings_stamp=settings_stamp())
    for one in asked.newest(rows, "created_at"):
        if one.direction == Direction.IN:
            title = _("Wrote about #%(n)s") % {"n": one.feedback.number}
        elif one.direction == Direction.NOTE:
            title = _("Note on #%(n)s") % {"n": one.feedback.number}
        else:
            title = _("We answered #%(n)s") % {"n": one.feedback.number}
        icon = "sticky-note" if one.direction == Direction.NOTE else "message-square"
        yield Happened(
            at=one.created_at,
            icon="reply" if one.direction == Direction.OUT else icon,
            title=title,
            text=covered_for(asked, one)(one.text[: TEXT_SHOWN + 100])[:TEXT_SHOWN],
            url=one.feedback.get_absolute_url(),
            more=one.author_name if one.direction != Direction.IN else "",
            customer_id=one.feedback.customer_id,
        )


@register_story
def tasks(asked: Asked) -> Iterable[Happened]:
    rows = Task.objects.filter(feedback__in=_visible(asked).order_by().values("pk"))
    for one in asked.newest(rows.select_related("feedback", "assignee"), "created_at"):
        done = _("done") if one.done_at else _("to do")
        yield Happened(
            at=one.created_at,
            icon="phone-call",
            title=task_words(one.kind, one.reason),
            text=one.outcome[:TEXT_SHOWN],
            url=reverse("feedback:task", args=[one.pk]),
            more=labelled(done, one.assignee.name) if one.assignee else str(done),
            customer_id=one.feedback.customer_id,
        )


@register_story
def notes(asked: Asked) -> Iterable[Happened]:
    rows = CustomerNote.objects.filter(customer__in=asked.customer_ids)
    for one in asked.newest(rows, "created_at"):
        yield Happened(
            at=one.created_at,
            icon="notebook-pen",
            title=_("Note on the customer"),
            text=one.text,
            more=one.author_name,
            customer_id=one.customer_id,
            note_id=one.pk if one.author_id == asked.user.pk else None,
        )


@register_story
def consents(asked: Asked) -> Iterable[Happened]:
    rows = Consent.objects.filter(customer__in=asked.customer_ids).select_related("recorded_by")
    for one in asked.newest(rows, "at"):
        words = _("Agreed: %(what)s") if one.given else _("Withdrew: %(what)s")
        yield Happened(
            at=one.at,
            icon="handshake" if one.given else "ban",
            title=words % {"what": one.get_purpose_display()},
            more=str(one.recorded_by or one.get_channel_display()),
            customer_id=one.customer_id,
        )
