"""What a program without `customers:read` may not ask of lists of records: its customers, by
filters, conditions, orders and columns. The names are looked at before what they mean is looked
up, so that a refusal tells nothing."""

from collections.abc import Iterable
from urllib.parse import parse_qs

from rest_framework import serializers
from rest_framework.request import Request

from accounts.access import SignedInApiRequest
from accounts.api.permissions import may_see_customers, needs_a_scope
from accounts.enums import Scope
from accounts.models import ApiToken
from config.kernel.conditions.names import names_in_tree
from config.kernel.conditions.vocabulary import beginnings
from config.kernel.numbers import row_id
from feedback.models import SavedView

# `customer` alone, as a filter, is a number that every program is told.
_FILTERS = frozenset({"tier"})
_COLUMNS = frozenset({"customer", "tier", "organisation"})


def is_filter_of_customers(name: str) -> bool:
    return name in _FILTERS or "customer" in beginnings(name)


def is_filter_of_answers(name: str) -> bool:
    """What somebody answered in a survey (surveys.selectors.record_answers)."""
    return name.startswith("customer.answer.")


def lacks_scope_for(name: str, request: Request) -> str:
    """What the scope is about that the caller needs to filter by this and has not; empty: none."""
    if is_filter_of_customers(name) and not may_see_customers(request):
        return "customer"
    token = request.auth
    if is_filter_of_answers(name) and isinstance(token, ApiToken):
        return "" if Scope.SURVEYS_READ in token.scopes else "survey"
    return ""


def is_column_of_customers(name: str) -> bool:
    """Also of an order, which is a column with a direction."""
    return name.partition(".")[0] in _COLUMNS


def asks_about_customers(view: SavedView) -> bool:
    """Whether what a saved view shows, or its order, tells something of customers."""
    return (
        any(is_filter_of_customers(name) for name in view.filters)
        or any("customer" in beginnings(name) for name in names_in_tree(view.condition))
        or is_column_of_customers(view.sort)
    )


def ensure_list_may_be_asked(query: str, request: SignedInApiRequest) -> None:
    """For the query of a list of the desk. Raises ValidationError."""
    try:
        params = parse_qs(query, max_num_fields=100)
    except ValueError:
        return  # whoever reads it refuses it
    for scope in filter(None, (lacks_scope_for(name, request) for name in params)):
        raise serializers.ValidationError({"list": [needs_a_scope(scope)]})
    if may_see_customers(request):
        return
    columns = [name for text in params.get("columns", []) for name in text.split(",")]
    ordered = [*columns, *params.get("sort", [])]
    if any(is_column_of_customers(name.strip()) for name in ordered) or any(
        asks_about_customers(view) for view in _saved(params.get("saved", []), request)
    ):
        raise serializers.ValidationError({"list": [needs_a_scope("customer")]})


def _saved(numbers: Iterable[str], request: SignedInApiRequest) -> list[SavedView]:
    pks = [pk for number in numbers if (pk := row_id(number.strip()))]
    if not pks:
        return []
    return list(SavedView.objects.visible_to(request.user).filter(pk__in=pks))
