from django.db import models


class DemoCompany(models.Model):
    """That the demo company was made here, and what of it lies in tables that have no mark for
    demo rows. One row while it exists."""

    made_at = models.DateTimeField()
    seed = models.BigIntegerField()
    is_small = models.BooleanField(default=False)
    # {"feedback.Tag": [primary keys], …}
    unmarked = models.JSONField(default=dict)
    # "There is one or there is none" as a constraint.
    only = models.BooleanField(default=True, unique=True, editable=False)

    class Meta:
        verbose_name = "demo company"
        verbose_name_plural = "demo companies"

    def __str__(self) -> str:
        return f"{self.made_at:%Y-%m-%d}"
