from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Coalesce


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("feedback", "0055_notices_about_effects")]

    operations = [
        AddIndexConcurrently(
            model_name="slaclock",
            index=models.Index(Coalesce("breached_at", "met_at"), name="clocks_by_day"),
        ),
    ]
