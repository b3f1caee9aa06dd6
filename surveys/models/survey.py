from __future__ import annotations

import uuid

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import localized
from surveys.enums import SurveyKind, SurveyStatus, VersionState


class SurveyQuerySet(models.QuerySet["Survey"]):
    def running(self) -> SurveyQuerySet:
        return self.filter(status=SurveyStatus.RUNNING)

    def kept(self) -> SurveyQuerySet:
        """Without those that were put away."""
        return self.exclude(status=SurveyStatus.ARCHIVED)

    def put_away(self) -> SurveyQuerySet:
        return self.filter(status=SurveyStatus.ARCHIVED)


@pghistory.track()
class Survey(models.Model):
    """What we ask. Its questions live in versions; this row is what stays the same."""

    slug = models.UUIDField(_("key of the link"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=SurveyKind)
    title_zh = models.CharField(_("title (Chinese)"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200)
    default_language = models.CharField(
        _("default language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans"
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    team = models.ForeignKey(
        "accounts.Team",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=SurveyStatus, default=SurveyStatus.DRAFT
    )
    # Progress, back, one-page …: how it is shown, never what is asked.
    settings = models.JSONField(_("settings"), default=dict, blank=True)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return localized(self, "title")


class SurveyVersion(models.Model):
    """The questions as they were asked. A published row is never updated (a trigger refuses)
    but for the state, so that answers always know what was on the page."""

    survey = models.ForeignKey(
        Survey, models.CASCADE, related_name="versions", verbose_name=_("survey")
    )
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(
        _("state"), max_length=10, choices=VersionState, default=VersionState.DRAFT
    )
    # pages → elements → texts per language and conditions; the only thing that is rendered.
    definition = models.JSONField(_("definition"))
    # Counts the changes of a draft: who saves says which one they had read.
    revision = models.PositiveIntegerField(_("revision"), default=0, db_default=0, editable=False)
    checksum = models.CharField(_("checksum"), max_length=64, blank=True, editable=False)
    published_at = models.DateTimeField(_("published"), null=True, blank=True, editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("published by"),
    )
    note = models.TextField(_("what changed"), blank=True)

    class Meta:
        verbose_name = _("survey version")
        verbose_name_plural = _("survey versions")
        ordering = ["survey", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "number"], name="a_version_number_is_used_once"
            ),
            models.UniqueConstraint(
                fields=["survey"],
                condition=Q(state="published"),
                name="one_published_version_of_a_survey",
            ),
            models.UniqueConstraint(
                fields=["survey"],
                condition=Q(state="draft"),
                name="one_draft_of_a_survey",
            ),
            models.CheckConstraint(
                name="a_published_version_has_a_checksum",
                condition=Q(state="draft") | ~Q(checksum=""),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="a_published_version_is_frozen",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__state__in=["published", "retired"])
                & (
                    pgtrigger.Q(old__definition__df=pgtrigger.F("new__definition"))
                    | pgtrigger.Q(old__number__df=pgtrigger.F("new__number"))
                    | pgtrigger.Q(old__checksum__df=pgtrigger.F("new__checksum"))
                    | pgtrigger.Q(old__survey_id__df=pgtrigger.F("new__survey_id"))
                    | pgtrigger.Q(new__state="draft")
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.survey} v{self.number}"
