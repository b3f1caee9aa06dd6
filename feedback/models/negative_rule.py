import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kernel.conditions.model_field import ConditionField
from feedback.enums import NegativePointKind


def every_point() -> list[str]:
    return list(NegativePointKind.values)


@pghistory.track()
class NegativeRule(models.Model):
    """Which feedback is negative, and what must be done about it. There is one."""

    code = models.SlugField(_("code"), unique=True, default="default", editable=False)
    condition = ConditionField(_("negative is"), subject="feedback", needs=())
    required = ArrayField(
        models.CharField(max_length=12, choices=NegativePointKind),
        verbose_name=_("required before it is resolved"),
        default=every_point,
        blank=True,
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("rule for negative feedback")
        verbose_name_plural = _("rules for negative feedback")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
