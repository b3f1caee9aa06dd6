from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.enums import EffectDesign, EffectVerdict


class EffectCheck(models.Model):
    """What a measure did to a figure, as it was measured once. Nothing is changed later: whoever
    measures again adds another one."""

    measure = models.ForeignKey(
        "analytics.Measure", models.CASCADE, related_name="effects", verbose_name=_("measure")
    )
    # A code of the catalogue of metrics.
    metric = models.CharField(_("metric"), max_length=60)
    design = models.CharField(_("design"), max_length=12, choices=EffectDesign)
    # Days, filters and the group left untouched, as they were asked.
    inputs = models.JSONField(_("inputs"), default=dict, blank=True)
    # Numbers, series and codes of warnings, as the page draws them.
    result = models.JSONField(_("result"), default=dict, blank=True)
    verdict = models.CharField(_("verdict"), max_length=12, choices=EffectVerdict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("measured by"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("check of an effect")
        verbose_name_plural = _("checks of effects")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.metric}: {self.get_verdict_display()}"
