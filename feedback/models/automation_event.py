from django.db import models
from django.utils.translation import gettext_lazy as _


class AutomationEvent(models.Model):
    """Something happened that rules have not looked at yet. The trigger on the timeline adds
    rows, in the transaction of what happened, while a rule is active; services.automation takes
    them away."""

    feedback_id = models.BigIntegerField(_("feedback"))
    entry_id = models.BigIntegerField(_("timeline entry"))

    class Meta:
        verbose_name = _("event for rules")
        verbose_name_plural = _("events for rules")
        indexes = [models.Index(fields=["feedback_id", "id"], name="automation_of_record")]

    def __str__(self) -> str:
        return f"{self.feedback_id} {self.entry_id}"
