"""The columns that the list of customers can have: on the page and in its files."""

from collections.abc import Callable, Iterable, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import FieldSubject
from accounts.models import Customer, User
from accounts.rules.custom_values import NUMBERS, Definition, plain_value
from accounts.selectors.custom_fields import field_book
from accounts.selectors.custom_filters import OF_CUSTOMERS
from config.kernel.conditions.vocabulary import MADE
from feedback.selectors.columns import MOST_COLUMNS, Column, Offer

KEY = "customers"  # under which a person keeps how the list looks
NAME = "name"  # carries the link to the customer
USUAL = (NAME, "contact", "manager", "feedback", "since")

_CUSTOMER = pgettext_lazy("group of columns", "Customer")
_FIELDS = pgettext_lazy("group of columns", "Custom fields")


class CustomerRow(NamedTuple):
    """A customer with how many records the asking person may see of them, and of these open."""

    customer: Customer
    told: int
    still_open: int


def _of(path: str) -> Callable[[CustomerRow], Any]:
    """The value below the customer; None where something on the way is not there."""

    def value(row: CustomerRow) -> Any:
        found: Any = row.customer
        for name in path.split("."):
            found = getattr(found, name) if found is not None else None
        return found

    return value


def _contact(row: CustomerRow) -> str | None:
    return next((point.value for point in row.customer.contact_points.all()), None)


def _tags(row: CustomerRow) -> list[str]:
    return sorted(tag.name for tag in row.customer.tags.all())


_FIXED = {
    name: Column(name=name, label=label, value=value, group=_CUSTOMER, css=css)
    for name, label, value, css in (
        (NAME, _("Name"), _of("name"), ""),
        ("contact", _("Contact"), _contact, ""),
        ("organisation", _("Organisation"), _of("organisation.name"), ""),
        ("manager", _("Success manager"), _of("owner.name"), ""),
        ("tier", _("Tier"), lambda row: str(row.customer.get_tier_display()), ""),
        ("tags", _("Tags"), _tags, ""),
        ("language", _("Language"), lambda row: str(row.customer.get_language_display()), ""),
        ("feedback", _("Feedback"), attrgetter("told"), "numbers"),
        ("open", _("Open feedback"), attrgetter("still_open"), "numbers"),
        ("since", _("Since"), _of("created_at"), "nowrap"),
    )
}


class _Label:
    """The name of a field in the language of whoever reads it."""

    def __init__(self, about: Definition) -> None:
        self.about = about

    def __str__(self) -> str:
        return OF_CUSTOMERS.label(self.about)


def _column(about: Definition) -> Column:
    return Column(
        name=f"{MADE}{about.code}",
        label=lazystr(_Label(about)),
        group=_FIELDS,
        value=lambda row: plain_value(about, row.customer.custom.get(about.code)),
        css="numbers" if about.kind in NUMBERS else "",
    )


def customer_columns(_user: User | None = None) -> list[Column]:
    """Every column there is; the same objects as long as no field changes."""
    book = field_book()
    if KEY not in book.memo:
        made = [_column(one) for one in book.of(FieldSubject.CUSTOMER)]
        book.memo[KEY] = [*_FIXED.values(), *made]
    found: list[Column] = book.memo[KEY]
    return found


def find_customer_columns(names: Iterable[str]) -> list[Column]:
    """The columns of these names, in their order; names that mean nothing are left out."""
    wanted = list(dict.fromkeys(names))
    known = _FIXED
    if any(name not in known for name in wanted):
        known = {one.name: one for one in customer_columns()}
    return [known[name] for name in wanted if name in known]


OF_THE_LIST = Offer(customer_columns, find_customer_columns, always=NAME, sorts=False)


def chosen_columns(names: Sequence[str], user: User) -> list[Column]:
    """The columns that the address names, else those that this person keeps, the name always;
    none when nobody chose any."""
    own = (user.list_choices.get("columns") or {}).get(KEY)
    for some in (names, own):
        if some and (found := find_customer_columns(some)[:MOST_COLUMNS]):
            is_there = any(one.name == NAME for one in found)
            return found if is_there else [_FIXED[NAME], *found]
    return []
