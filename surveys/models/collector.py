from __future__ import annotations

import re
from datetime import datetime

import pghistory
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.kernel.tokens import new_secret
from surveys.enums import (
    MAILING_CHANNELS,
    CollectorChannel,
    DuplicatePolicy,
    Sending,
    SurveyStatus,
)

ORIGIN = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")


def new_token() -> str:
    return new_secret(12)


class CollectorQuerySet(models.QuerySet["Collector"]):
    def open(self, now: datetime) -> CollectorQuerySet:
        """Taking answers: switched on, inside its window, of a survey that runs."""
        return self.filter(
            Q(opens_at=None) | Q(opens_at__lte=now),
            Q(closes_at=None) | Q(closes_at__gt=now),
            is_active=True,
            survey__status=SurveyStatus.RUNNING,
        )


@pghistory.track(exclude=["sending_since", "sending_by"])
class Collector(models.Model):
    """One way by which a survey reaches people, with its window and its limits."""

    survey = models.ForeignKey(
        "surveys.Survey", models.CASCADE, related_name="collectors", verbose_name=_("survey")
    )
    name = models.CharField(_("name"), max_length=120)
    channel = models.CharField(_("channel"), max_length=10, choices=CollectorChannel)
    token = models.CharField(
        _("key of the link"), max_length=40, unique=True, default=new_token, editable=False
    )
    is_active = models.BooleanField(_("active"), default=True)
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    response_limit = models.PositiveIntegerField(_("at most"), null=True, blank=True)
    duplicates = models.CharField(
        _("duplicates"), max_length=10, choices=DuplicatePolicy, default=DuplicatePolicy.TOKEN
    )
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, blank=True
    )
    # Follow-up collectors: how long after resolving to ask.
    delay = models.DurationField(
        _("ask after"),
        null=True,
        blank=True,
        help_text=_("After feedback was resolved: hours:minutes:seconds, or “1 00:00:00” a day."),
    )
    # Contact rules: how rarely one person is asked.
    quiet_days = models.PositiveSmallIntegerField(_("not within (days) of any survey"), default=14)
    same_survey_days = models.PositiveSmallIntegerField(
        _("not within (days) of this survey"), default=14
    )
    valid_days = models.PositiveSmallIntegerField(_("a link can be used (days)"), default=30)
    # Embedded and as a pop-up: in which pages, and for whom.
    sites = models.TextField(
        _("pages it may stand in"),
        blank=True,
        default="",
        db_default="",
        help_text=_("One address a line, as https://www.example.com; no other page can show it."),
    )
    popup_delay = models.PositiveSmallIntegerField(
        _("opens after (seconds)"), default=10, db_default=10
    )
    popup_percent = models.PositiveSmallIntegerField(
        _("share of visitors who see it (%)"),
        default=100,
        db_default=100,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    variants = models.JSONField(_("variants"), default=dict, blank=True, editable=False)

    # Whether its invitations leave, and who decided that (services.campaigns).
    sending = models.CharField(
        _("sending"),
        max_length=8,
        choices=Sending,
        default=Sending.ON,
        db_default=Sending.ON,
        editable=False,
    )
    sending_since = models.DateTimeField(_("since"), null=True, blank=True, editable=False)
    sending_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("by"),
    )

    objects = CollectorQuerySet.as_manager()

    class Meta:
        verbose_name = _("collector")
        verbose_name_plural = _("collectors")
        ordering = ["survey", "pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def origins(self) -> list[str]:
        """The pages it may stand in, as a browser names them. They go into a header: what is no
        origin, however it came here, is none."""
        return [one for one in self.sites.split() if ORIGIN.fullmatch(one)]

    @property
    def sends_mail(self) -> bool:
        """Whether it asks people by mail."""
        return self.channel in MAILING_CHANNELS

    def is_open(self, now: datetime) -> bool:
        """The same question for one collector whose survey is at hand."""
        begun = self.opens_at is None or self.opens_at <= now
        lasting = self.closes_at is None or now < self.closes_at
        return self.is_active and begun and lasting and self.survey.status == SurveyStatus.RUNNING
