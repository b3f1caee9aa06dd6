from django.db import migrations, models

from config.kernel.migrating import AddIndexWhileServing


class Migration(migrations.Migration):
    atomic = False  # indexes are made while others write

    dependencies = [("accounts", "0024_outgoing_mail_not_sent")]

    operations = [
        migrations.AddField(
            model_name="outgoingmessage",
            name="on_hold",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, verbose_name="to be held back"
            ),
        ),
        AddIndexWhileServing(
            model_name="outgoingmessage",
            index=models.Index(
                fields=["id"], name="outgoing_held", condition=models.Q(("state", "held"))
            ),
        ),
    ]
