"""A first migration makes its tables at once: the same that Django makes step by step."""

import pytest
from django.db import connection, migrations, models
from django.db.migrations.state import ProjectState

from config.kernel.migrating import FromNothing

TABLES = ("tables_shelf", "tables_book", "tables_book_lent_to")
OPERATIONS = [
    migrations.RunSQL("CREATE SEQUENCE tables_number START 7", "DROP SEQUENCE tables_number"),
    migrations.CreateModel(
        name="Book",
        fields=[
            ("id", models.BigAutoField(primary_key=True)),
            ("title", models.CharField(max_length=40, db_index=True)),
        ],
    ),
    migrations.CreateModel(
        name="Shelf",
        fields=[("id", models.BigAutoField(primary_key=True)), ("room", models.TextField())],
    ),
    # Needs the table above, as fields that lead to each other always come later.
    migrations.AddField(
        "book", "shelf", models.ForeignKey("tables.Shelf", models.CASCADE, related_name="+")
    ),
    migrations.AddField(
        "book", "lent_to", models.ManyToManyField("tables.Shelf", related_name="+")
    ),
    migrations.AddField("book", "pages", models.IntegerField(db_default=1)),
    migrations.AddIndex("book", models.Index(fields=["-pages"], name="book_by_size")),
    migrations.AddConstraint(
        "book", models.UniqueConstraint(fields=["shelf", "title"], name="a_title_once_a_shelf")
    ),
    migrations.AddConstraint(
        "book", models.CheckConstraint(condition=models.Q(pages__gt=0), name="it_has_pages")
    ),
    migrations.RunSQL("COMMENT ON TABLE tables_book IS 'made'", migrations.RunSQL.noop),
]
SEEN = """
SELECT 'column', table_name, column_name, data_type || is_nullable || coalesce(column_default, '')
  FROM information_schema.columns WHERE table_name = ANY(%(tables)s)
UNION ALL SELECT 'index', tablename, indexname, indexdef FROM pg_indexes
  WHERE tablename = ANY(%(tables)s)
UNION ALL SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE conrelid = ANY(%(tables)s::regclass[])
UNION ALL SELECT 'comment', 'tables_book', '', obj_description('tables_book'::regclass)
UNION ALL SELECT 'sequence', '', '', nextval('tables_number')::text
ORDER BY 1, 2, 3
"""


def made_by(kind):
    """What is in the database once a migration of that kind ran; then it is taken back."""
    migration = type("Migration", (kind,), {"operations": OPERATIONS})("0001", "tables")
    with connection.schema_editor() as editor:
        state = migration.apply(ProjectState(), editor)
    assert state.apps.get_model("tables", "Book")._meta.get_field("shelf") is not None
    with connection.cursor() as cursor:
        cursor.execute(SEEN, {"tables": list(TABLES)})
        seen = cursor.fetchall()
        cursor.execute(f"DROP TABLE {', '.join(TABLES)}; DROP SEQUENCE tables_number")
    return seen


@pytest.mark.django_db
def test_tables_that_are_made_at_once_are_the_same():
    step_by_step, at_once = made_by(migrations.Migration), made_by(FromNothing)

    assert len(step_by_step) > 20
    assert at_once == step_by_step
