from __future__ import annotations

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from surveys.enums import PaperLanguage, PaperSize, PaperState

MOST_FORMS = 500


class PaperBatch(models.Model):
    """Forms that were printed together: of one version, each with a number of its own."""

    survey = models.ForeignKey(
        "surveys.Survey", models.CASCADE, related_name="paper_batches", verbose_name=_("survey")
    )
    version = models.ForeignKey(
        # They go together with their survey, and not without it.
        "surveys.SurveyVersion",
        models.RESTRICT,
        related_name="+",
        verbose_name=_("version"),
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    language = models.CharField(
        _("language"), max_length=10, choices=PaperLanguage, default=PaperLanguage.CHINESE
    )
    size = models.CharField(_("paper"), max_length=6, choices=PaperSize, default=PaperSize.A4)
    # Of the forms without a number that came besides, too.
    twice_percent = models.PositiveSmallIntegerField(
        _("entered twice (%)"),
        default=10,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("So many of a hundred forms, drawn at random, are entered by two people."),
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )

    class Meta:
        verbose_name = _("batch of paper forms")
        verbose_name_plural = _("batches of paper forms")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name or f"{self.survey} {self.made_at:%Y-%m-%d}"


class PaperFormQuerySet(models.QuerySet["PaperForm"]):
    def entered(self) -> PaperFormQuerySet:
        """Somebody has entered it at least once."""
        return self.exclude(state=PaperState.OPEN)


class PaperForm(models.Model):
    """One sheet or stapled set with a number, and how far it has been entered."""

    batch = models.ForeignKey(
        PaperBatch, models.CASCADE, related_name="forms", verbose_name=_("batch")
    )
    # Unique in this installation: the number alone says which survey it is.
    serial = models.PositiveIntegerField(_("number"), unique=True)
    # It came without a number, which was written on it when it was entered.
    is_extra = models.BooleanField(_("without a printed number"), default=False)
    is_twice = models.BooleanField(_("is entered twice"), default=False)
    state = models.CharField(
        _("state"), max_length=10, choices=PaperState, default=PaperState.OPEN
    )
    response = models.OneToOneField(
        "surveys.Response",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="paper_form",
        verbose_name=_("response"),
    )
    # Of a form entered twice: fields that were compared, and those that differed.
    compared = models.PositiveSmallIntegerField(default=0)
    differing = models.PositiveSmallIntegerField(default=0)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)

    objects = PaperFormQuerySet.as_manager()

    class Meta:
        verbose_name = _("paper form")
        verbose_name_plural = _("paper forms")
        ordering = ["serial"]
        indexes = [
            models.Index(
                fields=["batch", "changed_at"],
                name="paper_form_waiting",
                condition=Q(state__in=["once", "differs"]),
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """As it is printed."""
        return f"{self.serial:06}"


class PaperEntry(models.Model):
    """What one person read on a form: {field: what was keyed in}. Emptied when the form counts:
    the response has it then."""

    form = models.ForeignKey(
        PaperForm, models.CASCADE, related_name="entries", verbose_name=_("paper form")
    )
    place = models.PositiveSmallIntegerField(_("entry"))  # 1, 2
    fields = models.JSONField(_("fields"), default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    key = models.CharField(  # the same page sent twice is one entry
        max_length=64, unique=True, null=True, blank=True
    )
    at = models.DateTimeField(_("entered"), default=timezone.now)

    class Meta:
        verbose_name = _("entry of a paper form")
        verbose_name_plural = _("entries of paper forms")
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["form", "place"], name="entries_of_a_form_are_two"),
            models.CheckConstraint(
                name="a_form_is_entered_twice_at_most", condition=Q(place__in=[1, 2])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.form} {self.place}"
