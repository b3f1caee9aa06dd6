from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import LinkKind


class FeedbackLink(models.Model):
    """Two records that have to do with each other. Of a parent and its part, `first` is the
    parent; otherwise `first` is the older one, so that there is one row for a pair."""

    first = models.ForeignKey(
        "feedback.Feedback", models.CASCADE, related_name="+", verbose_name=_("record")
    )
    second = models.ForeignKey(
        "feedback.Feedback", models.CASCADE, related_name="+", verbose_name=_("other record")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=LinkKind)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    created_at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("link between records")
        verbose_name_plural = _("links between records")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_link_for_a_pair"),
            models.CheckConstraint(name="no_link_to_itself", condition=~Q(first=F("second"))),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} – {self.second_id}"


class NotDuplicate(models.Model):
    """Somebody looked at a pair that was suggested and said that it is two matters: it is not
    suggested again. `first` is the older record."""

    first = models.ForeignKey(
        "feedback.Feedback", models.CASCADE, related_name="+", verbose_name=_("record")
    )
    second = models.ForeignKey(
        "feedback.Feedback", models.CASCADE, related_name="+", verbose_name=_("other record")
    )
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    said_at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("pair that is no duplicate")
        verbose_name_plural = _("pairs that are no duplicates")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="a_pair_is_judged_once"),
            models.CheckConstraint(
                name="a_pair_is_judged_older_first", condition=Q(first__lt=F("second"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.first_id} ≠ {self.second_id}"
