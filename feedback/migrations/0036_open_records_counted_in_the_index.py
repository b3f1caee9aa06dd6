from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False  # indexes are made while others write
    dependencies = [("feedback", "0035_bulk_of_everything")]

    operations = [
        AddIndexConcurrently(
            model_name="feedback",
            index=models.Index(
                models.OrderBy(models.F("reply_due_at"), nulls_last=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(
                    ("state__in", ["new", "open", "waiting_customer", "waiting_third"])
                ),
                include=(
                    "state",
                    "team",
                    "assignee",
                    "snoozed_until",
                    "promised_on",
                    "negative_at",
                ),
                name="feedback_open_due",
            ),
        ),
        RemoveIndexConcurrently(model_name="feedback", name="feedback_open_by_due"),
    ]
