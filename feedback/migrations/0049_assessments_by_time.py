from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("feedback", "0048_personal_data_shown"),
    ]

    operations = [
        AddIndexConcurrently(
            model_name="assessment",
            index=models.Index(fields=["read_at"], name="assessment_read"),
        ),
    ]
