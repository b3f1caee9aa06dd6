"""Words and colours of records: {% load desk %}."""

import re
from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.conf import settings
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, urlize
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, ngettext, pgettext

from accounts.models import Customer
from config.kernel.punctuation import labelled, with_aside
from config.kernel.templatetags.parts import in_full
from config.kernel.templatetags.ui import due_words, icon
from feedback.enums import Channel, Metric, Priority, QualityReason, State
from feedback.models import Commitment, Feedback, FeedbackQuality, Status, Task
from feedback.rules.quality import REASONS
from feedback.rules.working_hours import spans_in_words
from feedback.selectors.queue import queue_url
from feedback.selectors.sentences.words import task_words

register = template.Library()

_CHANNEL_ICONS = {
    Channel.WEB_FORM: "globe",
    Channel.EMAIL: "mail",
    Channel.PHONE: "phone",
    Channel.API: "code",
    Channel.SURVEY: "clipboard-list",
    Channel.WECHAT: "message-circle",
    Channel.WEIBO: "at-sign",
    Channel.FACEBOOK: "thumbs-up",
    Channel.CHAT: "messages-square",
    Channel.PAPER: "file-text",
    Channel.VISIT: "map-pin",
}
_STATE_TONES = {
    State.NEW: "blue",
    State.OPEN: "brand",
    State.WAITING_CUSTOMER: "amber",
    State.WAITING_THIRD: "amber",
    State.RESOLVED: "green",
    State.CLOSED: "gray",
    State.MERGED: "gray",
    State.SPAM: "red",
}
# CJK punctuation and the full-width forms of ASCII's.
_FULL_WIDTH_MARKS = re.compile(
    "([\u3001-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+)"
)
_PRIORITY_TONES = {
    Priority.LOW: "gray",
    Priority.NORMAL: "gray",
    Priority.HIGH: "amber",
    Priority.URGENT: "red",
}


@register.filter
def with_mentions(shown: Any) -> SafeString:
    """The text of a note with everybody it mentions marked, and its links as links."""
    handles = sorted((one["as"] for one in shown.message.mentions), key=len, reverse=True)
    pattern = re.compile("(@(?:" + "|".join(map(re.escape, handles)) + "))", re.IGNORECASE)
    parts = [
        format_html('<span class="mention">{}</span>', part) if n % 2 else linked(part)
        for n, part in enumerate(pattern.split(shown.text))
    ]
    return mark_safe("".join(parts))  # noqa: S308 - each part was escaped above


@register.filter
def linked(text: str) -> SafeString:
    """`urlize`, for Chinese texts too: an address ends at a full-width mark, for no space follows
    it there."""
    parts = (urlize(part, autoescape=True) for part in _FULL_WIDTH_MARKS.split(text))
    return mark_safe("".join(parts))  # noqa: S308 - urlize escaped each part


@register.filter
def channel_icon(channel: str) -> str:
    return _CHANNEL_ICONS.get(Channel(channel), "inbox")


# The labels of enums: get_x_display makes a dictionary of all choices each time it is called.
@register.filter
def channel_name(channel: str) -> str:
    return str(Channel(channel).label)


@register.filter
def priority_name(priority: int) -> str:
    return str(Priority(priority).label)


@register.filter
def state_tone(state: str) -> str:
    return _STATE_TONES[State(state)]


@register.filter
def is_waiting(state: str) -> bool:
    """Waiting for somebody else: drawn with a hollow dot."""
    return state in {State.WAITING_CUSTOMER, State.WAITING_THIRD}


@register.filter
def priority_tone(priority: int) -> str:
    return _PRIORITY_TONES[Priority(priority)]


@register.filter
def stands_out(priority: int) -> bool:
    """High and urgent are worth a coloured mark; the others are not."""
    return priority >= Priority.HIGH


@register.filter
def customer_wrote_last(feedback: Feedback) -> bool:
    """An open record in which nobody has answered the customer's newest message."""
    theirs, ours = feedback.last_customer_message_at, feedback.last_staff_message_at
    return feedback.is_open and theirs is not None and (ours is None or theirs > ours)


@register.simple_tag
def customer_queue(customer: Customer) -> str:
    """The list of everything this customer told us."""
    return queue_url(view="all", customer=customer)


@register.simple_tag
def queue_of_status(status: Status) -> str:
    """The list of the records that have it now."""
    hidden = status.state in {State.SPAM, State.MERGED}
    return queue_url(view="spam" if hidden else "all", status=status)


@register.filter
def plus(number: int, other: Any) -> int:
    return number + int(other)


@register.filter
def day_words(day: date) -> str:
    """Today, Yesterday, else the date with its weekday."""
    today = timezone.localdate()
    if day == today:
        return gettext("Today")
    if day == today - timedelta(days=1):
        return gettext("Yesterday")
    # Translators: a format of Django's date filter: weekday, day, month, year.
    return date_format(day, pgettext("format of a day", "l, j M Y"))


@register.filter
def score_tone(score: int) -> str:
    """Of five stars: 1 and 2 red, 3 amber, 4 and 5 green."""
    return "red" if score <= 2 else "amber" if score == 3 else "green"


@register.filter
def promise_name(metric: str) -> str:
    return str(Metric(metric).label)


@register.filter
def hours_words(seconds: int) -> str:
    """A promised time: "24 hours", "90 minutes". Never days: a working day has no 24 hours."""
    if seconds % 3600:
        minutes = max(1, round(seconds / 60))
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = seconds // 3600
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


@register.filter
def span_words(spans: Any) -> str:
    """[[540, 720]] → 09:00-12:00"""
    return spans_in_words(spans)


_DUE = {
    # tone and icon
    "breached": ("red", "alarm-clock-off"),
    "warned": ("amber", "alarm-clock"),
    "running": ("gray", "clock"),
}


@register.simple_tag
def promise_due(
    at: datetime | None, warn_at: datetime | None, metric: str | None, now: datetime | None = None
) -> str:
    """What is promised first and how urgent that is, as {% due %} draws it; "paused" when there
    is something but time does not count; nothing when nothing is promised."""
    promise = promise_name(metric) if metric else ""
    if at is None:
        if not promise:
            return ""
        mark = icon("circle-pause", size=14)
        words = gettext("paused")
        return format_html(
            '<span class="due tone-gray" title="{}">{}{}</span>', promise, mark, words
        )
    now = now or timezone.now()
    tone, name = _DUE[_due_state(at, warn_at, now)]
    local = timezone.localtime(at)
    title = labelled(promise, in_full(local)) if promise else in_full(local)
    return format_html(
        '<time class="due tone-{}" datetime="{}" title="{}">{}{}</time>',
        tone,
        local.isoformat(),
        title,
        icon(name, size=14),
        due_words(at, now),
    )


def _due_state(at: datetime, warn_at: datetime | None, now: datetime) -> str:
    if at <= now:
        return "breached"
    return "warned" if warn_at is not None and warn_at <= now else "running"


@register.filter
def task_title(task: Task) -> str:
    return task.title or task_words(task.kind, task.reason)


@register.filter
def first_contact(customer: Customer) -> str:
    """The phone number to call, else whatever is known. Uses prefetched contact points."""
    points = sorted(customer.contact_points.all(), key=lambda one: one.kind != "phone")
    return points[0].value if points else "–"


@register.filter
def quality_sides(quality: FeedbackQuality) -> list[dict[str, Any]]:
    """The four sides of a record's quality with their score and the reasons for it."""
    names = {
        "targeted": pgettext("quality", "Targeted"),
        "authentic": pgettext("quality", "Authentic"),
        "specific": pgettext("quality", "Specific"),
        "timely": pgettext("quality", "Timely"),
    }
    return [
        {
            "label": label,
            "score": getattr(quality, side),
            "reasons": [
                {"label": QualityReason(code).label, "points": f"{REASONS[code][1]:+d}"}
                for code in quality.reasons
                if code in REASONS and REASONS[code][0] == side
            ],
        }
        for side, label in names.items()
    ]


@register.filter
def compensation(commitment: Commitment) -> str:
    """What is offered and what it is worth: "a new filter (120.00 CNY)"."""
    amount = "" if commitment.amount is None else f"{commitment.amount:,.2f} {settings.CURRENCY}"
    return with_aside(commitment.goods, amount) if commitment.goods else amount
