"""Whoever stands for our own staff was made in the request of the first suggestion, and the
history of rows named its author, who may have wanted no name. Forgotten is whose request it was."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0032_mail_about_publications")]

    operations = [
        migrations.RunSQL(
            "UPDATE pghistory_context SET metadata = '{}' WHERE id IN ("
            " SELECT made.pgh_context_id FROM accounts_customerevent made"
            " JOIN accounts_customer house ON house.id = made.pgh_obj_id"
            " WHERE house.is_house AND made.pgh_label = 'insert')",
            migrations.RunSQL.noop,
        ),
    ]
