from __future__ import annotations

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import ClockEventKind


class SLAEvent(models.Model):
    """What happened to a promise: warned, missed, moved, escalated. Never changed, never
    deleted: a trigger refuses both."""

    clock = models.ForeignKey(
        "feedback.SLAClock", models.CASCADE, related_name="events", verbose_name=_("clock")
    )
    feedback = models.ForeignKey(
        "feedback.Feedback", models.CASCADE, related_name="+", verbose_name=_("feedback")
    )
    kind = models.CharField(_("what"), max_length=10, choices=ClockEventKind)
    # The promise that it is about: another time is another promise.
    due_at = models.DateTimeField(_("due"))
    # Codes and ids only, as on the timeline.
    data = models.JSONField(_("details"), default=dict, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("event of a promise")
        verbose_name_plural = _("events of promises")
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock", "kind", "due_at"],
                condition=Q(kind__in=["warned", "breached"]),
                name="a_promise_is_warned_of_and_missed_once",
            ),
            models.CheckConstraint(
                name="an_event_of_a_promise_is_of_a_known_kind",
                condition=Q(kind__in=ClockEventKind.values),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="events_of_promises_are_append_only",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.feedback_id}"
