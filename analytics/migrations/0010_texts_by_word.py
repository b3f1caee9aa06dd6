from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("analytics", "0009_topics"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="textreading",
            index=GinIndex(fields=["words"], name="reading_words"),
        ),
    ]
