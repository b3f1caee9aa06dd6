from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from feedback.enums import BulkAction, ItemOutcome, JobState

UNDO_WITHIN = timedelta(hours=24)
SILENT_FOR = timedelta(seconds=60)  # then whoever worked on it is believed dead


class BulkJobQuerySet(models.QuerySet["BulkJob"]):
    def of(self, user: User) -> BulkJobQuerySet:
        """Everybody sees their own."""
        return self.filter(by=user)

    def under_way(self) -> BulkJobQuerySet:
        return self.filter(state__in=[JobState.QUEUED, JobState.RUNNING])

    def abandoned(self, now: datetime) -> BulkJobQuerySet:
        """Under way, and nobody has shown a sign of life for a while."""
        return self.under_way().filter(beat_at__lt=now - SILENT_FOR)


class BulkJob(models.Model):
    """One change to many records, done in the background. Which records is settled when it is
    ordered (BulkItem); each is changed by the service for one, with the rights that whoever
    ordered it has at that moment."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("by")
    )
    action = models.CharField(_("what"), max_length=10, choices=BulkAction)
    # The value, as ids and plain words: {"status": 4}, {"tag": "leak"}.
    params = models.JSONField(_("to what"), default=dict)
    list_query = models.TextField(_("list"), blank=True)
    undo_of = models.OneToOneField(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="undone_by",
        verbose_name=_("takes back"),
    )
    state = models.CharField(_("state"), max_length=9, choices=JobState, default=JobState.QUEUED)
    total = models.PositiveIntegerField(_("records"), default=0)
    changed = models.PositiveIntegerField(_("changed"), default=0)
    unchanged = models.PositiveIntegerField(_("were like that already"), default=0)
    refused = models.PositiveIntegerField(_("not changed"), default=0)
    created_at = models.DateTimeField(_("ordered"), default=timezone.now)
    # What colleagues did to a record later than this is not overwritten.
    as_of = models.DateTimeField(
        _("as of"), default=timezone.now, db_default=Now(), editable=False
    )
    started_at = models.DateTimeField(_("begun"), null=True, blank=True)
    beat_at = models.DateTimeField(_("last sign of life"), default=timezone.now)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)
    # Whom to tell of what in the end, as one notification each: "kind:user" → [first, count].
    notices = models.JSONField(_("notifications"), default=dict, editable=False)

    objects = BulkJobQuerySet.as_manager()

    class Meta:
        verbose_name = _("bulk change")
        verbose_name_plural = _("bulk changes")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["by", "-id"], name="bulk_jobs_of_person"),
            models.Index(
                fields=["beat_at"],
                name="bulk_jobs_under_way",
                condition=Q(state__in=["queued", "running"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} #{self.pk}"

    @property
    def done(self) -> int:
        return self.changed + self.unchanged + self.refused

    @property
    def percent(self) -> int:
        return 100 if not self.total else min(100, self.done * 100 // self.total)

    @property
    def is_under_way(self) -> bool:
        return self.state in {JobState.QUEUED, JobState.RUNNING}

    def may_be_undone(self, now: datetime) -> bool:
        """For a day after it ended, once; an undo is not undone."""
        return (
            not self.is_under_way
            and self.changed > 0
            and self.action != BulkAction.UNDO
            and not hasattr(self, "undone_by")
            and self.finished_at is not None
            and now - self.finished_at < UNDO_WITHIN
        )


class BulkItem(models.Model):
    """One record of a bulk change, and what came of it."""

    job = models.ForeignKey(BulkJob, models.CASCADE, related_name="items", verbose_name=_("job"))
    feedback = models.ForeignKey(
        "feedback.Feedback", models.CASCADE, related_name="+", verbose_name=_("feedback")
    )
    outcome = models.CharField(
        _("what came of it"), max_length=9, choices=ItemOutcome, default=ItemOutcome.WAITING
    )
    sentence = models.TextField(_("why not"), blank=True)
    # What it had before, as services.bulk wants it for undoing, and its version since.
    before = models.JSONField(_("before"), null=True)
    version = models.PositiveIntegerField(_("version"), null=True)

    class Meta:
        verbose_name = _("record of a bulk change")
        verbose_name_plural = _("records of bulk changes")
        ordering = ["pk"]
        indexes = [models.Index(fields=["job", "outcome", "id"], name="bulk_items_by_outcome")]
        constraints = [
            models.UniqueConstraint(fields=["job", "feedback"], name="a_record_once_in_a_job")
        ]

    def __str__(self) -> str:
        return f"{self.job_id}: {self.feedback_id}"
