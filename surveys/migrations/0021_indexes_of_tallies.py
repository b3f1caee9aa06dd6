from django.db import migrations, models

from config.kernel.migrating import AddIndexWhileServing


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("surveys", "0020_tallies")]

    operations = [
        AddIndexWhileServing(
            model_name='response',
            index=models.Index(condition=models.Q(('tally_place__isnull', False)), fields=['survey', 'tally_place'], name='response_tallied'),
        ),
        AddIndexWhileServing(
            model_name='response',
            index=models.Index(condition=models.Q(('status', 'complete'), ('tally_place', None)), fields=['survey'], name='response_untallied'),
        ),
    ]
