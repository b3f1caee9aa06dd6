from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def of(self, user: User) -> SuggestionQuerySet:
        """What this person handed in under their name."""
        return self.filter(author=user)


class Suggestion(models.Model):
    """What makes a record the suggestion of somebody who works here. Written by
    services.suggestions alone. Of an anonymous one nobody knows the author: it is not stored."""

    feedback = models.OneToOneField(
        "feedback.Feedback",
        models.CASCADE,
        primary_key=True,
        related_name="suggestion",
        verbose_name=_("feedback"),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("handed in by"),
    )
    is_anonymous = models.BooleanField(_("anonymous"), default=False)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.feedback_id}"
