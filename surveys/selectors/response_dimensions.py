"""Where an answer comes from: what responses can be narrowed, compared and broken down by beside
the answers themselves. One list for the filters of addresses, for comparisons and for cross-tabs,
so that every number of one leads to the list that it counts."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import ContactKind, Tier
from accounts.models import Organisation, Team
from feedback.models import Product
from surveys.enums import CollectorChannel
from surveys.models import Collector

Labels = Callable[[Iterable[Any]], dict[Any, str]]
Read = Callable[[str], Any]


@dataclass(frozen=True, slots=True)
class Dimension:
    """`code` is its name in addresses, `path` leads to it from a response, `labels` names keys
    that stand there, `read` makes such a key of an address (ValueError, LookupError)."""

    code: str
    label: str | Promise
    path: str
    labels: Labels
    read: Read


@dataclass(frozen=True, slots=True)
class Within:
    """A dimension narrowed to one of its values."""

    dimension: Dimension
    key: Any
    label: str


def _of_rows(model: Any) -> Labels:
    return lambda keys: {pk: str(row) for pk, row in model.objects.in_bulk(list(keys)).items()}


def _of_choices(choices: Any) -> Labels:
    words = dict(choices)
    return lambda keys: {key: str(words.get(key, key)) for key in keys}


def _of_collectors(keys: Iterable[Any]) -> dict[Any, str]:
    return {pk: row.name for pk, row in Collector.objects.in_bulk(list(keys)).items()}


def _of_numbers(keys: Iterable[Any]) -> dict[Any, str]:
    return {key: str(key) for key in keys}


def _row(model: Any) -> Read:
    def read(text: str) -> int:
        return int(model.objects.values_list("pk", flat=True).get(pk=whole(text)))

    return read


def _one_of(choices: Any) -> Read:
    known = dict(choices)

    def read(text: str) -> str:
        if text not in known:
            raise LookupError(text)
        return text

    return read


def whole(text: str) -> int:
    """A number of an address: at most nine digits, ValueError for anything else."""
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise ValueError(text)
    return int(text)


def _chosen_from(code: str, label: Any, path: str, choices: Any) -> Dimension:
    return Dimension(code, label, path, _of_choices(choices), _one_of(choices))


DIMENSIONS = {
    one.code: one
    for one in (
        Dimension("collector", _("Way"), "collector", _of_collectors, _row(Collector)),
        _chosen_from(
            "channel", _("Way of the answer"), "collector__channel", CollectorChannel.choices
        ),
        Dimension(
            "wave",
            pgettext_lazy("of invitations", "Wave"),
            "invitation__wave__number",
            _of_numbers,
            whole,
        ),
        _chosen_from("language", _("Language of the answer"), "language", settings.LANGUAGES),
        Dimension("version", _("Version"), "version__number", _of_numbers, whole),
        Dimension("team", _("Team whose work was rated"), "team", _of_rows(Team), _row(Team)),
        Dimension(
            "product",
            _("Product of the rated record"),
            "feedback__product",
            _of_rows(Product),
            _row(Product),
        ),
        _chosen_from(
            "tier", pgettext_lazy("of a customer", "Tier"), "customer__tier", Tier.choices
        ),
        _chosen_from(
            "speaks", _("Language of the customer"), "customer__language", settings.LANGUAGES
        ),
        _chosen_from(
            "reached_by",
            _("How the customer likes to be reached"),
            "customer__preferred_channel",
            ContactKind.choices,
        ),
        Dimension(
            "organisation",
            _("Organisation of the customer"),
            "customer__organisation",
            _of_rows(Organisation),
            _row(Organisation),
        ),
    )
}
# Read and named by the list of responses itself, as it always was.
OF_THE_LIST = frozenset({"collector", "wave", "language", "version", "team"})
FILTERED = tuple(code for code in DIMENSIONS if code not in OF_THE_LIST)
