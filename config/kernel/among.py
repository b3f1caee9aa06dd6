"""`pk__among=ids`: like `in`, for many numbers.

They are one parameter, an array. With `in` each is one of its own, and for some hundred of them
the statement takes longer to put together than to run.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import Field, ForeignObject, Lookup


@ForeignObject.register_lookup
@Field.register_lookup
class Among(Lookup):
    lookup_name = "among"

    def get_prep_lookup(self) -> list[int]:
        given: Iterable[int] = self.rhs
        return list(given)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, of_column = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s::bigint[])", [*of_column, self.rhs]
