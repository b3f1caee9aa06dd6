"""`tokens__asks="'退款' & 'late':*"` on a column of tokens."""

from typing import Any

from django.contrib.postgres.search import SearchVectorField
from django.db.models import Lookup


@SearchVectorField.register_lookup
class Asks(Lookup):
    """A text for tsquery, as Term.tsquery makes it: no parser reads it again."""

    lookup_name = "asks"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, of_column = self.process_lhs(compiler, connection)
        return f"{column} @@ %s::tsquery", [*of_column, self.rhs]
