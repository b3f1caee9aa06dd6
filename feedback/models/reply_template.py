from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Count, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from config.kernel.bilingual import BilingualName, localized
from feedback.enums import Channel, TemplateKind
from feedback.models.shared_setting import SharedSetting, SharedSettingQuerySet


class ReplyTemplateQuerySet(SharedSettingQuerySet["ReplyTemplate"]):
    def with_usage(self) -> ReplyTemplateQuerySet:
        """With how many messages were written from it (`used`), those that wait for their time
        among them."""
        return self.annotate(used=_rows_of("messages") + _rows_of("drafts"))

    def in_order(self) -> ReplyTemplateQuerySet:
        """As the lists show them: by kind, in the order that people gave them."""
        kinds = (When(kind=kind, then=Value(at)) for at, kind in enumerate(TemplateKind))
        return self.order_by(Case(*kinds), "order", "name_en", "pk")

    def for_agent(self, user: User, channel: Channel = Channel.EMAIL) -> ReplyTemplateQuerySet:
        """What the user may answer from on this channel; without the acknowledgement, which the
        customer has had."""
        fits = Q(channels=[]) | Q(channels__contains=[channel])
        offered = self.active().offered_to(user).filter(fits)
        return offered.exclude(kind=TemplateKind.ACKNOWLEDGE).in_order()


def _rows_of(relation: str) -> Coalesce:
    """How many rows `relation` has; counted apart, so that one count does not multiply another."""
    rows = ReplyTemplate.objects.filter(pk=OuterRef("pk")).order_by().values("pk")
    return Coalesce(Subquery(rows.annotate(n=Count(relation)).values("n")), 0)


@pghistory.track()
class ReplyTemplate(BilingualName, SharedSetting):
    """A prepared answer. Its text may hold {{ customer.name }} and the other variables that
    rules.placeholders declares."""

    kind = models.CharField(_("kind"), max_length=12, choices=TemplateKind)
    # What one types behind :: for it; Chinese as well as Latin letters.
    shortcut = models.SlugField(_("shortcut"), max_length=30, allow_unicode=True)
    body_zh = models.TextField(_("text (Chinese)"), blank=True)
    body_en = models.TextField(_("text (English)"), blank=True)
    channels = ArrayField(
        models.CharField(max_length=12, choices=Channel),
        verbose_name=_("only on these channels"),
        default=list,
        db_default=[],
        blank=True,
    )

    objects = ReplyTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("reply template")
        verbose_name_plural = _("reply templates")
        ordering = ["kind", "order", "name_en"]
        constraints = [
            models.UniqueConstraint(
                fields=["shortcut"],
                condition=Q(owner=None),
                name="one_shared_template_per_shortcut",
            ),
            models.UniqueConstraint(
                fields=["owner", "shortcut"],
                condition=Q(owner__isnull=False),
                name="one_own_template_per_shortcut",
            ),
            models.CheckConstraint(
                name="a_template_is_a_teams_or_a_persons",
                condition=Q(team=None) | Q(owner=None),
            ),
        ]

    def body_in(self, language: str) -> str:
        return localized(self, "body", language)
