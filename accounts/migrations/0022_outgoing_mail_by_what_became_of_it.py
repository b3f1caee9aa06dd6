from django.db import migrations, models

from config.kernel.migrating import AddIndexWhileServing


class Migration(migrations.Migration):
    atomic = False  # indexes are made while others write

    dependencies = [("accounts", "0021_automatic_mail_can_stop")]

    operations = [
        AddIndexWhileServing(
            model_name='outgoingmessage',
            index=models.Index(condition=models.Q(('kind__in', ['acknowledgement', 'automatic']), ('sent_at__isnull', False)), fields=['-sent_at'], name='outgoing_by_itself'),
        ),
        AddIndexWhileServing(
            model_name='outgoingmessage',
            index=models.Index(condition=models.Q(('state', 'suppressed')), fields=['-created_at'], name='outgoing_not_sent'),
        ),
    ]
