from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import NegativePointKind


class NegativeCase(models.Model):
    """A record that is treated as negative feedback, with what is done about it."""

    feedback = models.OneToOneField(
        "feedback.Feedback",
        models.CASCADE,
        primary_key=True,
        related_name="negative_case",
        verbose_name=_("feedback"),
    )
    started_at = models.DateTimeField(_("since"), default=timezone.now)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("found by"),
    )
    # Why it may be resolved although something required is missing.
    excuse = models.TextField(_("resolved without, because"), blank=True)
    excused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("said by"),
    )

    class Meta:
        verbose_name = _("negative feedback")
        verbose_name_plural = _("negative feedback")
        ordering = ["-started_at"]

    def __str__(self) -> str:
        return f"#{self.feedback_id}"


class NegativePoint(models.Model):
    """One of the things that are done about it: what, by whom, when."""

    case = models.ForeignKey(
        NegativeCase, models.CASCADE, related_name="points", verbose_name=_("negative feedback")
    )
    kind = models.CharField(_("what"), max_length=12, choices=NegativePointKind)
    text = models.TextField(_("in words"), blank=True)
    done_at = models.DateTimeField(_("done"), null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("done by"),
    )

    class Meta:
        verbose_name = _("point of negative feedback")
        verbose_name_plural = _("points of negative feedback")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["case", "kind"], name="a_point_is_there_once")
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())
