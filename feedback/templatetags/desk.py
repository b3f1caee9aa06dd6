"""Words and colours of records: {% load desk %}."""

from typing import Any
from urllib.parse import urlencode

from django import template

from feedback.enums import Channel, Priority, State
from feedback.models import Feedback
from feedback.selectors.queue import QueueState

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
_PRIORITY_TONES = {
    Priority.LOW: "gray",
    Priority.NORMAL: "gray",
    Priority.HIGH: "amber",
    Priority.URGENT: "red",
}


@register.filter
def channel_icon(channel: str) -> str:
    return _CHANNEL_ICONS.get(Channel(channel), "inbox")


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
def record_link(feedback: Feedback, state: QueueState, at: int) -> str:
    """The record's page, which then knows the list it was opened from and its place there."""
    asked = urlencode({"list": state.query, "at": at})
    return f"{feedback.get_absolute_url()}?{asked}"


@register.filter
def plus(number: int, other: Any) -> int:
    return number + int(other)
