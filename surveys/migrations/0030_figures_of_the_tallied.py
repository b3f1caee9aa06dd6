from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations, models

from config.kernel.migrating import AddIndexWhileServing


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("surveys", "0029_a_choice_is_of_one_question"),
    ]

    operations = [
        AddIndexWhileServing(
            model_name="response",
            index=models.Index(
                fields=["survey", "tally_place"],
                name="response_tallied_figures",
                condition=models.Q(tally_place__isnull=False),
                include=[
                    "status", "is_test", "is_counted", "version", "collector", "language",
                    "completed_at", "last_seen_at", "active_ms", "page_no", "team", "feedback",
                ],
            ),
        ),
        AddIndexWhileServing(
            model_name="response",
            index=models.Index(
                fields=["survey", "status", "id"],
                name="response_not_tallied",
                condition=models.Q(tally_place=None),
            ),
        ),
        AddIndexWhileServing(
            model_name="response",
            index=models.Index(
                fields=["survey"],
                name="response_weighted",
                condition=models.Q(("weight", 1), _negated=True),
            ),
        ),
        RemoveIndexConcurrently(model_name="response", name="response_tallied"),
        RemoveIndexConcurrently(model_name="response", name="response_untallied"),
    ]
