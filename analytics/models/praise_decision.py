from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class PraiseDecision(models.Model):
    """A person says whether a customer thanks us in a record; without one, its rating and
    sentiment say so (selectors.praise). Written by services.thanks alone."""

    feedback = models.OneToOneField(
        "feedback.Feedback",
        models.CASCADE,
        primary_key=True,
        related_name="+",
        verbose_name=_("feedback"),
    )
    is_praise = models.BooleanField(_("the customer thanks us"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("said by"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("decision about a customer's thanks")
        verbose_name_plural = _("decisions about customers' thanks")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.feedback_id}: {self.is_praise}"
