from __future__ import annotations

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import BilingualName
from feedback.enums import AfterMacro
from feedback.models.shared_setting import SharedSetting, SharedSettingQuerySet


class MacroQuerySet(SharedSettingQuerySet["Macro"]):
    def in_order(self) -> MacroQuerySet:
        return self.order_by("order", "name_en", "pk")


@pghistory.track(exclude=["used"])
class Macro(BilingualName, SharedSetting):
    """Several changes to a record at once, perhaps with an answer."""

    # As rules.changes reads it: [{"do": "priority", "to": "urgent"}, …].
    changes = models.JSONField(_("changes"), default=list, blank=True)
    template = models.ForeignKey(
        "feedback.ReplyTemplate",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answer from the template"),
    )
    after = models.CharField(
        _("afterwards"), max_length=4, choices=AfterMacro, default=AfterMacro.STAY
    )
    used = models.PositiveIntegerField(_("used"), default=0, editable=False)

    objects = MacroQuerySet.as_manager()

    class Meta:
        verbose_name = _("macro")
        verbose_name_plural = _("macros")
        ordering = ["order", "name_en"]
        constraints = [
            models.CheckConstraint(
                name="a_macro_is_a_teams_or_a_persons",
                condition=Q(team=None) | Q(owner=None),
            )
        ]
