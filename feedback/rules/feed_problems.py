"""Why a holiday feed could not be taken over: codes that are stored, and their sentences. Pure."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from config.kernel.fetching.errors import SENTENCES, Problem

_ICAL: dict[str, Any] = {
    "size": _("This file is too big."),
    "format": _("This is not an iCalendar file."),
    "empty": _("There is no special day of the coming years in this file."),
    "timed": _("All events of this file have a time of the day: they are no holidays."),
}
UNUSABLE = "unusable"
_STATUS = "http_"


def problem_of_status(status: int) -> str:
    return f"{_STATUS}{status}"


def problem_of_file(reason: str) -> str:
    """`reason`: what NotACalendar says."""
    return f"file_{reason}"


def problem_in_words(code: str) -> str:
    """A sentence for a stored code; empty for none."""
    if not code:
        return ""
    if code.startswith("file_"):
        return file_refused(code.removeprefix("file_"))
    if code == UNUSABLE:
        return str(_("With its days off nothing would ever be due."))
    if code.startswith(_STATUS):
        status = code.removeprefix(_STATUS)
        if status in {"301", "302", "307", "308"}:
            words = _("The address leads elsewhere (%(status)s). Enter the one it leads to.")
        else:
            words = _("The machine answered with %(status)s.")
        return str(words % {"status": status})
    return str(SENTENCES[Problem(code)])


def file_refused(reason: str) -> str:
    return str(_ICAL[reason])


def left_out_in_words(timed: int) -> str:
    """Why some events were not taken over."""
    words = ngettext(
        "%(n)d event was left out: it has a time of the day, so it is no holiday.",
        "%(n)d events were left out: they have a time of the day, so they are no holidays.",
        timed,
    )
    return words % {"n": timed}
