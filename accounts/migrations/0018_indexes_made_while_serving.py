import django.contrib.postgres.indexes
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models

from config.kernel.migrating import AddIndexWhileServing, IndexField


class Migration(migrations.Migration):
    """What the migrations before need, built here because others write meanwhile."""

    atomic = False
    dependencies = [('accounts', '0017_organisations_have_managers')]

    operations = [
        AddIndexWhileServing(
            model_name='customer',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('custom'), 'jsonb_path_ops'), condition=models.Q(('custom', {}), _negated=True), name='customer_custom'),
        ),
        AddIndexWhileServing(
            model_name='customer',
            index=models.Index(models.OrderBy(django.db.models.functions.comparison.NullIf('name', models.Value('')), nulls_last=True), models.OrderBy(models.F('id')), name='customers_by_name'),
        ),
        AddIndexWhileServing(
            model_name='organisation',
            index=models.Index(django.db.models.functions.text.Lower('name'), name='organisations_by_name'),
        ),
        IndexField('customer', 'merged_into'),
        IndexField('customerevent', 'merged_into'),
        IndexField('customerevent', 'held_by'),
        IndexField('organisation', 'owner'),
        IndexField('organisationevent', 'owner'),
    ]
