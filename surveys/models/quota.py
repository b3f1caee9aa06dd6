from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _


class QuotaCountQuerySet(models.QuerySet["QuotaCount"]):
    def take(self, survey_id: int, code: str, limit: int) -> bool:
        """Take one of the `limit` places; False when none is left. One statement (two the first
        time), so that two people never get the last one."""
        mine = self.filter(survey=survey_id, code=code, taken__lt=limit)
        if mine.update(taken=F("taken") + 1):
            return True
        self.bulk_create([self.model(survey_id=survey_id, code=code)], ignore_conflicts=True)
        return bool(mine.update(taken=F("taken") + 1))


class QuotaCount(models.Model):
    """How many places of a quota are taken, over all versions of the survey."""

    survey = models.ForeignKey(
        "surveys.Survey", models.CASCADE, related_name="quota_counts", verbose_name=_("survey")
    )
    code = models.CharField(_("code"), max_length=40)
    taken = models.PositiveIntegerField(_("taken"), default=0)

    objects = QuotaCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of a quota")
        verbose_name_plural = _("counts of quotas")
        ordering = ["survey", "code"]
        constraints = [
            models.UniqueConstraint(fields=["survey", "code"], name="one_count_a_quota")
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.taken}"
