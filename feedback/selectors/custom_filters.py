"""Custom fields as filters of the queue: those of a record as `field.colour`, those of its
customer as `customer.field.size`."""

from django.utils.functional import lazystr

from accounts.selectors.custom_filters import FieldFilter, find_field_filter
from feedback.selectors.custom_columns import PLACES
from feedback.selectors.queue_filters import Filter, Value, register_filter_source


def filter_of_field(name: str) -> Filter | None:
    """The filter that is called so, for fields in use and archived ones; None for none."""
    found = find_field_filter(name, PLACES)
    return None if found is None else _filter(found)


def _filter(found: FieldFilter) -> Filter:
    return Filter(
        lazystr(found),
        lambda text, _user: Value(*found.read(text)),
        found.q,
        many=found.many,
    )


def register_custom_filters() -> None:
    for where in PLACES:
        register_filter_source(where.prefix, filter_of_field)
