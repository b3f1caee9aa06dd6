from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.models.attachment import private_path

KEPT_FOR = timedelta(days=1)


class UploadQuerySet(models.QuerySet["Upload"]):
    def unclaimed_since(self, now: datetime) -> UploadQuerySet:
        """Those that nobody has put into a message for so long that nobody will."""
        return self.filter(draft=None, created_at__lt=now - KEPT_FOR)


class Upload(models.Model):
    """A file that was sent ahead of its message, by a program or into a draft; the message makes
    an attachment of it, with the same key, and the row goes."""

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    # Only this person's messages may take it. Nobody: it waits to be removed.
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("uploaded by"),
    )
    # The text that it belongs to: kept as long as that is.
    draft = models.ForeignKey(
        "feedback.Draft",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="files",
        verbose_name=_("draft"),
    )
    file = models.FileField(_("file"), upload_to=private_path, max_length=200)
    name = models.CharField(_("name"), max_length=200)
    content_type = models.CharField(_("kind of file"), max_length=100, blank=True)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    created_at = models.DateTimeField(_("created"), default=timezone.now, db_index=True)

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("uploaded file")
        verbose_name_plural = _("uploaded files")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name
