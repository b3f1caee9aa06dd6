from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from analytics.enums import TopicMethod, TopicState


class TopicSet(models.Model):
    """The topics of one choice of texts, and how far the search for them is. Written by
    services.topics; the usual set, of all texts, has no filters."""

    # The filters as one canonical query string, without the period: one set for each choice.
    key = models.CharField(_("filters"), max_length=500, unique=True, blank=True)
    # The same as {parameter of the URL: value}.
    filters = models.JSONField(_("filters"), default=dict)
    # Texts of so many days up to today are looked at.
    days = models.PositiveIntegerField(_("days"))
    state = models.CharField(_("state"), max_length=10, choices=TopicState)
    ordered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("ordered by"),
    )
    ordered_at = models.DateTimeField(_("ordered"), default=timezone.now)
    # Since it was ordered: how often a worker began.
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    # When there were topics last; none where there were too few texts.
    found_at = models.DateTimeField(_("found"), null=True)
    texts = models.PositiveIntegerField(_("texts"), default=0)
    # Mean NPMI of the first words of all topics, -1 to 1.
    coherence = models.FloatField(_("coherence"), null=True)

    # How the last search sorted the texts.
    found_by = models.CharField(
        _("found by"),
        max_length=10,
        choices=TopicMethod,
        default=TopicMethod.WORDS,
        db_default=TopicMethod.WORDS,
    )

    class Meta:
        verbose_name = _("set of topics")
        verbose_name_plural = _("sets of topics")

    def __str__(self) -> str:
        return f"{self.key}: {self.state}"

    @property
    def is_under_way(self) -> bool:
        return self.state in {TopicState.ORDERED, TopicState.RUNNING}

    @property
    def is_late(self) -> bool:
        """Ordered a while ago, and no worker began."""
        return self.state == TopicState.ORDERED and (
            timezone.now() - self.ordered_at > timedelta(minutes=2)
        )
