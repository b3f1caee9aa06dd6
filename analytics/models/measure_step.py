from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class MeasureStep(models.Model):
    """One thing to do for a measure. A task of its own (feedback.Task) belongs to a record."""

    measure = models.ForeignKey(
        "analytics.Measure", models.CASCADE, related_name="steps", verbose_name=_("measure")
    )
    text = models.CharField(_("what is to be done"), max_length=200)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assignee"),
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("place"), default=0)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("done by"),
    )

    class Meta:
        verbose_name = _("step of a measure")
        verbose_name_plural = _("steps of measures")
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text
