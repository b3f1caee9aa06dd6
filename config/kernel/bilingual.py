"""Content that people write in Chinese and in English: two columns, one of them shown."""

from typing import Any

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


def is_chinese(language: str | None) -> bool:
    return (language or "").lower().startswith("zh")


def localized(record: Any, field: str, language: str | None = None) -> str:
    """`record.<field>_zh` or `record.<field>_en`, whichever fits the language; never empty
    while the other one is filled. `language` defaults to the active one."""
    chinese = is_chinese(language or get_language())
    first, second = ("zh", "en") if chinese else ("en", "zh")
    return getattr(record, f"{field}_{first}") or getattr(record, f"{field}_{second}") or ""


class BilingualName(models.Model):
    """Abstract: something with a name in both languages."""

    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return localized(self, "name")

    def name_in(self, language: str) -> str:
        return localized(self, "name", language)
