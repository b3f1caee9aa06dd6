from django.db import migrations, models

from config.kernel.migrating import AddIndexWhileServing


class Migration(migrations.Migration):
    atomic = False  # indexes are made while others write

    dependencies = [("accounts", "0023_automatic_mail_can_stop")]

    operations = [
        AddIndexWhileServing(
            model_name="outgoingmessage",
            index=models.Index(
                fields=["-created_at"],
                name="outgoing_not_sent",
                condition=models.Q(("state", "suppressed")),
            ),
        ),
    ]
