"""What stands in the fields that an admin made for customers, and what writing shares with
records."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.enums import FieldSubject
from accounts.models import Customer
from accounts.rules.custom_values import Definition, read_values
from accounts.selectors.custom_fields import field_book
from config.kernel.errors import DomainError
from config.kernel.punctuation import clauses, labelled


class ValuesRefused(DomainError):
    """`fields`: code → what is wrong, in words."""

    code = "values_refused"

    def __init__(self, problems: Mapping[str, str], definitions: Mapping[str, Definition]) -> None:
        names = {code: one.name for code, one in definitions.items()}
        super().__init__(
            clauses(labelled(names.get(code, code), words) for code, words in problems.items())
        )
        self.fields = dict(problems)

    @staticmethod
    def required() -> str:
        return str(_REQUIRED)


_REQUIRED: Promise = _("This is needed.")


def merged(stored: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """`stored` with `values` written over it; None takes a key away."""
    both = {**stored, **values}
    return {code: value for code, value in both.items() if value is not None}


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[list[Any]]:
    """[code, before, after] of each field that differs, by code."""
    codes = sorted({*before, *after})
    return [
        [code, before.get(code), after.get(code)]
        for code in codes
        if before.get(code) != after.get(code)
        or type(before.get(code)) is not type(after.get(code))
    ]


def write_custom_values(customer: Customer, values: Mapping[str, Any]) -> bool:
    """Inside another service: put the named fields onto a customer that is locked, without
    saving. True when something changed. Raises ValuesRefused."""
    definitions = field_book().all_of(FieldSubject.CUSTOMER)
    read = read_values(definitions, values, customer.custom)
    if read.problems:
        raise ValuesRefused(read.problems, definitions)
    after = merged(customer.custom, read.values)
    if not changes_between(customer.custom, after):
        return False
    customer.custom = after
    return True
