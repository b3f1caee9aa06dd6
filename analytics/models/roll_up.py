from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class RollUp(models.Model):
    """What one day adds up to for one value, or pair of values, of the dimensions that
    `grouping` names. Made and mended by services.rolling_up alone; numbers of rows and codes,
    never words of a customer."""

    fact = models.CharField(_("fact"), max_length=12)
    # Names of none, one or two dimensions with a space between.
    grouping = models.CharField(_("grouping"), max_length=40, blank=True)
    day = models.DateField(_("day"))
    # The values as texts; empty: without any.
    a = models.CharField(_("first value"), max_length=40, blank=True)
    b = models.CharField(_("second value"), max_length=40, blank=True)
    # In the order in which the fact names them.
    sums = ArrayField(models.BigIntegerField(), verbose_name=_("sums"))
    # The spread of durations: how often each cell of metrics.spread.
    cells = ArrayField(models.IntegerField(), null=True, verbose_name=_("cells"))
    times = ArrayField(models.IntegerField(), null=True, verbose_name=_("times"))

    class Meta:
        verbose_name = _("roll-up")
        verbose_name_plural = _("roll-ups")
        ordering = ["fact", "grouping", "day", "a", "b"]
        constraints = [
            models.UniqueConstraint(
                fields=["fact", "grouping", "day", "a", "b"], name="a_day_is_rolled_up_once"
            ),
            models.CheckConstraint(
                name="a_spread_counts_each_cell",
                condition=Q(cells=None, times=None) | Q(cells__isnull=False, times__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.fact} {self.grouping} {self.day}"


class RollUpMark(models.Model):
    """Something of this fact changed that happened in this hour: its day is to be made anew, and
    is counted from the records until then. Written by triggers, a row for each statement and
    hour; never updated, so that nobody waits for anybody."""

    fact = models.CharField(_("fact"), max_length=12)
    hour = models.DateTimeField(_("hour"))

    class Meta:
        verbose_name = _("mark of a changed day")
        verbose_name_plural = _("marks of changed days")

    def __str__(self) -> str:
        return f"{self.fact} {self.hour:%Y-%m-%d %H}"


class RollUpState(models.Model):
    """Which days of a fact are rolled up: those from `built_from` on (None: no day is), but for
    marked ones. `definition` is a digest of what was added up, and how."""

    fact = models.CharField(_("fact"), max_length=12, primary_key=True)
    definition = models.CharField(_("definition"), max_length=64)
    time_zone = models.CharField(_("time zone"), max_length=60)
    built_from = models.DateField(_("rolled up from"), null=True)

    class Meta:
        verbose_name = _("state of roll-ups")
        verbose_name_plural = _("states of roll-ups")

    def __str__(self) -> str:
        return f"{self.fact} {self.built_from}"
