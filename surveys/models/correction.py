from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class AnswerCorrection(models.Model):
    """One answer that a member of staff corrected: what it was and what it is since. Never
    changed; a correction of a correction is another row."""

    response = models.ForeignKey(
        "surveys.Response",
        models.CASCADE,
        related_name="corrections",
        verbose_name=_("response"),
    )
    question = models.ForeignKey(
        "surveys.Question", models.PROTECT, related_name="+", verbose_name=_("question")
    )
    # As people read it, in the language of the response; "" = no answer.
    before = models.TextField(_("before"), blank=True)
    after = models.TextField(_("after"), blank=True)
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now)

    class Meta:
        verbose_name = _("corrected answer")
        verbose_name_plural = _("corrected answers")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.response_id}: {self.question_id}"
