from __future__ import annotations

from datetime import datetime

import pghistory
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import PausedBecause
from config.kernel.conditions.model_field import ConditionField
from config.kernel.fetching.errors import FetchFailed
from config.kernel.fetching.target import read_target
from config.kernel.secrets import EncryptedText


def can_be_asked(url: str) -> None:
    """Validator: a web address that config.kernel.fetching would ask."""
    try:
        read_target(url)
    except FetchFailed as refusal:
        raise ValidationError(str(refusal.message), code=refusal.problem) from refusal


class WebhookEndpointQuerySet(models.QuerySet["WebhookEndpoint"]):
    def active(self) -> WebhookEndpointQuerySet:
        return self.filter(is_active=True)

    def free(self, now: datetime) -> WebhookEndpointQuerySet:
        """Nobody sends to it at the moment, and it is not resting."""
        idle = Q(busy_until=None) | Q(busy_until__lt=now)
        awake = Q(rests_until=None) | Q(rests_until__lte=now)
        return self.active().filter(idle, awake)


@pghistory.track(
    exclude=[
        "secret", "former_secret", "failures", "failing_since", "rests_until", "busy_until",
        "succeeded_at",
    ]
)  # fmt: skip
class WebhookEndpoint(models.Model):
    """An address of another system that is told of what happens here."""

    name = models.CharField(_("name"), max_length=80)
    url = models.CharField(_("address"), max_length=1000, validators=[can_be_asked])
    secret = EncryptedText(_("secret"), editable=False)
    # Signs beside the present one until the receiver has taken that over.
    former_secret = EncryptedText(_("former secret"), blank=True, editable=False)
    former_until = models.DateTimeField(
        _("former secret signs until"), null=True, blank=True, editable=False
    )
    event_types = ArrayField(models.CharField(max_length=60), verbose_name=_("events"))
    condition = ConditionField(
        _("only for feedback that fits"),
        subject="feedback",
        needs=(),
        help_text=_("Asked of events about feedback and its tasks; other events always go out."),
    )
    is_active = models.BooleanField(_("active"), default=True)
    paused_because = models.CharField(
        _("paused because"), max_length=10, choices=PausedBecause, blank=True, editable=False
    )
    # One after the other, up to now, whichever the delivery.
    failures = models.PositiveIntegerField(_("failures in a row"), default=0, editable=False)
    failing_since = models.DateTimeField(_("failing since"), null=True, editable=False)
    rests_until = models.DateTimeField(_("rests until"), null=True, editable=False)
    # Whoever sends to it holds it for so long; an endpoint is served by one at a time.
    busy_until = models.DateTimeField(_("being served until"), null=True, editable=False)
    succeeded_at = models.DateTimeField(_("last delivered"), null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("created by"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = WebhookEndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:webhook", args=[self.pk])

    def secrets_at(self, now: datetime) -> list[str]:
        """Those that sign now: the present one, and the former one for a while."""
        is_former = self.former_secret and self.former_until and now < self.former_until
        return [self.secret, self.former_secret] if is_former else [self.secret]
