from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.kernel.tokens import new_secret


def new_seed() -> str:
    return new_secret(12)


class WaveQuerySet(models.QuerySet["Wave"]):
    def unfinished(self) -> WaveQuerySet:
        """Those whose people have not all been looked at."""
        return self.filter(filled_at=None)


class Wave(models.Model):
    """One time that a mailing asks its audience, which is found anew each time.

    Kept as it was then: the condition, the size and the seed of the sample. Whoever's digest
    (rules.drawing.place_in_draw) is at most `drawn_up_to` is in the sample, so that the draw
    can be gone on with after an interruption, and repeated by anybody who has the seed.
    """

    collector = models.ForeignKey(
        "surveys.Collector", models.CASCADE, related_name="waves", verbose_name=_("collector")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    # None: nobody but those of a list.
    audience = models.JSONField(_("audience"), null=True)
    fitting = models.PositiveIntegerField(_("customers who fit"), default=0)
    sample_size = models.PositiveIntegerField(_("sample of"), null=True)
    seed = models.CharField(_("seed"), max_length=40, default=new_seed)
    drawn_up_to = models.CharField(max_length=64, blank=True)
    # The last customer who was looked at.
    reached = models.BigIntegerField(default=0)
    begun_at = models.DateTimeField(_("begun"), default=timezone.now)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("by"),
    )
    filled_at = models.DateTimeField(_("everybody invited"), null=True)

    objects = WaveQuerySet.as_manager()

    class Meta:
        verbose_name = _("wave")
        verbose_name_plural = _("waves")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["collector", "number"], name="waves_of_a_collector_are_numbered"
            )
        ]
        indexes = [
            models.Index(
                fields=["collector"], name="wave_unfinished", condition=Q(filled_at__isnull=True)
            )
        ]

    def __str__(self) -> str:
        return str(_("Wave %(number)s")) % {"number": self.number}
