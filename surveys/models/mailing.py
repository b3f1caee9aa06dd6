from __future__ import annotations

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import is_chinese
from config.kernel.conditions.model_field import ConditionField
from surveys.enums import AudienceOf, Rhythm

MOST_REMINDERS = 3


@pghistory.track(exclude=["next_wave_at"])
class Mailing(models.Model):
    """Whom an e-mail collector invites, what the mails say, and how often they come."""

    collector = models.OneToOneField(
        "surveys.Collector",
        models.CASCADE,
        related_name="mailing",
        verbose_name=_("collector"),
    )
    audience_of = models.CharField(
        _("whom"), max_length=4, choices=AudienceOf, default=AudienceOf.PLAN
    )
    audience = ConditionField(_("condition of its own"), subject="customer", needs=())
    sample_size = models.PositiveIntegerField(
        _("sample of"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("So many of them, drawn at random for each wave. Empty: all."),
    )
    others_too = models.BooleanField(
        _("also customers who prefer another channel than e-mail"), default=False
    )
    at_their_hour = models.BooleanField(
        _("at the hour at which each customer usually writes to us"), default=False
    )
    mailbox = models.ForeignKey(
        "feedback.Mailbox",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("sender"),
        help_text=_("What people answer comes in there. Empty: the address of the installation."),
    )
    subject_zh = models.CharField(_("subject (Chinese)"), max_length=200)
    subject_en = models.CharField(_("subject (English)"), max_length=200)
    body_zh = models.TextField(_("text (Chinese)"), max_length=5000)
    body_en = models.TextField(_("text (English)"), max_length=5000)
    with_question = models.BooleanField(
        _("the first question stands in the mail"),
        default=True,
        help_text=_("Only where it is the overall satisfaction in stars."),
    )
    reminders = models.PositiveSmallIntegerField(
        _("reminders"), default=1, validators=[MaxValueValidator(MOST_REMINDERS)]
    )
    reminder_days = models.PositiveSmallIntegerField(
        _("after (days)"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(90)],
    )
    reminder_subject_zh = models.CharField(
        _("subject of reminders (Chinese)"), max_length=200, blank=True
    )
    reminder_subject_en = models.CharField(
        _("subject of reminders (English)"), max_length=200, blank=True
    )
    reminder_body_zh = models.TextField(
        _("text of reminders (Chinese)"), max_length=5000, blank=True
    )
    reminder_body_en = models.TextField(
        _("text of reminders (English)"), max_length=5000, blank=True
    )
    rhythm = models.CharField(_("repeated"), max_length=6, choices=Rhythm, default=Rhythm.ONCE)
    every = models.PositiveSmallIntegerField(
        _("every"), default=1, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    # When the next wave begins; empty while none was ordered.
    next_wave_at = models.DateTimeField(_("next wave"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("mailing of a survey")
        verbose_name_plural = _("mailings of surveys")
        indexes = [
            models.Index(
                fields=["next_wave_at"],
                name="wave_due",
                condition=Q(next_wave_at__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return str(self.collector)

    def text_in(self, name: str, language: str) -> str:
        """`name` is subject, body, reminder_subject or reminder_body. What a reminder does not
        say in this language is what the invitation says."""
        said = getattr(self, f"{name}_{'zh' if is_chinese(language) else 'en'}")
        if said or not name.startswith("reminder_"):
            return str(said)
        return self.text_in(name.removeprefix("reminder_"), language)
