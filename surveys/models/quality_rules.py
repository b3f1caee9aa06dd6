from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from surveys.enums import QualityFlag, QualityPolicy
from surveys.rules.quality import Thresholds

MOST_CONTRADICTIONS = 30
_USUAL = Thresholds()


def ensure_conditions(value: object) -> None:
    if (
        not isinstance(value, list)
        or len(value) > MOST_CONTRADICTIONS
        or not all(isinstance(one, str) and 0 < len(one) <= 4000 for one in value)
    ):
        raise ValidationError(_("These must be conditions, each written as text."))


def ensure_codes(value: object) -> None:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValidationError(_("These must be codes of rows."))


@pghistory.track(exclude=["changed_at"])
class QualityRules(models.Model):
    """From where on a response of a survey is flagged, and what becomes of it then. A survey
    without a row has the defaults."""

    survey = models.OneToOneField(
        "surveys.Survey", models.CASCADE, related_name="quality_rules", verbose_name=_("survey")
    )
    policy = models.CharField(
        _("what becomes of flagged responses"),
        max_length=5,
        choices=QualityPolicy,
        default=QualityPolicy.FLAG,
    )
    hold_from = models.PositiveSmallIntegerField(
        _("held back from (points)"),
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
    )
    off = ArrayField(
        models.CharField(max_length=20, choices=QualityFlag),
        verbose_name=_("not looked for"),
        default=list,
        blank=True,
    )
    item_seconds = models.DecimalField(
        _("seconds that an answer takes at least"),
        max_digits=3,
        decimal_places=1,
        default=_USUAL.item_seconds,
        validators=[MinValueValidator(0), MaxValueValidator(30)],
    )
    reading_factor = models.DecimalField(
        _("so many times faster than usual somebody may read"),
        max_digits=3,
        decimal_places=1,
        default=_USUAL.reading_factor,
        validators=[MinValueValidator(1), MaxValueValidator(20)],
    )
    median_percent = models.PositiveSmallIntegerField(
        _("fast below so many percent of the time of others"),
        default=_USUAL.median_percent,
        validators=[MinValueValidator(5), MaxValueValidator(90)],
    )
    median_needs = models.PositiveIntegerField(
        _("once there are so many responses"),
        default=_USUAL.median_needs,
        validators=[MinValueValidator(10)],
    )
    straight_rows = models.PositiveSmallIntegerField(
        _("rows from which the same answer is looked at"),
        default=_USUAL.straight_rows,
        validators=[MinValueValidator(3), MaxValueValidator(50)],
    )
    text_weight = models.PositiveSmallIntegerField(
        _("texts are compared from (Chinese characters; two letters count as one)"),
        default=_USUAL.text_weight,
        validators=[MinValueValidator(4), MaxValueValidator(500)],
    )
    like_percent = models.PositiveSmallIntegerField(
        _("nearly the same from (percent in common)"),
        default=_USUAL.like_percent,
        validators=[MinValueValidator(60), MaxValueValidator(100)],
    )
    contradictions = models.JSONField(
        _("what cannot hold at the same time"),
        default=list,
        blank=True,
        validators=[ensure_conditions],
    )
    turned_rows = models.JSONField(
        _("rows that say the opposite of the others"),
        default=list,
        blank=True,
        validators=[ensure_codes],
    )
    # Tells one run over all responses from the next.
    changed_at = models.DateTimeField(_("changed"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("rules for the quality of responses")
        verbose_name_plural = _("rules for the quality of responses")

    def __str__(self) -> str:
        return str(self.survey)

    @property
    def holds_back(self) -> bool:
        return self.policy == QualityPolicy.HOLD

    @property
    def thresholds(self) -> Thresholds:
        return Thresholds(
            item_seconds=float(self.item_seconds),
            reading_factor=float(self.reading_factor),
            median_percent=self.median_percent,
            median_needs=self.median_needs,
            straight_rows=self.straight_rows,
            text_weight=self.text_weight,
            like_percent=self.like_percent,
            off=frozenset(self.off),
            contradictions=tuple(self.contradictions),
            turned_rows=frozenset(self.turned_rows),
        )


class AnswerTimes(models.Model):
    """How long people usually take for the pages of a version, and how often they answer a block
    straight: measured now and then (services.quality_times), asked with each response."""

    version = models.OneToOneField(
        "surveys.SurveyVersion",
        models.CASCADE,
        primary_key=True,
        related_name="times",
        verbose_name=_("version"),
    )
    pages = models.JSONField(_("pages"), default=dict)  # code → [n, median in ms]
    straight = models.JSONField(_("straight blocks"), default=dict)  # code → [n, share]
    measured_at = models.DateTimeField(_("measured"), default=timezone.now)

    class Meta:
        verbose_name = _("usual times of a version")
        verbose_name_plural = _("usual times of versions")

    def __str__(self) -> str:
        return str(self.version)
