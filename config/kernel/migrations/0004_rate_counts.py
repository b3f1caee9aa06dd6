from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_periodic_jobs")]

    operations = [
        migrations.CreateModel(
            name="RateCount",
            fields=[
                (
                    "key",
                    models.CharField(max_length=64, primary_key=True, serialize=False),
                ),
                ("count", models.PositiveIntegerField()),
                ("until", models.DateTimeField(db_index=True)),
            ],
        ),
        migrations.RunSQL(
            "ALTER TABLE kernel_ratecount SET UNLOGGED", migrations.RunSQL.noop
        ),
    ]
