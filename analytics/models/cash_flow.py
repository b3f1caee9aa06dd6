from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class CashFlow(models.Model):
    """What a measure costs and brings in one period of its business case; period 0 is today."""

    measure = models.ForeignKey(
        "analytics.Measure", models.CASCADE, related_name="cash_flows", verbose_name=_("measure")
    )
    period = models.PositiveSmallIntegerField(_("period"))
    cost = models.DecimalField(
        _("cost"), max_digits=14, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    benefit = models.DecimalField(
        _("benefit"), max_digits=14, decimal_places=2, default=0, validators=[MinValueValidator(0)]
    )
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("costs and benefits of a period")
        verbose_name_plural = _("costs and benefits")
        ordering = ["period"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "period"], name="one_flow_for_a_period"),
            models.CheckConstraint(
                name="flows_are_not_negative", condition=Q(cost__gte=0) & Q(benefit__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period}: {self.benefit - self.cost}"
