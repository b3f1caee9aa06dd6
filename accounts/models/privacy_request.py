from __future__ import annotations

import uuid
from pathlib import PurePosixPath

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import ContactKind, PrivacyKind, PrivacyState


def private_path(_row: models.Model, _name: str) -> str:
    """A random name without an extension."""
    return str(PurePosixPath("privacy", uuid.uuid4().hex))


class PrivacyRequest(models.Model):
    """Somebody asks what we hold about a customer, or that we forget it: who asked, why, who
    agreed, and what was done. It outlives the data and names nobody: the customer's row, without
    a name, stays."""

    kind = models.CharField(_("what"), max_length=10, choices=PrivacyKind)
    state = models.CharField(
        _("state"), max_length=8, choices=PrivacyState, default=PrivacyState.QUEUED
    )
    customer = models.ForeignKey(
        "accounts.Customer", models.CASCADE, related_name="+", verbose_name=_("customer")
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("asked by"),
    )
    reason = models.CharField(_("reason"), max_length=500)
    requested_at = models.DateTimeField(_("asked"), default=timezone.now)
    due_at = models.DateTimeField(_("due"))
    # Also who said no.
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    approved_at = models.DateTimeField(_("decided"), null=True, blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    # {name of the keeper: {what: how many}}; codes and numbers only.
    report = models.JSONField(_("report"), default=dict, blank=True)
    file = models.FileField(_("file"), upload_to=private_path, blank=True, editable=False)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)

    class Meta:
        verbose_name = _("privacy request")
        verbose_name_plural = _("privacy requests")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind"],
                condition=Q(state__in=["waiting", "queued"]),
                name="one_open_privacy_request_of_a_kind",
            ),
            models.CheckConstraint(
                name="what_was_done_has_a_date",
                condition=~Q(state="done") | Q(done_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    @property
    def is_ready(self) -> bool:
        """Whether there is a file to be fetched."""
        return bool(self.file) and (self.expires_at is None or self.expires_at > timezone.now())


class ForgottenContact(models.Model):
    """A contact of somebody whose data were erased: only a keyed digest, by which an import of
    old data recognises it and leaves it out."""

    kind = models.CharField(_("kind"), max_length=10, choices=ContactKind)
    digest = models.CharField(_("digest"), max_length=64, unique=True)
    forgotten_at = models.DateTimeField(_("erased"), default=timezone.now)

    class Meta:
        verbose_name = _("forgotten contact")
        verbose_name_plural = _("forgotten contacts")

    def __str__(self) -> str:
        return f"{self.kind} {self.digest[:8]}"
