from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from feedback.enums import ExportFormat, JobState


def export_path(export: ListExport, _name: str) -> str:
    """Under a key that nobody can guess; served through a permission check all the same."""
    return f"exports/{export.key}.{export.format}"


class ListExportQuerySet(models.QuerySet["ListExport"]):
    def of(self, user: User) -> ListExportQuerySet:
        return self.filter(by=user)


class ListExport(models.Model):
    """A list as a file, made in the background because it is long. It holds what whoever
    ordered it may see when it is made, and is removed after a day."""

    key = models.UUIDField(_("key"), unique=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("by")
    )
    list_query = models.TextField(_("list"), blank=True)
    columns = models.JSONField(_("columns"), default=list)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    format = models.CharField(_("format"), max_length=4, choices=ExportFormat)
    state = models.CharField(_("state"), max_length=9, choices=JobState, default=JobState.QUEUED)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    file = models.FileField(_("file"), upload_to=export_path, max_length=120, blank=True)
    created_at = models.DateTimeField(_("ordered"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    objects = ListExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("exported list")
        verbose_name_plural = _("exported lists")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["created_at"], name="exports_by_age")]

    def __str__(self) -> str:
        return f"{self.key}.{self.format}"

    @property
    def is_under_way(self) -> bool:
        return self.state in {JobState.QUEUED, JobState.RUNNING}
