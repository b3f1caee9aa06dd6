from django.db import migrations, models

from config.kernel.migrating import AddIndexWhileServing

class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("surveys", "0027_history_of_events"),
    ]

    operations = [
        AddIndexWhileServing(
            model_name="response",
            index=models.Index(
                fields=["survey", "-id"],
                name="response_figures",
                include=[
                    "status", "is_test", "is_counted", "tally_place", "version", "collector",
                    "language", "completed_at", "last_seen_at", "active_ms", "page_no", "team",
                    "feedback",
                ],
            ),
        ),
        AddIndexWhileServing(
            model_name="answer",
            index=models.Index(
                fields=["response"],
                name="answer_texts",
                condition=models.Q(text__isnull=False, file__isnull=True),
            ),
        ),
    ]
