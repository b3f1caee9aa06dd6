from __future__ import annotations

from datetime import datetime, timedelta

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import is_chinese
from surveys.enums import CallOutcome

# Who began a call and never said what came of it: others may call after that.
LONGEST_CALL = timedelta(minutes=45)


@pghistory.track()
class CallScript(models.Model):
    """What is said when a survey is asked on the phone, before the first question."""

    survey = models.OneToOneField(
        "surveys.Survey",
        models.CASCADE,
        related_name="call_script",
        verbose_name=_("survey"),
    )
    intro_zh = models.TextField(_("introduction (Chinese)"), max_length=2000)
    intro_en = models.TextField(_("introduction (English)"), max_length=2000)

    class Meta:
        verbose_name = _("phone script")
        verbose_name_plural = _("phone scripts")

    def __str__(self) -> str:
        return str(self.survey)

    def intro_in(self, language: str) -> str:
        return self.intro_zh if is_chinese(language) else self.intro_en


class PhoneCallQuerySet(models.QuerySet["PhoneCall"]):
    def going_on(self, now: datetime) -> PhoneCallQuerySet:
        """Begun not long ago, and nobody has said how it ended."""
        return self.filter(outcome="", began_at__gt=now - LONGEST_CALL)


class PhoneCall(models.Model):
    """One time that somebody was called with the questions of a survey, or is being called."""

    survey = models.ForeignKey(
        "surveys.Survey", models.CASCADE, related_name="calls", verbose_name=_("survey")
    )
    # Both empty: somebody who is not known to us.
    customer = models.ForeignKey(
        "accounts.Customer",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customer"),
    )
    invitation = models.ForeignKey(
        "surveys.Invitation",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="calls",
        verbose_name=_("invitation"),
    )
    # What has been taken down so far.
    response = models.ForeignKey(
        "surveys.Response",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="calls",
        verbose_name=_("response"),
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("called by"),
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    began_at = models.DateTimeField(_("begun"), default=timezone.now)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=12, choices=CallOutcome, blank=True)
    again_at = models.DateTimeField(_("call again at"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = PhoneCallQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey call")
        verbose_name_plural = _("survey calls")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["survey", "-id"], name="call_of_survey"),
            models.Index(fields=["customer", "-id"], name="call_of_customer"),
            models.Index(fields=["agent", "-id"], name="call_going_on", condition=Q(outcome="")),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_call_that_ended_has_an_outcome",
                condition=Q(outcome="", ended_at=None)
                | (~Q(outcome="") & Q(ended_at__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return f"{self.survey} {self.began_at:%Y-%m-%d %H:%M}"

    @property
    def is_over(self) -> bool:
        return bool(self.outcome)
