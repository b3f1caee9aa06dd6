from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("feedback", "0051_further_categories"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="feedback",
            index=GinIndex(fields=["also_categories"], name="feedback_also_about"),
        ),
    ]
