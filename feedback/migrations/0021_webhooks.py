from django.db import migrations

# Each line of a timeline may be an event that a webhook is told of, whoever wrote it, one by one
# or ten thousand at once. Without an active webhook nothing is written.
NOTE = """
CREATE FUNCTION webhooks_note_timeline() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM accounts_webhookendpoint WHERE is_active) THEN
    INSERT INTO accounts_webhookevent (source, object_id, data)
      SELECT 'timeline', id, '{}' FROM added ORDER BY id;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER webhooks_note AFTER INSERT ON feedback_timelineentry
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION webhooks_note_timeline();
"""
FORGET = """
DROP TRIGGER webhooks_note ON feedback_timelineentry;
DROP FUNCTION webhooks_note_timeline();
"""


class Migration(migrations.Migration):

    dependencies = [
        ("accounts", "0013_webhooks"),
        ("feedback", "0020_custom_fields"),
    ]

    operations = [migrations.RunSQL(NOTE, FORGET)]
