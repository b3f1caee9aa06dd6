import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role


@pghistory.track()
class CompensationLimit(models.Model):
    """Up to what a role grants compensation without asking; without a row, nothing."""

    role = models.CharField(_("role"), max_length=20, choices=Role, unique=True)
    most = models.DecimalField(
        _("up to"),
        max_digits=10,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Empty: without limit."),
    )

    class Meta:
        verbose_name = _("limit of compensations")
        verbose_name_plural = _("limits of compensations")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_limit_is_not_negative", condition=Q(most=None) | Q(most__gte=0)
            )
        ]

    def __str__(self) -> str:
        return str(self.get_role_display())
