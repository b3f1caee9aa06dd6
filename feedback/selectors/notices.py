"""Notifications in words, in the reader's language."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from config.kernel.punctuation import with_aside
from feedback.enums import Metric, NoticeKind
from feedback.models import Notification

_SENTENCES: dict[NoticeKind, Callable[[], str]] = {
    NoticeKind.MENTIONED: lambda: _("%(who)s mentioned you in a note"),
    NoticeKind.ASSIGNED: lambda: _("%(who)s gave you a record"),
    NoticeKind.CUSTOMER_WROTE: lambda: _("%(who)s wrote"),
    NoticeKind.ANSWERED: lambda: _("%(who)s answered the customer"),
    NoticeKind.NOTED: lambda: _("%(who)s added a note"),
    NoticeKind.RESOLVED: lambda: _("%(who)s resolved it"),
    NoticeKind.REOPENED: lambda: _("%(who)s opened it again"),
    NoticeKind.HELD: lambda: _("%(who)s held back your scheduled answer"),
    NoticeKind.COMMITMENT: lambda: _("A commitment is overdue"),
    NoticeKind.NEGATIVE: lambda: _("Negative feedback came in"),
    NoticeKind.APPROVAL: lambda: _("%(who)s asks you to approve a compensation"),
    NoticeKind.WOKE: lambda: _("It was snoozed; its time has come"),
    NoticeKind.RULE: lambda: _("A rule wants you to look at it"),
    NoticeKind.DUE: lambda: _("Due soon: %(promise)s by %(due)s"),
    NoticeKind.MISSED: lambda: _("Overdue: %(promise)s was promised by %(due)s"),
    NoticeKind.ESCALATED: lambda: _("Escalated to you: %(promise)s, promised by %(due)s"),
    NoticeKind.BOUNCED: lambda: _("A mail to the customer came back: it did not arrive"),
    NoticeKind.DRIFT: lambda: _("Texts have changed: let the machine learn again"),
    NoticeKind.MEASURE: lambda: _("%(who)s gave you a measure"),
    NoticeKind.MEASURE_DUE: lambda: _("A measure of yours is due"),
    NoticeKind.REPORT: lambda: _("A report wants you to look at it"),
    NoticeKind.EFFECT_DUE: lambda: _("Measure whether a measure of yours works"),
    NoticeKind.THANKED: lambda: _("%(who)s thanks you"),
    NoticeKind.SUGGESTION: lambda: _("News of a suggestion of yours"),
    NoticeKind.ALERT: lambda: _("Something is out of the ordinary"),
}
ICONS = {
    NoticeKind.MENTIONED: "at-sign",
    NoticeKind.ASSIGNED: "user-round-check",
    NoticeKind.CUSTOMER_WROTE: "message-square",
    NoticeKind.ANSWERED: "reply",
    NoticeKind.NOTED: "sticky-note",
    NoticeKind.RESOLVED: "circle-check",
    NoticeKind.REOPENED: "rotate-ccw",
    NoticeKind.HELD: "pause",
    NoticeKind.COMMITMENT: "calendar-x",
    NoticeKind.APPROVAL: "badge-check",
    NoticeKind.NEGATIVE: "frown",
    NoticeKind.WOKE: "alarm-clock",
    NoticeKind.RULE: "zap",
    NoticeKind.DUE: "alarm-clock",
    NoticeKind.MISSED: "alarm-clock-off",
    NoticeKind.ESCALATED: "megaphone",
    NoticeKind.BOUNCED: "mail-x",
    NoticeKind.DRIFT: "graduation-cap",
    NoticeKind.MEASURE: "wrench",
    NoticeKind.MEASURE_DUE: "calendar-x",
    NoticeKind.REPORT: "file-text",
    NoticeKind.EFFECT_DUE: "chart-line",
    NoticeKind.THANKED: "heart",
    NoticeKind.SUGGESTION: "lightbulb",
    NoticeKind.ALERT: "siren",
}


def sentence_of(notice: Notification, *, names_customers: bool = True) -> str:
    """What happened and who did it; needs feedback.customer and actor."""
    words = _words_for(notice) % {
        "who": _who(notice, names_customers=names_customers),
        **_promise(notice.about),
    }
    if not notice.more:
        return words
    further = ngettext("and %(n)d more record", "and %(n)d more records", notice.more)
    return with_aside(words, further % {"n": notice.more})


def _words_for(notice: Notification) -> str:
    if notice.kind == NoticeKind.BOUNCED and notice.about.get("failed"):
        return _("A mail to the customer could not be sent")
    if notice.kind == NoticeKind.MENTIONED and notice.feedback_id is None:
        return _("%(who)s mentioned you in a comment")
    return _SENTENCES[NoticeKind(notice.kind)]()


def _promise(about: Mapping[str, str]) -> dict[str, str]:
    """Which promise it is about, and by when it was promised when this was written."""
    if "metric" not in about:
        return {}
    due = localtime(datetime.fromisoformat(about["due"]))
    return {
        "promise": str(Metric(about["metric"]).label),
        "due": date_format(due, "SHORT_DATETIME_FORMAT"),
    }


def _who(notice: Notification, *, names_customers: bool) -> str:
    if notice.actor is not None:
        return str(notice.actor)
    if notice.about.get("third_party"):
        return _("Somebody who is not the customer")
    if notice.kind == NoticeKind.CUSTOMER_WROTE and notice.feedback is not None:
        return str(notice.feedback.customer) if names_customers else _("The customer")
    return _("The system")
