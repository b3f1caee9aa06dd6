from django.db import migrations, models

from config.kernel.migrating import AddIndexWhileServing


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("surveys", "0014_imports_of_responses")]

    operations = [
        AddIndexWhileServing(
            model_name='response',
            index=models.Index(condition=models.Q(('imported__isnull', False)), fields=['imported', 'id'], name='response_of_import'),
        ),
    ]
