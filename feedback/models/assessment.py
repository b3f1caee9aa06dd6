from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import Doubt, Mood, State, Urgency
from feedback.models.feedback import Feedback

GONE_STATES = (State.SPAM, State.MERGED)
# The reader of what is not read, so that nothing waits for it.
NOBODY = "-"


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def to_review(self) -> AssessmentQuerySet:
        """What people should look at and nobody has: the least certain first. Somebody who gave
        a record its category meanwhile has answered the question which it is."""
        settled = Q(doubt=Doubt.CATEGORY, feedback__category__isnull=False)
        found = self.exclude(doubt="").filter(reviewed_at=None).exclude(settled)
        return found.exclude(feedback__state__in=GONE_STATES).order_by("certainty", "-pk")

    def visible_to(self, user: Any) -> AssessmentQuerySet:
        return self.filter(feedback__in=Feedback.objects.visible_to(user).order_by().values("pk"))


class Assessment(models.Model):
    """How the machine read a piece of feedback. Written by services.assessing and
    services.assessment_reviews alone; whatever a person decided stands in the record itself, and
    this beside it."""

    feedback = models.OneToOneField(
        "feedback.Feedback",
        models.CASCADE,
        primary_key=True,
        related_name="assessment",
        verbose_name=_("feedback"),
    )
    read_at = models.DateTimeField(_("read"), default=timezone.now)
    # Which models and rules read it: "category 12, sentiment 3".
    reader = models.CharField(_("read by"), max_length=80, blank=True)
    # As read from the text; "" where it is too short to tell. The record's own language is what
    # we answer in.
    language = models.CharField(_("language"), max_length=10, blank=True)

    category = models.ForeignKey(
        "feedback.Category",
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("category"),
    )
    # How likely it is right, 0 to 1.
    category_confidence = models.FloatField(_("confidence in the category"), null=True)
    # The best three, [[id of the category, confidence], …].
    alternatives = models.JSONField(_("other categories"), default=list, db_default=[])
    # Further categories that it may be about, [[id, confidence or null], …].
    also = models.JSONField(_("further categories"), default=list, db_default=[])
    # Ids of those that a person said it is not about: never proposed again.
    not_also = ArrayField(
        models.BigIntegerField(),
        default=list,
        db_default=[],
        verbose_name=_("not about these categories"),
    )
    # Whether the record got its category by this.
    is_applied = models.BooleanField(_("category was set"), default=False)

    mood = models.CharField(_("sentiment"), max_length=12, choices=Mood, blank=True)
    sentiment = models.SmallIntegerField(_("sentiment (-100 to 100)"), null=True)
    sentiment_confidence = models.FloatField(_("confidence in the sentiment"), null=True)
    urgency = models.PositiveSmallIntegerField(_("urgency"), choices=Urgency, null=True)
    urgency_confidence = models.FloatField(_("confidence in the urgency"), null=True)
    keywords = ArrayField(
        models.CharField(max_length=60), default=list, db_default=[], verbose_name=_("keywords")
    )
    # Names of tags that were proposed and not set.
    tags = ArrayField(
        models.CharField(max_length=60), default=list, db_default=[], verbose_name=_("tags")
    )
    # {"category": [[words, weight], …], "sentiment": …, "urgency": …}; masked.
    reasons = models.JSONField(_("reasons"), default=dict, db_default={})
    # Kinds of personal data that it holds and how many of each, {"phone": 2}.
    personal = models.JSONField(_("personal data"), default=dict, db_default={})

    # Why a person should look at it; "" = nobody need.
    doubt = models.CharField(_("to review because"), max_length=10, choices=Doubt, blank=True)
    # By what the review is sorted: the least confidence in it, 0 to 1.
    certainty = models.FloatField(_("certainty"), default=1)
    reviewed_at = models.DateTimeField(_("reviewed"), null=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
        verbose_name=_("reviewed by"),
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        indexes = [
            models.Index(
                fields=["certainty", "-feedback"],
                name="assessment_to_review",
                condition=~Q(doubt="") & Q(reviewed_at=None),
            ),
            models.Index(fields=["read_at"], name="assessment_read"),
        ]
        constraints = [
            models.CheckConstraint(
                name="sentiment_is_of_a_hundred",
                condition=Q(sentiment=None) | Q(sentiment__range=(-100, 100)),
            ),
            models.CheckConstraint(
                name="certainty_is_a_share", condition=Q(certainty__range=(0, 1))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.feedback_id}: {self.mood}"


class NearDuplicate(models.Model):
    """A record that says nearly the same as an earlier one."""

    feedback = models.ForeignKey(
        "feedback.Feedback",
        models.CASCADE,
        related_name="near_duplicates",
        verbose_name=_("feedback"),
    )
    earlier = models.ForeignKey(
        "feedback.Feedback", models.CASCADE, related_name="said_again", verbose_name=_("earlier")
    )
    # Cosine of their letters, 0 to 1.
    similarity = models.FloatField(_("similarity"))

    class Meta:
        verbose_name = _("near-duplicate")
        verbose_name_plural = _("near-duplicates")
        ordering = ["-similarity", "-earlier"]
        constraints = [
            models.UniqueConstraint(fields=["feedback", "earlier"], name="near_duplicate_once"),
            models.CheckConstraint(
                name="only_what_came_before", condition=Q(earlier__lt=models.F("feedback"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.feedback_id} ≈ {self.earlier_id}"
