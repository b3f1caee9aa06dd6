from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _


class FeedbackQuality(models.Model):
    """How much a record tells, and why. Written by services.quality alone."""

    feedback = models.OneToOneField(
        "feedback.Feedback",
        models.DO_NOTHING,  # a trigger takes it away, also when the record goes by SQL
        primary_key=True,
        db_constraint=False,
        related_name="quality",
        verbose_name=_("feedback"),
    )
    score = models.PositiveSmallIntegerField(_("quality"), validators=[MaxValueValidator(100)])
    targeted = models.PositiveSmallIntegerField(_("targeted"), validators=[MaxValueValidator(100)])
    authentic = models.PositiveSmallIntegerField(
        _("authentic"), validators=[MaxValueValidator(100)]
    )
    specific = models.PositiveSmallIntegerField(_("specific"), validators=[MaxValueValidator(100)])
    timely = models.PositiveSmallIntegerField(_("timely"), validators=[MaxValueValidator(100)])
    # Codes of rules.quality.REASONS.
    reasons = ArrayField(models.CharField(max_length=30), verbose_name=_("reasons"))
    # Of the folded letters: who says the same.
    digest = models.BinaryField(_("digest"), max_length=16, editable=False)
    judged_at = models.DateTimeField(_("judged"), auto_now=True)

    class Meta:
        verbose_name = _("quality of feedback")
        verbose_name_plural = _("quality of feedback")
        indexes = [
            models.Index(fields=["digest"], name="quality_digest"),
            models.Index(fields=["score"], name="quality_score"),
        ]
        constraints = [
            models.CheckConstraint(
                name="quality_is_a_percentage", condition=models.Q(score__range=(0, 100))
            )
        ]

    def __str__(self) -> str:
        return str(self.score)
