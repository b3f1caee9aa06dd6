"""Entries of the search say in which month their record came in: built anew, by the worker."""

from django.db import migrations

REBUILD = """
INSERT INTO feedback_staleentry (kind, object_id)
  SELECT 'records_below', max(id) + 1 FROM feedback_feedback HAVING max(id) IS NOT NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("feedback", "0028_rules_hear_of_statements")]

    operations = [migrations.RunSQL(REBUILD, migrations.RunSQL.noop)]
