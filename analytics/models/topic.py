from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import localized

LABELLED_BY = 4  # words that stand for a topic without a name


class TopicQuerySet(models.QuerySet["Topic"]):
    def current(self) -> TopicQuerySet:
        """Those that the last search found."""
        return self.filter(archived_at=None)

    def named(self) -> TopicQuerySet:
        return self.exclude(name_zh="", name_en="")


@pghistory.track(exclude=["topic_set", "words", "coherence", "created_at", "archived_at"])
class Topic(models.Model):
    """What some texts of a set are about. It stays the same one as long as a search finds its
    words again; what was not found is archived and comes back when it is. Written by
    services.topics."""

    topic_set = models.ForeignKey(
        "analytics.TopicSet", models.CASCADE, related_name="topics", verbose_name=_("set")
    )
    # Given by people; without one its words stand for it.
    name_zh = models.CharField(_("name (Chinese)"), max_length=80, blank=True)
    name_en = models.CharField(_("name (English)"), max_length=80, blank=True)
    # [[word, weight], …], the most telling first.
    words = models.JSONField(_("words"), default=list)
    # Mean NPMI of its first words, -1 to 1.
    coherence = models.FloatField(_("coherence"), default=0)
    created_at = models.DateTimeField(_("first found"), default=timezone.now)
    archived_at = models.DateTimeField(_("no longer found"), null=True, blank=True)

    objects = TopicQuerySet.as_manager()

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        indexes = [
            models.Index(
                fields=["topic_set"], name="topics_of_now", condition=Q(archived_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """Its name in the language of the reader, or else in the other one; or its words."""
        name = localized(self, "name") or self.name_zh or self.name_en
        return name or self.first_words

    @property
    def first_words(self) -> str:
        return " · ".join(word for word, _weight in self.words[:LABELLED_BY])

    @property
    def top_words(self) -> list[str]:
        return [word for word, _weight in self.words[:10]]
