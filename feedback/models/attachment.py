from __future__ import annotations

import uuid
from pathlib import PurePosixPath

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def private_path(_row: models.Model, _name: str) -> str:
    """A random name without an extension: nothing about the file can be guessed or executed."""
    key = uuid.uuid4().hex
    return str(PurePosixPath("attachments", key[:2], key))


class Attachment(models.Model):
    """A file that came or went with a message. Served only by views.files."""

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    message = models.ForeignKey(
        "feedback.Message", models.CASCADE, related_name="attachments", verbose_name=_("message")
    )
    file = models.FileField(_("file"), upload_to=private_path, max_length=200)
    name = models.CharField(_("name"), max_length=200)
    # What the bytes are, not what the sender said; "" = unknown, download only.
    content_type = models.CharField(_("kind of file"), max_length=100, blank=True)
    size = models.PositiveIntegerField(_("size"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    content_id = models.CharField(_("Content-ID"), max_length=255, blank=True)
    is_inline = models.BooleanField(_("inside the text"), default=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_picture(self) -> bool:
        """One of the raster formats that may be shown in the page."""
        return self.content_type in {"image/png", "image/jpeg", "image/gif", "image/webp"}
