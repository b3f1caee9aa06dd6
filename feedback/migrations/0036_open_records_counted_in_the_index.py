import django.contrib.postgres.indexes
from django.contrib.postgres.operations import RemoveIndexConcurrently, ValidateConstraint
from django.db import migrations, models

from config.kernel.migrating import AddIndexWhileServing


class Migration(migrations.Migration):
    atomic = False  # indexes are made while others write
    dependencies = [("feedback", "0035_bulk_of_everything")]

    operations = [
        AddIndexWhileServing(
            model_name="feedback",
            index=models.Index(
                models.OrderBy(models.F("reply_due_at"), nulls_last=True),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(
                    ("state__in", ["new", "open", "waiting_customer", "waiting_third"])
                ),
                include=(
                    "state",
                    "team",
                    "assignee",
                    "snoozed_until",
                    "promised_on",
                    "negative_at",
                ),
                name="feedback_open_due",
            ),
        ),
        RemoveIndexConcurrently(model_name="feedback", name="feedback_open_by_due"),
        # What the migrations before need, built here because others write meanwhile.
        AddIndexWhileServing(
            model_name='feedback',
            index=models.Index(condition=models.Q(('promised_on__isnull', False)), fields=['promised_on'], name='feedback_promised'),
        ),
        AddIndexWhileServing(
            model_name='feedback',
            index=models.Index(condition=models.Q(('snoozed_until__isnull', False)), fields=['snoozed_until'], name='feedback_snoozed'),
        ),
        AddIndexWhileServing(
            model_name='feedback',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(models.F('custom'), 'jsonb_path_ops'), condition=models.Q(('custom', {}), _negated=True), name='feedback_custom'),
        ),
        AddIndexWhileServing(
            model_name='feedback',
            index=models.Index(condition=models.Q(('negative_at__isnull', False)), fields=['negative_at'], name='feedback_negative'),
        ),
        AddIndexWhileServing(
            model_name='feedback',
            index=models.Index(condition=models.Q(('form__isnull', False)), fields=['form'], name='feedback_of_form'),
        ),
        ValidateConstraint(
            model_name="feedback", name="sentiment_is_between_minus_and_plus_100"
        ),
    ]
