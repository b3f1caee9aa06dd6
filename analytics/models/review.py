from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.enums import TextTask


class ReviewQuerySet(models.QuerySet["Review"]):
    def first_looks(self) -> ReviewQuerySet:
        """What counts: a second look only says how far people agree."""
        return self.filter(is_second=False)

    def samples(self) -> ReviewQuerySet:
        """Of what the machine was sure of: they say how right it is there."""
        return self.first_looks().filter(is_sample=True)


class Review(models.Model):
    """What a person said about one thing that the machine had read of a record: agreed or
    corrected. Models learn from them and are measured by those of random samples. Nothing is
    changed later; what is taken back within minutes goes."""

    feedback = models.ForeignKey(
        "feedback.Feedback", models.CASCADE, related_name="+", verbose_name=_("feedback")
    )
    task = models.CharField(_("task"), max_length=12, choices=TextTask)
    # Ids of categories, values of Mood, levels of urgency; "" = the machine said nothing.
    predicted = models.CharField(_("as it was read"), max_length=20, blank=True)
    # "" = a further category that was proposed, and is none.
    chosen = models.CharField(_("as it is"), max_length=20, blank=True)
    confidence = models.FloatField(_("confidence"), null=True)
    model_version = models.PositiveIntegerField(_("version of the model"), default=0)
    # Drawn at random from what the machine was sure of: only these say how right it is there.
    is_sample = models.BooleanField(_("random sample"), default=False)
    # Drawn at random from everything that was read, doubtful or not (selectors.drawing): only
    # these say how right it is altogether.
    is_drawn = models.BooleanField(_("drawn from everything"), default=False, db_default=False)
    # Somebody looked who did not know what the first one had said: says how far people agree, and
    # changes nothing.
    is_second = models.BooleanField(_("second look"), default=False, db_default=False)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("reviewed by"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        indexes = [
            models.Index(fields=["task", "-at"], name="review_of_task"),
            models.Index(
                fields=["feedback"], name="review_drawn", condition=models.Q(is_drawn=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.feedback_id}: {self.predicted} → {self.chosen}"

    @property
    def agrees(self) -> bool:
        return self.predicted == self.chosen
