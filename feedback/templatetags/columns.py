"""Rows of records, drawn cell by cell: {% load columns %}.

In Python and not in a template: a row has as many cells as somebody chose, and twenty-five rows
must not cost more than reading them from the database.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext, pgettext

from accounts.selectors.personal_data import NOTHING_COVERED, Cover
from config.kernel.punctuation import labelled, listed
from config.kernel.templatetags.parts import moment, part
from config.kernel.templatetags.ui import icon
from feedback.enums import NegativePointKind
from feedback.models import Feedback
from feedback.selectors.columns import ALWAYS, Column
from feedback.templatetags.desk import customer_wrote_last, promise_due

register = template.Library()

_UNREAD = ' class="row-unread"'
_NONE = '<span class="soft">–</span>'


@dataclass(slots=True)
class Look:
    """What all the rows of one list have in common. `in_list`: the query by which a record that
    is opened remembers the list."""

    columns: Sequence[Column]
    now: datetime
    in_list: str = ""
    may_change: bool = False
    cover: Cover = NOTHING_COVERED
    words: dict[str, str] = field(default_factory=dict)
    # In columns of their own, so not beside the subject.
    names_customer: bool = False
    says_until: bool = False
    today: date = field(init=False)

    def __post_init__(self) -> None:
        self.names_customer = any(column.name == "customer" for column in self.columns)
        self.says_until = any(column.name == "snoozed_until" for column in self.columns)
        self.today = timezone.localdate(self.now, timezone.get_default_timezone())
        self.words = {
            "select": escape(gettext("Select")),
            "wrote": escape(gettext("The customer wrote last")),
            "nobody": escape(gettext("Nobody")),
            "key": escape(gettext("Key customer")),
            "snoozed": escape(gettext("Snoozed until")),
            "promised": escape(gettext("Promised for")),
            "overdue": escape(gettext("overdue")),
        }


@register.simple_tag
def record_row(feedback: Feedback, look: Look, at: int) -> SafeString:
    """The <tr> of one record; `at` is its place in the whole list, from 1. Everything that
    comes from people is escaped where its cell is drawn."""
    wrote = customer_wrote_last(feedback)
    cells = [
        f'<tr data-row="{feedback.pk}"{_UNREAD if wrote else ""}>',
        _check(feedback, look) if look.may_change else "",
    ]
    for column in look.columns:
        draw = _CELLS.get(column.name)
        if draw is not None:
            cells.append(draw(feedback, look, at))
        else:
            cells.append(_cell(column, feedback, look.cover))
    cells.append("</tr>")
    return mark_safe("".join(cells))  # noqa: S308 - each cell was escaped


@register.simple_tag
def column_cell(column: Column, row: Any) -> SafeString:
    """The <td> of a column that has no look of its own, for lists of anything."""
    return mark_safe(_cell(column, row))  # noqa: S308 - escaped there


@register.filter
def column_words(value: Any) -> str:
    """A value of a column for people to read; empty for nothing."""
    if value is None or (isinstance(value, str | list) and not value):
        return ""
    if isinstance(value, bool):
        return gettext("yes") if value else gettext("no")
    if isinstance(value, list | tuple | set):
        return listed(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return date_format(value, "SHORT_DATE_FORMAT")
    return str(value)


@register.filter
def printed(value: Any) -> str:
    """The same on paper, where nothing is relative: moments in full."""
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    return column_words(value)


def _cell(column: Column, row: Any, cover: Cover = NOTHING_COVERED) -> str:
    value = cover.value(column.value(row)) if column.is_written else column.value(row)
    label = escape(str(column.label))
    if isinstance(value, datetime):
        shown: str = moment(value)
    else:
        shown = escape(column_words(value)) or _NONE
    css = f"row-extra {column.css}".strip()
    return f'<td class="{css}" data-label="{label}"><span>{shown}</span></td>'


def _check(feedback: Feedback, look: Look) -> str:
    return (
        f'<td class="row-check"><input type="checkbox" name="id" value="{feedback.pk}" '
        f'data-row-check aria-label="{look.words["select"]} #{feedback.number}"></td>'
    )


def _due(feedback: Feedback, look: Look, _at: int) -> str:
    row: Any = feedback
    drawn = promise_due(feedback.reply_due_at, row.due_warn_at, row.due_metric, look.now)
    return f'<td class="row-due">{drawn}</td>'


def _number(feedback: Feedback, _look: Look, _at: int) -> str:
    return f'<td class="row-number">#{feedback.number}</td>'


def _subject(feedback: Feedback, look: Look, at: int) -> str:
    wrote = look.words["wrote"]
    dot = f'<span class="row-dot" title="{wrote}"></span>' if customer_wrote_last(feedback) else ""
    if dot:
        dot += f'<span class="visually-hidden">{wrote}</span>'
    asked = f"?{escape(look.in_list)}&amp;at={at}" if look.in_list else ""
    who = "" if look.names_customer else _who(feedback, look)
    subject = escape(look.cover(feedback.subject))
    flag = part("feedback/_priority_mark.html", priority=feedback.priority).strip()
    return (
        f'<td class="row-main"><div class="row-subject">{dot}'
        f'<a class="row-link" href="{feedback.get_absolute_url()}{asked}">'
        f"{subject}</a> {flag}{_snoozed(feedback, look)}{_missing(feedback)}"
        f'<span id="here-{feedback.pk}" class="row-here"></span>'
        f'<span class="row-more">{who}</span></div></td>'
    )


def _missing(feedback: Feedback) -> str:
    """In the list of negative feedback: the points that are not done yet."""
    kinds: list[str] = getattr(feedback, "points_left", [])
    if not kinds:
        return ""
    names = listed(NegativePointKind(kind).label for kind in kinds)
    words = labelled(pgettext("points of negative feedback", "missing"), names)
    return f' <span class="soft">{escape(words)}</span>'


def _snoozed(feedback: Feedback, look: Look) -> str:
    if feedback.snoozed_until is None or look.says_until:
        return ""
    words, mark = look.words["snoozed"], icon("alarm-clock", size=13)
    until = printed(feedback.snoozed_until)
    return (
        f'<span class="row-snoozed" title="{words}">{mark}'
        f'<span class="visually-hidden">{words}</span> {until}</span>'
    )


def _snoozed_until(feedback: Feedback, look: Look, _at: int) -> str:
    """The moment itself: whoever reads the list of what sleeps plans by it."""
    until = escape(printed(feedback.snoozed_until)) or _NONE
    return (
        f'<td class="row-extra nowrap" data-label="{look.words["snoozed"]}">'
        f"<span>{until}</span></td>"
    )


def _promised(feedback: Feedback, look: Look, _at: int) -> str:
    """Red, and said in words, once the day has passed while the record is open."""
    day = feedback.promised_on
    shown = escape(column_words(day)) or _NONE
    if day is not None and day < look.today and feedback.is_open:
        mark, words = icon("calendar-x", size=14), look.words["overdue"]
        shown = (
            f'<span class="due tone-red" title="{words}">{mark}'
            f'<span class="visually-hidden">{words}</span> {shown}</span>'
        )
    return (
        f'<td class="row-extra nowrap" data-label="{look.words["promised"]}">'
        f"<span>{shown}</span></td>"
    )


def _who(feedback: Feedback, look: Look) -> str:
    customer = feedback.customer
    if customer.tier != "key":
        return str(escape(str(customer)))
    crown, key = icon("crown", size=13), look.words["key"]
    return f'{escape(str(customer))} <span class="key-mark" title="{key}">{crown}</span>'


def _customer(feedback: Feedback, look: Look, _at: int) -> str:
    label = escape(gettext("Customer"))
    return f'<td class="row-extra" data-label="{label}"><span>{_who(feedback, look)}</span></td>'


def _category(feedback: Feedback, _look: Look, _at: int) -> str:
    name = escape(feedback.category.name) if feedback.category else _NONE
    return f'<td class="row-category on-desk">{name}</td>'


def _status(feedback: Feedback, _look: Look, _at: int) -> str:
    dot = part("feedback/_status_dot.html", text=feedback.status.name, state=feedback.state)
    return f"<td>{dot.strip()}</td>"


def _received(feedback: Feedback, _look: Look, _at: int) -> str:
    channel = part("feedback/_row_channel.html", channel=feedback.channel).strip()
    return f'<td class="row-came">{channel}{moment(feedback.received_at)}</td>'


def _assignee(feedback: Feedback, look: Look, _at: int) -> str:
    who = feedback.assignee
    if who is None:
        nobody = look.words["nobody"]
        return f'<td class="row-who"><span class="avatar-none" title="{nobody}"></span></td>'
    disc = part("components/avatar.html", name=who.name, initials=who.initials, size="s").strip()
    return (
        f'<td class="row-who">{disc}<span class="visually-hidden">{escape(who.name)}</span></td>'
    )


_CELLS: dict[str, Callable[[Feedback, Look, int], str]] = {
    "due": _due,
    "number": _number,
    ALWAYS: _subject,
    "customer": _customer,
    "category": _category,
    "status": _status,
    "received": _received,
    "promised": _promised,
    "snoozed_until": _snoozed_until,
    "assignee": _assignee,
}
