from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class GatheringNote(models.Model):
    """What somebody said at an event, as a member of staff took it down."""

    gathering = models.ForeignKey(
        "surveys.Gathering",
        models.CASCADE,
        related_name="notes",
        verbose_name=pgettext_lazy("people come together", "event"),
    )
    # Who said it; None: the group, or nobody in particular.
    booking = models.ForeignKey(
        "surveys.Booking",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="notes",
        verbose_name=_("participant"),
    )
    text = models.TextField(_("text"), max_length=20_000)
    feedback = models.ForeignKey(
        "feedback.Feedback",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("feedback"),
    )
    # The same page sent twice is one note.
    key = models.CharField(_("key"), max_length=64, unique=True, editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        verbose_name = _("note at an event")
        verbose_name_plural = _("notes at events")
        ordering = ["created_at", "pk"]

    def __str__(self) -> str:
        return f"{self.gathering_id}: {self.pk}"
