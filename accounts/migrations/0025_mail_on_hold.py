from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0024_outgoing_mail_not_sent")]

    operations = [
        migrations.AddField(
            model_name="outgoingmessage",
            name="on_hold",
            field=models.BooleanField(
                db_default=False, default=False, editable=False, verbose_name="to be held back"
            ),
        ),
    ]
