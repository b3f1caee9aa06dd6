import pghistory
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


@pghistory.track()
class Skill(models.Model):
    """Somebody knows their way about with what a tag says."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="+",
        verbose_name=_("staff member"),
    )
    tag = models.ForeignKey(
        "feedback.Tag", models.CASCADE, related_name="+", verbose_name=_("tag")
    )

    class Meta:
        verbose_name = _("skill")
        verbose_name_plural = _("skills")
        constraints = [
            models.UniqueConstraint(fields=["user", "tag"], name="a_skill_is_named_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} – {self.tag}"
