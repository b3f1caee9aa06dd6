from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from config.kernel.bilingual import BilingualName, localized
from feedback.enums import TemplateKind


class ReplyTemplateQuerySet(models.QuerySet["ReplyTemplate"]):
    def with_usage(self) -> ReplyTemplateQuerySet:
        """With how many messages were written from it (`used`)."""
        return self.annotate(used=models.Count("messages"))

    def active(self) -> ReplyTemplateQuerySet:
        return self.filter(archived_at=None)

    def for_agent(self, user: User) -> ReplyTemplateQuerySet:
        """Everybody's templates and those of the user's teams; without the acknowledgement, which
        the customer has had."""
        teams = user.memberships.values("team")
        ours = models.Q(team=None) | models.Q(team__in=teams)
        return self.active().filter(ours).exclude(kind=TemplateKind.ACKNOWLEDGE)


@pghistory.track()
class ReplyTemplate(BilingualName):
    """A prepared answer. Its text may hold {{ customer.name }} and the other variables that
    rules.placeholders declares."""

    kind = models.CharField(_("kind"), max_length=12, choices=TemplateKind)
    team = models.ForeignKey(
        "accounts.Team",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only for team"),
    )
    shortcut = models.SlugField(_("shortcut"), max_length=30, unique=True)
    body_zh = models.TextField(_("text (Chinese)"), blank=True)
    body_en = models.TextField(_("text (English)"), blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects = ReplyTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply template")
        verbose_name_plural = _("reply templates")
        ordering = ["kind", "name_en"]

    def body_in(self, language: str) -> str:
        return localized(self, "body", language)
