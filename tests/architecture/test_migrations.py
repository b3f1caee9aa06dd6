"""Migrations run while the version before goes on serving (docs/operations.md, “Upgrading”).

Looked at is what they say, not what they do: each rule below is one way in which a migration made
requests wait, or broke the processes that still run the code of before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    NotInTransactionMixin,
    ValidateConstraint,
)
from django.db import connection, models
from django.db import migrations as m
from django.db.migrations.loader import MigrationLoader

from config.kernel.migrating import AddFieldIndexedLater, AddUniqueWhileServing

OURS = {"kernel", "accounts", "feedback", "surveys", "analytics"}
# Tables of so many rows that reading one takes longer than a request should wait.
BIG = {
    "accounts": "customer customerevent contactpoint consent organisation organisationevent"
    " outgoingmessage webhookdelivery",
    "feedback": "feedback message attachment timelineentry inboundmail searchentry customerentry"
    " staleentry feedbackquality slaclock slaevent notification follower bulkitem negativecase",
    "surveys": "invitation response answer tally",
}
# What goes although the version before knew it, and why that breaks nothing.
MAY_GO: dict[tuple[str, str], str] = {}
WHILE_SERVING = (AddIndexConcurrently, AddConstraintNotValid, AddUniqueWhileServing)
GOES = (m.RemoveField, m.DeleteModel, m.RenameField, m.RenameModel, m.AlterModelTable)
# Indented it is part of a function.
WRITES = re.compile(r"^(update|delete from)\s+\"?(\w+)", re.I | re.M)


def is_big(app: str, model: str) -> bool:
    return model.lower() in BIG.get(app, "").split()


def parts(operations: Any) -> Iterator[Any]:
    """What is done to the models, and what is done to the database beside them."""
    for one in operations:
        if isinstance(one, m.SeparateDatabaseAndState):
            yield from parts(chain(one.state_operations, one.database_operations))
        else:
            yield one


def waits_for(column: Any, before: Any) -> str:
    """Why a column of a big table makes others wait; empty if it does not."""
    if before is None:
        return "an index that is built at once" if column.unique or column.db_index else ""
    new_index = (column.unique and not before.unique) or (column.db_index and not before.db_index)
    if new_index or type(column) is not type(before) or (before.null and not column.null):
        return "a column that is read or written whole"
    return ""


@dataclass
class Reader:
    """Reads the migrations in their order and keeps in mind which fields there are."""

    known: dict[tuple[str, str, str], Any] = field(default_factory=dict)

    def faults(self, name: tuple[str, str], migration: Any) -> Iterator[str]:
        app, all_of_it = name[0], list(parts(migration.operations))
        new = {one.name.lower() for one in all_of_it if isinstance(one, m.CreateModel)}
        for one in all_of_it:
            if isinstance(one, m.CreateModel):
                self.known |= {(app, one.name.lower(), key): kind for key, kind in one.fields}
            elif isinstance(one, m.AddField | m.AlterField):
                yield from self._of_column(app, one, new)
            elif isinstance(one, m.AddIndex | m.AddConstraint) and one.model_name not in new:
                yield from of_table(app, one)
            if isinstance(one, GOES) and name not in MAY_GO:
                yield f"{one.describe()}: the code of before still uses it"
            yield from of_transaction(one, migration.atomic)

    def _of_column(self, app: str, one: Any, new: set[str]) -> Iterator[str]:
        key = (app, one.model_name.lower(), one.name)
        before, self.known[key] = self.known.get(key), one.field
        if key[1] in new or isinstance(one.field, models.ManyToManyField):
            return
        if before is None and not one.field.null and not one.field.has_db_default():
            yield f"{key[1]}.{one.name}: the code of before gives it no value (db_default)"
        later = isinstance(one, AddFieldIndexedLater) and not one.field.unique
        if is_big(app, key[1]) and not later and (why := waits_for(one.field, before)):
            yield f"{key[1]}.{one.name}: {why}"


def of_table(app: str, one: Any) -> Iterator[str]:
    if is_big(app, one.model_name) and not isinstance(one, WHILE_SERVING):
        yield f"{one.describe()}: not while others write"


def of_transaction(one: Any, atomic: bool) -> Iterator[str]:
    if not atomic and not isinstance(one, NotInTransactionMixin | ValidateConstraint):
        yield f"{one.describe()}: cannot be run again when it was interrupted"
    if atomic and isinstance(one, ValidateConstraint):
        yield f"{one.describe()}: holds the lock of adding it"
    if atomic and isinstance(one, m.RunPython):
        yield "RunPython in one transaction: as a job in batches"
    if isinstance(one, m.RunSQL):
        for _verb, table in WRITES.findall(str(one.sql)):
            if is_big(*table.partition("_")[::2]):
                yield f"{table} is written whole in one transaction"


@pytest.fixture(scope="module")
def in_order() -> list[tuple[tuple[str, str], Any]]:
    loader = MigrationLoader(None)
    names: list[tuple[str, str]] = []
    for leaf in sorted(loader.graph.leaf_nodes()):
        names += [one for one in loader.graph.forwards_plan(leaf) if one not in names]
    ours = [name for name in names if name[0] in OURS]
    return [(name, loader.disk_migrations[name]) for name in ours]


def test_no_migration_stops_the_version_that_still_serves(in_order):
    reader = Reader()
    found = [
        f"{app}/{number}: {fault}"
        for (app, number), migration in in_order
        for fault in reader.faults((app, number), migration)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("operation", "why"),
    [
        (m.AddField("tag", "hue", models.CharField(max_length=9, default="")), "db_default"),
        (m.AddField("message", "by", models.CharField(null=True, unique=True)), "at once"),
        (m.AddField("message", "to", models.SlugField(null=True)), "at once"),
        (m.AlterField("message", "text", models.IntegerField()), "whole"),
        (m.AddIndex("message", models.Index("text", name="i")), "while others write"),
        (m.RemoveField("tag", "name"), "still uses it"),
        (m.RunPython(m.RunPython.noop), "in batches"),
        (m.RunSQL("UPDATE feedback_message SET text = ''"), "written whole"),
        (ValidateConstraint("message", "c"), "holds the lock"),
    ],
)  # fmt: skip
def test_each_way_to_stop_it_is_seen(operation, why):
    wrong = type("Migration", (m.Migration,), {"operations": [operation]})
    migration = wrong("0999_wrong", "feedback")
    reader = Reader({("feedback", "message", "text"): models.TextField()})
    (found,) = reader.faults(("feedback", "0999_wrong"), migration)
    assert why in found


def test_every_big_table_is_one_of_ours():
    for app, names in BIG.items():
        for name in names.split():
            assert apps.get_model(app, name)._meta.db_table.startswith(app)


@pytest.mark.django_db
def test_every_index_is_there_and_usable():
    """However often the migrations were rearranged."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.indexrelid::regclass::text, t.relname, a.attname, i.indisvalid"
            " FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid"
            " LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0]"
        )
        rows = cursor.fetchall()
    names, begins = {row[0] for row in rows}, {(row[1], row[2]) for row in rows}
    ours = [one for one in apps.get_models() if one._meta.app_label in OURS]
    assert {index.name for one in ours for index in one._meta.indexes} <= names
    columns = {
        (one._meta.db_table, column.column)
        for one in ours
        for column in one._meta.local_concrete_fields
        if getattr(column, "db_index", False)
    }
    assert columns <= begins
    assert all(row[3] for row in rows)
