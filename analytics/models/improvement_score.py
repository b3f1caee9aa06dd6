from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.enums import ScoreScheme


class ImprovementScoreQuerySet(models.QuerySet["ImprovementScore"]):
    def newest(self) -> ImprovementScoreQuerySet:
        """Those that count: the newest of each scheme and problem or measure."""
        return self.order_by("problem_id", "measure_id", "scheme", "-pk").distinct(
            "problem_id", "measure_id", "scheme"
        )


class ImprovementScore(models.Model):
    """How somebody scored a problem or a measure. The newest counts; the others are kept."""

    problem = models.ForeignKey(
        "analytics.Problem",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="scores",
        verbose_name=_("problem"),
    )
    measure = models.ForeignKey(
        "analytics.Measure",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="scores",
        verbose_name=_("measure"),
    )
    scheme = models.CharField(_("scheme"), max_length=4, choices=ScoreScheme)
    # Name → number, as rules.scoring has them.
    inputs = models.JSONField(_("inputs"), default=dict)
    value = models.FloatField(_("value"))
    # FMEA with a severity of 9 or 10: before everything else, whatever the value.
    comes_first = models.BooleanField(_("comes first"), default=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("scored by"),
    )
    at = models.DateTimeField(_("at"), default=timezone.now)

    objects = ImprovementScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_score_is_of_a_problem_or_a_measure",
                condition=Q(problem__isnull=False, measure=None)
                | Q(problem=None, measure__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_scheme_display()} {self.value:g}"
