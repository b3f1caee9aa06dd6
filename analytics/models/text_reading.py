from __future__ import annotations

from datetime import datetime

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import Mood


class TextReadingQuerySet(models.QuerySet["TextReading"]):
    def said(
        self, since: datetime | None = None, before: datetime | None = None
    ) -> TextReadingQuerySet:
        """Within a period; `before` is excluded."""
        found = self.filter(said_at__gte=since) if since else self
        return found.filter(said_at__lt=before) if before else found

    def counted(self) -> TextReadingQuerySet:
        """What counts in figures: texts that say something."""
        return self.exclude(mood=Mood.UNDETERMINED, words=[])


class TextReading(models.Model):
    """One text as the machine read it: a customer's message, or an answer in words. Holds no
    text, only what was found in it, and its words without personal data. Written by
    services.reading alone; can be made anew at any time."""

    message = models.OneToOneField(
        "feedback.Message",
        models.CASCADE,
        null=True,
        related_name="reading",
        verbose_name=_("message"),
    )
    # Of an answer in words: its response and question. Not the answer itself, which is written
    # anew when somebody corrects it.
    response = models.ForeignKey(
        "surveys.Response", models.CASCADE, null=True, related_name="+", verbose_name=_("response")
    )
    question = models.ForeignKey(
        "surveys.Question", models.CASCADE, null=True, related_name="+", verbose_name=_("question")
    )
    # Of a message, and of an answer about a record: where the text is now. A trigger on messages
    # (migration readings_follow_messages) keeps it true when a conversation is split, so that
    # counting a million texts need not ask each message.
    feedback = models.ForeignKey(
        "feedback.Feedback",
        models.CASCADE,
        null=True,
        related_name="+",
        verbose_name=_("feedback"),
    )
    said_at = models.DateTimeField(_("said"))
    read_at = models.DateTimeField(_("read"), default=timezone.now)
    # The version of what read it (services.reading.READER): older ones are read again.
    reader = models.PositiveSmallIntegerField(_("read by version"), default=0)

    language = models.CharField(_("language"), max_length=10, blank=True)
    length = models.PositiveIntegerField(_("letters"), default=0)
    mood = models.CharField(_("sentiment"), max_length=12, choices=Mood, default=Mood.UNDETERMINED)
    sentiment = models.SmallIntegerField(_("sentiment (-100 to 100)"), null=True)
    confidence = models.FloatField(_("confidence in the sentiment"), null=True)
    is_ironic = models.BooleanField(_("may be ironic"), default=False)
    # [[start, end, score], …] in the text.
    sentences = models.JSONField(_("sentiment of sentences"), default=list, db_default=[])
    # {"id of a category": score}.
    aspects = models.JSONField(_("sentiment of aspects"), default=dict, db_default={})
    # Each word once, in the order of the text, masked; phrases are found when counting.
    words = ArrayField(
        models.CharField(max_length=60), default=list, db_default=[], verbose_name=_("words")
    )
    # [[kind, start, end], …] in the text.
    personal = models.JSONField(_("personal data"), default=list, db_default=[])
    # What nearly the same is found by (config.kernel.text.similarity).
    marks = models.BinaryField(_("marks"), null=True, editable=False)

    objects = TextReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("reading of a text")
        verbose_name_plural = _("readings of texts")
        indexes = [
            models.Index(fields=["said_at"], name="reading_said"),
            models.Index(
                fields=["mood", "said_at"], name="reading_mood", condition=~Q(mood="undetermined")
            ),
            GinIndex(fields=["words"], name="reading_words"),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_reading_is_of_one_text",
                condition=Q(message__isnull=False, response__isnull=True, question__isnull=True)
                | Q(message__isnull=True, response__isnull=False, question__isnull=False),
            ),
            models.UniqueConstraint(fields=["response", "question"], name="one_reading_an_answer"),
        ]

    def __str__(self) -> str:
        return f"{self.message_id or self.response_id}: {self.mood}"


class ReadingProgress(models.Model):
    """How far down the texts of before have been read: newest first, and again from the top when
    what reads them is newer than `reader`."""

    kind = models.CharField(_("kind"), max_length=10, primary_key=True)
    reader = models.PositiveSmallIntegerField(_("read by version"), default=0)
    below = models.BigIntegerField(_("next below"), null=True)

    class Meta:
        verbose_name = _("progress of reading")
        verbose_name_plural = _("progress of reading")

    def __str__(self) -> str:
        return f"{self.kind}: {self.below}"
