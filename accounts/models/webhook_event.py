from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


class WebhookEvent(models.Model):
    """Something happened that an endpoint may want to be told of; written in the transaction of
    the change, by triggers where many services write, and taken away once deliveries are made of
    it (services.webhook_events). Without an active endpoint nothing is written."""

    # Who can read it: selectors.webhook_events has a reader for each.
    source = models.CharField(_("source"), max_length=20)
    object_id = models.BigIntegerField(_("id"))
    data = models.JSONField(_("details"), default=dict)
    at = models.DateTimeField(_("at"), db_default=Now())

    class Meta:
        verbose_name = _("event to be told")
        verbose_name_plural = _("events to be told")
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.source} {self.object_id}"
