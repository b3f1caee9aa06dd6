from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import JobState


def export_path(one: ResponseExport, _name: str) -> str:
    """Under a key that nobody can guess; served through a permission check all the same."""
    return f"response-exports/{one.key}"


class ResponseExportQuerySet(models.QuerySet["ResponseExport"]):
    def of(self, user: Any) -> ResponseExportQuerySet:
        return self.filter(by=user)


class ResponseExport(models.Model):
    """Responses as a file, made in the background because they are many. It holds what whoever
    ordered it may see when it is made, and is removed after a day."""

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    survey = models.ForeignKey(
        "surveys.Survey", models.CASCADE, related_name="+", verbose_name=_("survey")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("by")
    )
    filters = models.JSONField(_("filters"), default=dict)  # of the list of responses
    options = models.JSONField(_("options"), default=dict)  # format, values, several
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    state = models.CharField(_("state"), max_length=9, choices=JobState, default=JobState.QUEUED)
    total = models.PositiveIntegerField(_("responses"), default=0)
    file = models.FileField(_("file"), upload_to=export_path, max_length=120, blank=True)
    created_at = models.DateTimeField(_("ordered"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = ResponseExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("export of responses")
        verbose_name_plural = _("exports of responses")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return str(self.key)

    @property
    def is_under_way(self) -> bool:
        return self.state in {JobState.QUEUED, JobState.RUNNING}
