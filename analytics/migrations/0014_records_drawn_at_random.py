from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("analytics", "0013_how_topics_are_found"),
    ]

    operations = [
        migrations.AddField(
            model_name="review",
            name="is_drawn",
            field=models.BooleanField(
                db_default=False, default=False, verbose_name="drawn from everything"
            ),
        ),
    ]
