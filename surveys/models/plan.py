from __future__ import annotations

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config.kernel.conditions.model_field import ConditionField
from surveys.enums import CollectorChannel, PlanStep


def ensure_channels(value: object) -> None:
    if not isinstance(value, list) or not {str(one) for one in value} <= set(
        CollectorChannel.values
    ):
        raise ValidationError(_("These methods are not known."))


@pghistory.track()
class SurveyPlan(models.Model):
    """Why a survey is made, whom it asks, when, and how many answers are enough."""

    survey = models.OneToOneField(
        "surveys.Survey", models.CASCADE, related_name="plan", verbose_name=_("survey")
    )
    goal = models.TextField(
        _("goal"),
        help_text=_("What will be decided by the answers? One or two sentences."),
        max_length=2000,
    )
    audience = ConditionField(_("audience"), subject="customer", needs=())
    # Who is meant by the audience when it is more than the customers we know.
    population = models.PositiveIntegerField(
        _("people it is about"),
        null=True,
        blank=True,
        help_text=_("Empty: the customers who fit the audience."),
        validators=[MinValueValidator(1)],
    )
    channels = models.JSONField(
        _("methods"), default=list, blank=True, validators=[ensure_channels]
    )
    opens_on = models.DateField(_("from"), null=True, blank=True)
    closes_on = models.DateField(_("to"), null=True, blank=True)
    # In points of a percentage: ± 4.
    margin = models.DecimalField(
        _("margin of error (± points)"),
        max_digits=4,
        decimal_places=1,
        default=5,
        validators=[MinValueValidator(0.5), MaxValueValidator(25)],
    )
    confidence = models.PositiveSmallIntegerField(
        _("confidence"), default=95, choices=[(90, "90 %"), (95, "95 %"), (99, "99 %")]
    )
    response_rate = models.PositiveSmallIntegerField(
        _("expected response rate (%)"),
        default=15,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )

    class Meta:
        verbose_name = _("survey plan")
        verbose_name_plural = _("survey plans")
        constraints = [
            models.CheckConstraint(
                name="a_survey_closes_after_it_opens",
                condition=Q(opens_on=None) | Q(closes_on=None) | Q(closes_on__gte=F("opens_on")),
                violation_error_message=_("The window ends before it begins."),
            )
        ]

    def __str__(self) -> str:
        return str(self.survey)

    @property
    def channel_labels(self) -> list[str]:
        return [str(CollectorChannel(code).label) for code in self.channels]


@pghistory.track()
class PlannedStep(models.Model):
    """When one step of a survey is due, whose it is, and when it was done."""

    plan = models.ForeignKey(
        SurveyPlan, models.CASCADE, related_name="steps", verbose_name=_("plan")
    )
    step = models.CharField(_("step"), max_length=10, choices=PlanStep)
    due_on = models.DateField(_("due"), null=True, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("whose"),
    )
    done_on = models.DateField(_("done"), null=True, blank=True)

    class Meta:
        verbose_name = _("step of a plan")
        verbose_name_plural = _("steps of a plan")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "step"], name="each_step_once_in_a_plan")
        ]

    def __str__(self) -> str:
        return self.get_step_display()
