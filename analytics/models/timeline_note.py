from __future__ import annotations

from datetime import date

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from analytics.enums import NoteKind


class TimelineNoteQuerySet(models.QuerySet["TimelineNote"]):
    def visible_to(self, user: User) -> TimelineNoteQuerySet:
        """Those for everybody and those of one's teams."""
        if user.has_perm("accounts.view_every_team"):
            return self.all()
        return self.filter(Q(team=None) | Q(team__in=user.memberships.values("team")))

    def between(self, first: date, last: date) -> TimelineNoteQuerySet:
        return self.filter(day__range=(first, last))


@pghistory.track()
class TimelineNote(models.Model):
    """Something that happened on a day and may be why figures moved: drawn on every line."""

    day = models.DateField(_("day"))
    kind = models.CharField(_("kind"), max_length=10, choices=NoteKind, default=NoteKind.OTHER)
    text = models.CharField(_("what happened"), max_length=120)
    link = models.URLField(_("link"), max_length=500, blank=True)
    team = models.ForeignKey(
        "accounts.Team",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only for a team"),
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    objects = TimelineNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on the time line")
        verbose_name_plural = _("notes on the time line")
        ordering = ["-day", "-pk"]
        indexes = [models.Index(fields=["day"], name="timeline_notes_by_day")]

    def __str__(self) -> str:
        return f"{self.day}: {self.text}"
