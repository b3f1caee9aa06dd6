from __future__ import annotations

import uuid

import pghistory
from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import localized


@pghistory.track(exclude=["uses"])
class QuestionBankItem(models.Model):
    """A question that was put aside to be used in other surveys. It is copied, never referred
    to: a survey that took it keeps its own."""

    # The same in files of settings, whatever it is called.
    key = models.UUIDField(
        _("key"), default=uuid.uuid4, db_default=RandomUUID(), unique=True, editable=False
    )
    name_zh = models.CharField(_("name (Chinese)"), max_length=200)
    name_en = models.CharField(_("name (English)"), max_length=200)
    element = models.JSONField(_("question"))
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("saved by"),
    )
    # How often a survey has taken it.
    uses = models.PositiveIntegerField(_("uses"), default=0, db_default=0, editable=False)
    saved_at = models.DateTimeField(_("saved"), default=timezone.now)

    class Meta:
        verbose_name = _("question of the bank")
        verbose_name_plural = _("question bank")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return localized(self, "name")
