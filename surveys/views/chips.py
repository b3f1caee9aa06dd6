"""Filters that are on, as chips with a cross."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from config.kernel.conditions.sentences import sentence
from config.kernel.http import without_parameter
from feedback.selectors.queue_filters import FILTERS
from surveys.selectors.response_dimensions import DIMENSIONS
from surveys.selectors.response_list import AS_IN_QUEUE, Chosen


def chips_of(request: HttpRequest, chosen: Chosen) -> list[dict[str, str]]:
    """One for each filter; its cross leads to the same page without it."""
    here = without_parameter(request.get_full_path(), "page")
    chips = []
    if chosen.condition is not None:
        chips.append(
            {
                "name": _("Condition"),
                "value": sentence(chosen.condition),
                "remove_url": without_parameter(here, "condition"),
            }
        )
    if chosen.question is not None:
        chips.append(
            {
                "name": chosen.question.text,
                "value": chosen.value_label,
                "remove_url": without_parameter(without_parameter(here, "question"), "value"),
            }
        )
    if chosen.collector is not None:
        chips.append(
            {
                "name": "",
                "value": chosen.collector.name,
                "remove_url": without_parameter(here, "collector"),
            }
        )
    chips += [
        {
            "name": one.question.text,
            "value": one.label,
            "remove_url": _without_pair(here, "answer", one.text),
        }
        for one in chosen.given
    ]
    if chosen.language:
        chips.append(
            {
                "name": str(DIMENSIONS["language"].label),
                "value": str(dict(settings.LANGUAGES)[chosen.language]),
                "remove_url": without_parameter(here, "language"),
            }
        )
    if chosen.wave is not None:
        chips.append(
            {
                "name": str(DIMENSIONS["wave"].label),
                "value": str(chosen.wave),
                "remove_url": without_parameter(here, "wave"),
            }
        )
    chips += [
        {
            "name": str(one.dimension.label),
            "value": one.label,
            "remove_url": without_parameter(here, one.dimension.code),
        }
        for one in chosen.within
    ]
    if chosen.imported is not None:
        words = {True: _("Imported ones"), False: _("Without imported ones")}
        one = chosen.imported
        chips.append(
            {
                "name": "" if isinstance(one, bool) else pgettext("how answers came", "Import"),
                "value": words[one] if isinstance(one, bool) else one.name,
                "remove_url": without_parameter(here, "imported"),
            }
        )
    if chosen.version is not None:
        chips.append(
            {
                "name": str(DIMENSIONS["version"].label),
                "value": str(chosen.version),
                "remove_url": without_parameter(here, "version"),
            }
        )
    chips += [
        {
            "name": _name_of(name),
            "value": str(value.words),
            "remove_url": without_parameter(here, name),
        }
        for name, value in chosen.others.items()
    ]
    return chips


def _name_of(name: str) -> str:
    known = DIMENSIONS.get(name, FILTERS[AS_IN_QUEUE[name]])
    return str(known.label)


def _without_pair(url: str, name: str, value: str) -> str:
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [pair for pair in pairs if pair != (name, value)]
    return urlunsplit(parts._replace(query=urlencode(kept)))
