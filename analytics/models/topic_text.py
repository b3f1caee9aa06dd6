from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class TopicText(models.Model):
    """A text that was looked at for a set, and its topic; none where it is about nothing that
    others are about. Replaced as a whole by the next search."""

    topic_set = models.ForeignKey(
        "analytics.TopicSet", models.CASCADE, related_name="+", verbose_name=_("set")
    )
    topic = models.ForeignKey(
        "analytics.Topic", models.CASCADE, null=True, related_name="+", verbose_name=_("topic")
    )
    reading = models.ForeignKey(
        "analytics.TextReading", models.CASCADE, related_name="topics", verbose_name=_("text")
    )

    class Meta:
        verbose_name = _("text of a topic")
        verbose_name_plural = _("texts of topics")

    def __str__(self) -> str:
        return f"{self.reading_id}: {self.topic_id}"
