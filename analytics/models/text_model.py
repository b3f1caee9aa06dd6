from __future__ import annotations

from django.db import models
from django.db.models import Q, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.enums import ModelState, TextTask


class TextModelQuerySet(models.QuerySet["TextModel"]):
    def live(self) -> TextModelQuerySet:
        return self.filter(state=ModelState.LIVE)

    def for_list(self) -> TextModelQuerySet:
        return self.defer("file").order_by("-pk")

    def for_page(self, newest: int) -> TextModelQuerySet:
        """The live one and the newest of each task, without their files: `is_kept` says whether
        there is one."""
        place = Window(RowNumber(), partition_by="task", order_by="-version")
        found = self.annotate(place=place, is_kept=~Q(description={}))
        return (
            found.filter(Q(place__lte=newest) | Q(state=ModelState.LIVE))
            .defer("file", "description")
            .order_by("-version")
        )


class TextModel(models.Model):
    """A model that was learned from this company's own decisions. Its numbers lie in `file`
    (config.kernel.text.model_file); of each task one is live. Written by services.learning."""

    task = models.CharField(_("task"), max_length=12, choices=TextTask)
    version = models.PositiveIntegerField(_("version"))
    state = models.CharField(_("state"), max_length=10, choices=ModelState)
    file = models.BinaryField(_("file"), editable=False)
    digest = models.CharField(_("digest"), max_length=64, editable=False)
    # The other half of the file, with the digest of both.
    description = models.JSONField(_("description"), default=dict, db_default={}, editable=False)
    # What it knows, [code or id, …]; for categories their ids.
    labels = models.JSONField(_("labels"), default=list)
    # How many texts of each kind it learned from: {"reviewed": …, "chosen": …, "seed": …}.
    learned_from = models.JSONField(_("learned from"), default=dict)
    # What was measured on texts that it did not learn from (analytics.text.training).
    metrics = models.JSONField(_("measured"), default=dict)
    # What it says of what came in since, against what it was taught with: services.drifting.
    drift = models.JSONField(_("drift"), default=dict, db_default={}, editable=False)
    # How sure it must be to decide by itself, 0 to 1: set by the accuracy asked for.
    threshold = models.FloatField(_("decides alone from"), default=1)
    # Why it was not put to work, or what it was compared with.
    note = models.CharField(_("note"), max_length=300, blank=True)
    trained_at = models.DateTimeField(_("trained"), default=timezone.now)
    live_since = models.DateTimeField(_("at work since"), null=True)
    trained_seconds = models.FloatField(_("seconds of training"), default=0)

    objects = TextModelQuerySet.as_manager()

    class Meta:
        verbose_name = _("text model")
        verbose_name_plural = _("text models")
        permissions = [("review_readings", "May review how texts were read")]
        constraints = [
            models.UniqueConstraint(fields=["task", "version"], name="model_version"),
            models.UniqueConstraint(
                fields=["task"], name="one_model_at_work", condition=Q(state="live")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_task_display()} {self.version}"
