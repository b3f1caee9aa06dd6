"""The filters by which programs narrow responses that are counted or written to a file: those of
the list of responses, made from the same dimensions."""

from collections.abc import Collection

from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, OpenApiTypes
from rest_framework.exceptions import ValidationError

from accounts.access import SignedInApiRequest
from accounts.api.permissions import may_see_customers
from surveys.enums import CollectorChannel
from surveys.selectors.response_dimensions import DIMENSIONS

# Programs that may not read customers or records learn nothing of them by counting.
OF_CUSTOMERS = tuple(code for code, one in DIMENSIONS.items() if one.path.startswith("customer__"))
OPEN_DIMENSIONS = tuple(
    code
    for code, one in DIMENSIONS.items()
    if not one.path.startswith(("customer__", "feedback__"))
)
_NUMBERS = frozenset({"collector", "wave", "version"})
_WORDS = {
    "wave": "Of invitations.",
    **dict.fromkeys(OF_CUSTOMERS, "Of the customer; needs leave to read customers."),
}


def _parameter(code: str) -> OpenApiParameter:
    return OpenApiParameter(
        code,
        int if code in _NUMBERS else str,
        enum=CollectorChannel.values if code == "channel" else None,
        description=_WORDS.get(code, ""),
    )


FILTERS = [
    OpenApiParameter("from", OpenApiTypes.DATE),
    OpenApiParameter("to", OpenApiTypes.DATE),
    *(_parameter(code) for code in (*OPEN_DIMENSIONS, *OF_CUSTOMERS)),
    OpenApiParameter("imported", str, description="yes, no, or the number of an import."),
    OpenApiParameter("answer", str, many=True, description="code:value; only who answered this."),
]
_NAMES = frozenset(one.name for one in FILTERS)


def open_filters(request: SignedInApiRequest) -> frozenset[str]:
    """Names by which this program may narrow responses."""
    return _NAMES if may_see_customers(request) else _NAMES - set(OF_CUSTOMERS)


def asked_filters(request: SignedInApiRequest, *, but: Collection[str]) -> dict[str, list[str]]:
    """The filters of an address, without its own parameters. Raises ValidationError for names
    that this program may not filter by, and for empty values: passed over, they would count
    everybody."""
    known = open_filters(request)
    filters = {name: values for name, values in request.query_params.lists() if name not in but}
    for name, values in filters.items():
        if name not in known:
            raise ValidationError({name: [_("There is no such filter.")]})
        if not all(values):
            raise ValidationError({name: [_("This filter says nothing; leave it out.")]})
    return filters
