from __future__ import annotations

import pghistory
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from analytics.enums import Accuracy, TopicMethod


@pghistory.track()
class ReadingRules(models.Model):
    """When the machine decides alone and what it learns from. There is one; without it, the
    defaults."""

    code = models.SlugField(_("code"), unique=True, default="default", editable=False)
    decides_alone = models.BooleanField(
        _("sets the category by itself"),
        default=True,
        help_text=_("Where it is sure enough; the rest is proposed and comes to the review."),
    )
    accuracy = models.PositiveSmallIntegerField(
        _("right in so many of 100 that it decides alone"),
        choices=Accuracy,
        default=Accuracy.USUAL,
        help_text=_("The more must be right, the fewer it decides alone."),
    )
    sample_percent = models.PositiveSmallIntegerField(
        _("percent of these that people look at all the same"),
        default=5,
        validators=[MaxValueValidator(50)],
        help_text=_("Drawn at random: only so can be said how right it is."),
    )
    learns_by_itself = models.BooleanField(
        _("learns every night"),
        default=True,
        help_text=_("From what people decided, once there are 20 new decisions."),
    )
    topics_by = models.CharField(
        _("how texts are sorted into topics"),
        max_length=10,
        choices=TopicMethod,
        default=TopicMethod.WORDS,
        db_default=TopicMethod.WORDS,
        help_text=_("Where what it needs is not installed, by the words that texts share."),
    )

    class Meta:
        verbose_name = _("rules of reading")
        verbose_name_plural = _("rules of reading")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @property
    def accuracy_alone(self) -> int | None:
        """How many of 100 must be right of what is decided alone; None where nothing is."""
        return int(self.accuracy) if self.decides_alone else None
