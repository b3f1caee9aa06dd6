from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import localized
from surveys.enums import DataType, QuestionRole


class Question(models.Model):
    """One row for each leaf that can hold an answer: the survey's variable dictionary. Its
    code is never used again for another meaning, so answers of all versions pool by it."""

    survey = models.ForeignKey(
        "surveys.Survey", models.CASCADE, related_name="questions", verbose_name=_("survey")
    )
    code = models.SlugField(_("code"), max_length=64)
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="leaves",
        verbose_name=_("part of"),
    )
    data_type = models.CharField(_("kind of answer"), max_length=8, choices=DataType)
    role = models.CharField(
        _("measures"), max_length=12, choices=QuestionRole, default=QuestionRole.NONE
    )
    # The ends of a scale. As fixed as the kind: 4 of 5 and 4 of 10 are different answers.
    minimum = models.FloatField(_("lowest"), null=True, blank=True)
    maximum = models.FloatField(_("highest"), null=True, blank=True)
    # The wording of the latest published version, for lists and exports.
    text_zh = models.TextField(_("text (Chinese)"), blank=True)
    text_en = models.TextField(_("text (English)"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    first_version = models.PositiveIntegerField(_("since version"))
    retired_in = models.PositiveIntegerField(_("retired in version"), null=True, blank=True)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["survey", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "code"], name="a_question_code_is_never_used_again"
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def text(self) -> str:
        return localized(self, "text")


class Choice(models.Model):
    """What can be chosen. Answers point here, never at a label."""

    question = models.ForeignKey(
        Question, models.CASCADE, related_name="choices", verbose_name=_("question")
    )
    code = models.SlugField(_("code"), max_length=40)
    score = models.FloatField(_("value"), null=True, blank=True)
    text_zh = models.CharField(_("text (Chinese)"), max_length=1000, blank=True)
    text_en = models.CharField(_("text (English)"), max_length=1000, blank=True)
    is_other = models.BooleanField(_("“other”, with a text"), default=False)
    is_exclusive = models.BooleanField(_("excludes the others"), default=False)
    # "Don't know": left out of the base of shares and means.
    is_missing = models.BooleanField(_("no opinion"), default=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    retired_in = models.PositiveIntegerField(_("retired in version"), null=True, blank=True)

    class Meta:
        verbose_name = _("choice")
        verbose_name_plural = _("choices")
        ordering = ["question", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "code"], name="a_choice_code_is_never_used_again"
            )
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def text(self) -> str:
        return localized(self, "text")
