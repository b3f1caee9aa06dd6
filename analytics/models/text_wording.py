from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pghistory
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from analytics.errors import WordingRefused
from analytics.rules.wording import own_words_of, stop_words_of, synonyms_of

LONGEST = 20_000  # letters of a field


def _checked(read: Callable[[str], Any], text: str) -> None:
    try:
        read(text)
    except WordingRefused as refusal:
        raise ValidationError(str(refusal.message), code=refusal.code) from refusal


def stop_words_can_be_read(text: str) -> None:
    _checked(stop_words_of, text)


def synonyms_can_be_read(text: str) -> None:
    _checked(synonyms_of, text)


def own_words_can_be_read(text: str) -> None:
    _checked(own_words_of, text)


@pghistory.track()
class TextWording(models.Model):
    """Which words count in texts, beside what the program knows by itself, as typed. There is
    one; without it, none."""

    code = models.SlugField(_("code"), unique=True, default="default", editable=False)
    stop_words = models.TextField(
        _("words that are not counted"),
        blank=True,
        validators=[MaxLengthValidator(LONGEST), stop_words_can_be_read],
        help_text=_("One a line, or with commas between them. Common words are left out anyway."),
    )
    synonyms = models.TextField(
        _("words that count as one"),
        blank=True,
        validators=[MaxLengthValidator(LONGEST), synonyms_can_be_read],
        help_text=_("A line for each: the word that is shown = others that mean the same."),
    )
    own_words = models.TextField(
        _("words that are never cut"),
        blank=True,
        validators=[MaxLengthValidator(LONGEST), own_words_can_be_read],
        help_text=_("Names of products and the like that no dictionary has."),
    )

    class Meta:
        verbose_name = _("words of the company")
        verbose_name_plural = _("words of the company")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)
