"""Where a field is kept, as a condition of a query that is true or false and never unknown."""

from dataclasses import dataclass
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Q, Subquery, TextField
from django.db.models.lookups import (
    BuiltinLookup,
    Contains,
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    In,
    IsNull,
    LessThan,
    LessThanOrEqual,
    Lookup,
    StartsWith,
)

from config.kernel.conditions.fold import Fold


@TextField.register_lookup
class ContainsAny(BuiltinLookup):
    """One of several texts is in it. An OR of `contains` folds a text anew for each of them: two
    dozen words and a mail of a megabyte took the database 18 seconds."""

    lookup_name = "contains_any"
    prepare_rhs = False

    def get_db_prep_lookup(
        self, value: Any, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        literal = connection.ops.prep_for_like_query
        return "%s", ([f"%{literal(one)}%" for one in value],)

    def get_rhs_op(self, connection: BaseDatabaseWrapper, rhs: str) -> str:
        return f"LIKE ANY ({rhs}::text[])"


_LOOKUPS: "dict[str, type[Lookup[Any]]]" = {
    "exact": Exact,
    "in": In,
    "lt": LessThan,
    "lte": LessThanOrEqual,
    "gt": GreaterThan,
    "gte": GreaterThanOrEqual,
    "contains": Contains,
    "contains_any": ContainsAny,
    "startswith": StartsWith,
}


@dataclass(frozen=True, slots=True)
class Column:
    """A path of the ORM (customer__tier), or an expression."""

    at: str | Expression | Subquery

    def where(self, lookup: str, value: Any) -> Q:
        """`lookup` may begin with fold__. What is NULL fits nothing."""
        if isinstance(self.at, str):
            return Q(**{f"{self.at}__isnull": False, f"{self.at}__{lookup}": value})
        folded, _, plain = lookup.rpartition("__")
        left: Any = Fold(self.at) if folded else self.at
        return Q(IsNull(self.at, False)) & Q(_LOOKUPS[plain](left, value))

    def is_null(self) -> Q:
        if isinstance(self.at, str):
            return Q(**{f"{self.at}__isnull": True})
        return Q(IsNull(self.at, True))
