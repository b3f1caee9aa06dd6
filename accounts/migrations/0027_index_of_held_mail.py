from django.db import migrations, models

from config.kernel.migrating import AddIndexWhileServing


class Migration(migrations.Migration):
    atomic = False  # indexes are made while others write

    dependencies = [("accounts", "0026_sending_by_oauth")]

    operations = [
        AddIndexWhileServing(
            model_name="outgoingmessage",
            index=models.Index(
                fields=["id"], name="outgoing_held", condition=models.Q(("state", "held"))
            ),
        ),
    ]
