from django.db import migrations, models

from config.kernel.migrating import AddIndexWhileServing


class Migration(migrations.Migration):
    """Built while writes go on."""

    atomic = False

    dependencies = [("accounts", "0019_addresses_rest_for_a_time")]

    operations = [
        AddIndexWhileServing(
            model_name="contactpoint",
            index=models.Index(condition=models.Q(('suppressed_at__isnull', False)), fields=['-suppressed_at'], name='blocked_contacts'),
        ),
    ]
