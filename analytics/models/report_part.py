from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Case, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.enums import PartKind

_PLACES = Case(
    *(When(kind=kind, then=Value(at)) for at, kind in enumerate(PartKind)),
    output_field=models.IntegerField(),
)


class ReportPartQuerySet(models.QuerySet["ReportPart"]):
    def in_order(self) -> ReportPartQuerySet:
        return self.order_by(_PLACES)


class ReportPart(models.Model):
    """One of the eight parts of a report that is being written: a list of blocks (see
    rules.report.blocks). Who saves another `version` than the one there is gets a refusal."""

    report = models.ForeignKey(
        "analytics.Report", models.CASCADE, related_name="parts", verbose_name=_("report")
    )
    kind = models.CharField(_("part"), max_length=12, choices=PartKind)
    # Empty: as such a part is usually called.
    title = models.CharField(_("heading"), max_length=120, blank=True)
    blocks = models.JSONField(_("blocks"), default=list, blank=True)
    version = models.PositiveIntegerField(_("version"), default=1)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("changed by"),
    )
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = ReportPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("part of a report")
        verbose_name_plural = _("parts of reports")
        constraints = [
            models.UniqueConstraint(fields=["report", "kind"], name="a_report_has_a_part_once")
        ]

    def __str__(self) -> str:
        return f"{self.report_id}: {self.kind}"
