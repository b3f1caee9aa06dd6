"""A reading knows the record that its text is in: when a message goes to another record, so does
its reading, in the same statement. The messages are the lower app's, which knows nothing of it."""

from django.db import migrations

FOLLOW = """
CREATE FUNCTION analytics_reading_follows_message() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE analytics_textreading SET feedback_id = NEW.feedback_id WHERE message_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER analytics_reading_follows_message AFTER UPDATE OF feedback_id ON feedback_message
    FOR EACH ROW WHEN (OLD.feedback_id IS DISTINCT FROM NEW.feedback_id)
    EXECUTE FUNCTION analytics_reading_follows_message();
"""
STAY = """
DROP TRIGGER analytics_reading_follows_message ON feedback_message;
DROP FUNCTION analytics_reading_follows_message();
"""
# What was split before.
CATCH_UP = """
UPDATE analytics_textreading AS reading SET feedback_id = message.feedback_id
FROM feedback_message AS message
WHERE message.id = reading.message_id AND reading.feedback_id IS DISTINCT FROM message.feedback_id
"""


class Migration(migrations.Migration):

    dependencies = [
        ("analytics", "0010_texts_by_word"),
        ("feedback", "0043_senders_are_checked"),
    ]

    operations = [
        migrations.RunSQL(FOLLOW, STAY),
        migrations.RunSQL(CATCH_UP, migrations.RunSQL.noop),
    ]
