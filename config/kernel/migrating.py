"""Operations of migrations that run while the version before goes on serving.

They belong into migrations with `atomic = False`, alone: what such a migration did before it was
interrupted stays, so each of its operations may be run again.
"""

from typing import Any

from django.contrib.postgres.operations import AddIndexConcurrently, NotInTransactionMixin
from django.db.migrations import Migration
from django.db.migrations.operations import AddConstraint, AddField, AddIndex
from django.db.migrations.operations.base import Operation


class AddIndexWhileServing(AddIndexConcurrently):
    """Builds it while others write. One that is there already stays; one that an interrupted
    build left behind is built anew."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._ensure_not_in_transaction(schema_editor)
        if not _is_built(schema_editor, self.index.name):
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class AddUniqueWhileServing(NotInTransactionMixin, AddConstraint):
    """A rule that something is there once only under a condition, which PostgreSQL keeps by an
    index: that is built while others write. It may be run again like AddIndexWhileServing."""

    atomic = False

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._ensure_not_in_transaction(schema_editor)
        if not _is_built(schema_editor, self.constraint.name):
            model = to_state.apps.get_model(app_label, self.model_name)
            statement = str(self.constraint.create_sql(model, schema_editor))
            begin = "CREATE UNIQUE INDEX "
            if not statement.startswith(begin):
                raise ValueError(statement)  # without a condition it is no index
            schema_editor.execute(f"{begin}CONCURRENTLY {statement.removeprefix(begin)}")


class AddFieldIndexedLater(AddField):
    """A foreign key of a big table: the column now, its index by `IndexField`."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        field = to_state.apps.get_model(app_label, self.model_name)._meta.get_field(self.name)
        field.db_index = False
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            field.db_index = True


class IndexField(NotInTransactionMixin, Operation):
    """The index of a field that was added by AddFieldIndexedLater, built while others write."""

    atomic = False

    def __init__(self, model_name: str, name: str) -> None:
        self.model_name, self.name = model_name, name

    def state_forwards(self, app_label: str, state: Any) -> None:
        """It is known since the field is."""

    def database_forwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        self._ensure_not_in_transaction(schema_editor)
        model = to_state.apps.get_model(app_label, self.model_name)
        table, column = model._meta.db_table, model._meta.get_field(self.name).column
        name = schema_editor._create_index_name(table, [column])  # noqa: SLF001 - as Django would
        if not _is_built(schema_editor, name):
            quoted = [schema_editor.quote_name(one) for one in (name, table, column)]
            schema_editor.execute("CREATE INDEX CONCURRENTLY {} ON {} ({})".format(*quoted))

    def database_backwards(
        self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any
    ) -> None:
        """It goes with its column."""

    def describe(self) -> str:
        return f"Index {self.name} of {self.model_name} while others write"


def _is_built(schema_editor: Any, name: str) -> bool:
    quoted = schema_editor.quote_name(name)
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(
            "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass(%s)", [quoted]
        )
        found = cursor.fetchone()
    if found is not None and not found[0]:
        schema_editor.execute(f"DROP INDEX CONCURRENTLY {quoted}")
    return found is not None and bool(found[0])


# What a table has from the start when it is made from a model that has it.
PART_OF_A_TABLE = (AddField, AddConstraint, AddIndex)


class FromNothing(Migration):
    """The first migration of an app, with everything that it has.

    Django makes an empty table and then adds fields, constraints and indexes one by one, and
    after each it builds all related models anew: for hundreds of operations half a minute.
    Here the operations are first followed in thought, then each table is made at once as it is
    after all of them. What is no part of a table (SQL, triggers) runs in its place. A test
    compares what comes of both ways.
    """

    def apply(self, project_state: Any, schema_editor: Any, collect_sql: bool = False) -> Any:
        if collect_sql:
            return super().apply(project_state, schema_editor, collect_sql)
        project_state.__dict__.pop("apps", None)  # built once, below, when it is asked for
        for operation in self.operations:
            operation.state_forwards(self.app_label, project_state)
        now = project_state
        for operation in self.operations:
            if not isinstance(operation, PART_OF_A_TABLE):
                operation.database_forwards(self.app_label, schema_editor, now, now)
        return project_state
