from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import WebhookState

WAITING = (WebhookState.QUEUED, WebhookState.RETRY)


class WebhookDeliveryQuerySet(models.QuerySet["WebhookDelivery"]):
    def due(self, now: datetime) -> WebhookDeliveryQuerySet:
        """To be sent now, including those whose sender died holding the lease."""
        waiting = Q(state__in=WAITING, next_attempt_at__lte=now)
        abandoned = Q(state=WebhookState.SENDING, lease_until__lt=now)
        return self.filter(waiting | abandoned)

    def failed(self) -> WebhookDeliveryQuerySet:
        return self.filter(state=WebhookState.FAILED)


class WebhookDelivery(models.Model):
    """One event told to one endpoint. What is said is fixed here, so that every repeat is the
    same message under the same id."""

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    endpoint = models.ForeignKey(
        "accounts.WebhookEndpoint",
        models.CASCADE,
        related_name="deliveries",
        verbose_name=_("webhook"),
    )
    event = models.CharField(_("event"), max_length=60)
    # What it is about, as people say it: "#1042".
    about = models.CharField(_("about"), max_length=60, blank=True)
    # The same thing is told to an endpoint once; null = told whenever asked for.
    dedupe_key = models.CharField(_("key of the event"), max_length=120, null=True)  # noqa: DJ001
    body = models.TextField(_("body"))
    state = models.CharField(
        _("state"), max_length=10, choices=WebhookState, default=WebhookState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), default=timezone.now)
    lease_until = models.DateTimeField(_("being sent until"), null=True)
    # Of the last attempt: the receiver's answer, or why there was none (fetching.errors).
    status = models.PositiveSmallIntegerField(_("status"), null=True)
    problem = models.CharField(_("problem"), max_length=20, blank=True)
    response = models.TextField(_("answer"), blank=True)
    took_ms = models.PositiveIntegerField(_("took (ms)"), null=True)
    # [{"at", "status", "problem", "ms"}, …], one for each attempt.
    log = models.JSONField(_("attempts so far"), default=list)
    created_at = models.DateTimeField(_("created"), default=timezone.now, db_index=True)
    delivered_at = models.DateTimeField(_("delivered"), null=True)

    objects = WebhookDeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery of a webhook")
        verbose_name_plural = _("deliveries of webhooks")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["endpoint", "-id"], name="deliveries_of_endpoint"),
            models.Index(
                fields=["next_attempt_at"],
                name="deliveries_to_send",
                condition=Q(state__in=["queued", "retry", "sending"]),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["endpoint", "dedupe_key"], name="an_endpoint_is_told_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.about}".strip()

    @property
    def message_id(self) -> str:
        """What the receiver knows it by."""
        return f"msg_{self.key.hex}"

    @property
    def can_be_sent_again(self) -> bool:
        return self.state in {WebhookState.FAILED, WebhookState.DELIVERED}

    def remember(self, **attempt: Any) -> None:
        """One line of the log; the latest fifty stay."""
        self.log = [*self.log, attempt][-50:]
