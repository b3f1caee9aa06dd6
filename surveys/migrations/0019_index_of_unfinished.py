from django.db import migrations, models

from config.kernel.migrating import AddIndexWhileServing


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("surveys", "0018_comments_of_colleagues")]

    operations = [
        AddIndexWhileServing(
            model_name="response",
            index=models.Index(
                condition=models.Q(("status__in", ["draft", "partial"])),
                fields=["survey", "-last_seen_at"],
                name="response_unfinished",
            ),
        ),
    ]
