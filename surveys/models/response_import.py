from __future__ import annotations

import uuid
from dataclasses import fields
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from surveys.enums import ImportState
from surveys.importing.responses.rows import Problem

PROBLEM = ("row", *(one.name for one in fields(Problem)))  # what stands in `problems` of each
SILENT_FOR = timedelta(seconds=60)  # then whoever worked on it is believed dead


def import_path(one: ResponseImport, _name: str) -> str:
    """Under a key that nobody can guess; never served."""
    return f"response-imports/{one.key}"


class ResponseImportQuerySet(models.QuerySet["ResponseImport"]):
    def under_way(self) -> ResponseImportQuerySet:
        return self.filter(state__in=ImportState.under_way())

    def abandoned(self, now: datetime) -> ResponseImportQuerySet:
        """Under way, and nobody has shown a sign of life for a while."""
        return self.under_way().filter(beat_at__lt=now - SILENT_FOR)


class ResponseImport(models.Model):
    """A table of answers on its way into a survey: what its columns are, what came of looking at
    it, how many responses it made. All of them can be taken back together."""

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    survey = models.ForeignKey(
        "surveys.Survey", models.CASCADE, related_name="imports", verbose_name=_("survey")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    name = models.CharField(_("file name"), max_length=120)
    # The table itself; removed some days after it is not needed any more.
    file = models.FileField(_("file"), upload_to=import_path, max_length=120, blank=True)
    head = models.JSONField(_("head"), default=list)
    columns = models.JSONField(_("columns"), default=list)  # names of targets, "" = left out
    options = models.JSONField(_("options"), default=dict)
    state = models.CharField(
        _("state"), max_length=9, choices=ImportState, default=ImportState.UPLOADED
    )
    problem = models.TextField(_("why it stopped"), blank=True)
    total = models.PositiveIntegerField(_("rows"), default=0)
    reached = models.PositiveIntegerField(_("rows done"), default=0)
    good = models.PositiveIntegerField(_("new responses"), default=0)
    known = models.PositiveIntegerField(_("were there already"), default=0)
    refused = models.PositiveIntegerField(_("rows with mistakes"), default=0)
    warned = models.PositiveIntegerField(_("rows with warnings"), default=0)
    # [the number of the row, *Problem]
    problems = models.JSONField(_("mistakes and warnings"), default=list)
    created_at = models.DateTimeField(_("uploaded"), default=timezone.now)
    beat_at = models.DateTimeField(_("last sign of life"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True)
    undone_at = models.DateTimeField(_("taken back"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("taken back by"),
    )

    objects = ResponseImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import of responses")
        verbose_name_plural = _("imports of responses")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_under_way(self) -> bool:
        return self.state in ImportState.under_way()

    def problem_rows(self, most: int) -> list[dict[str, Any]]:
        """The first of its problems by name: `row` as a spreadsheet counts, then as Problem."""
        return [dict(zip(PROBLEM, each, strict=True)) for each in self.problems[:most]]

    @property
    def percent(self) -> int:
        return 100 if not self.total else min(100, self.reached * 100 // self.total)

    @property
    def counts(self) -> bool:
        """Whether its responses stand in the results."""
        return bool(self.options.get("is_counted", True))
