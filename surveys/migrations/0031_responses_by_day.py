from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("surveys", "0030_figures_of_the_tallied")]

    operations = [
        AddIndexConcurrently(
            model_name="response",
            index=models.Index(
                fields=["completed_at"],
                name="response_by_day",
                condition=models.Q(status="complete"),
            ),
        ),
    ]
