from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import BilingualName, localized
from feedback.enums import TaskKind


class ChecklistTemplateQuerySet(models.QuerySet["ChecklistTemplate"]):
    def active(self) -> ChecklistTemplateQuerySet:
        return self.filter(archived_at=None)


@pghistory.track()
class ChecklistTemplate(BilingualName):
    """Prepared steps for a task, one in each line; copied into a task when it is planned."""

    kind = models.CharField(
        _("kind of task"),
        max_length=12,
        choices=TaskKind,
        blank=True,
        help_text=_("Tasks of this kind begin with these steps. Empty: it is chosen by hand."),
    )
    steps_zh = models.TextField(_("steps (Chinese)"), blank=True)
    steps_en = models.TextField(_("steps (English)"), blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects = ChecklistTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("checklist")
        verbose_name_plural = _("checklists")
        ordering = ["name_en", "pk"]

    def steps_in(self, language: str) -> list[str]:
        lines = localized(self, "steps", language).splitlines()
        return [line.strip() for line in lines if line.strip()]

    @property
    def steps(self) -> list[str]:
        lines = localized(self, "steps").splitlines()
        return [line.strip() for line in lines if line.strip()]
