from django.db import migrations, models

from config.kernel.migrating import AddIndexWhileServing


class Migration(migrations.Migration):
    """How many mails each domain got within the last minute."""

    atomic = False
    dependencies = [('accounts', '0021_outgoing_queue')]

    operations = [
        AddIndexWhileServing(
            model_name='outgoingmessage',
            index=models.Index(fields=['sent_at'], name='outgoing_sent'),
        ),
    ]
