from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("analytics", "0014_further_categories"),
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
