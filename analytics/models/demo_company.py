from datetime import datetime, timedelta

from django.db import models


class DemoCompany(models.Model):
    """That the demo company was made here, and what of it lies in tables that have no mark for
    demo rows. One row while it exists."""

    made_at = models.DateTimeField()
    seed = models.BigIntegerField()
    is_small = models.BooleanField(default=False)
    # {"feedback.Tag": [primary keys], …}
    unmarked = models.JSONField(default=dict)
    # Empty while nobody wants it removed, and again when the removal failed.
    removal_ordered_at = models.DateTimeField(null=True)
    removal_failed_at = models.DateTimeField(null=True)
    # "There is one or there is none" as a constraint.
    only = models.BooleanField(default=True, unique=True, editable=False)

    # A job whose worker died is done again within Q_CLUSTER["retry"]; after this it is lost.
    REMOVAL_LOST_AFTER = timedelta(minutes=20)

    class Meta:
        verbose_name = "demo company"
        verbose_name_plural = "demo companies"

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"

    def is_being_removed(self, now: datetime) -> bool:
        ordered = self.removal_ordered_at
        return ordered is not None and now - ordered < self.REMOVAL_LOST_AFTER
