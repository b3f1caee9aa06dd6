from django.db import migrations, models

from config.kernel.migrating import AddIndexWhileServing


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("surveys", "0010_mailings")]

    operations = [
        AddIndexWhileServing(
            model_name='invitation',
            index=models.Index(fields=['wave', 'address'], name='invitation_of_wave'),
        ),
        AddIndexWhileServing(
            model_name='invitation',
            index=models.Index(condition=models.Q(('next_reminder_at__isnull', False)), fields=['next_reminder_at'], name='invitation_reminder_due'),
        ),
    ]
