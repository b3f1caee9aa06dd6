from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pghistory
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import BilingualName, localized

if TYPE_CHECKING:
    from collections.abc import Mapping


class FormDefinitionQuerySet(models.QuerySet["FormDefinition"]):
    def active(self) -> FormDefinitionQuerySet:
        return self.filter(archived_at=None)

    def in_order(self) -> FormDefinitionQuerySet:
        return self.order_by("-is_default", "order", "pk")


@pghistory.track()
class FormDefinition(BilingualName):
    """A form by which customers write to us: where it is, what it says, what it asks and what
    it decides for them."""

    code = models.SlugField(_("address"), max_length=40, unique=True)
    intro_zh = models.TextField(_("introduction (Chinese)"), max_length=2000, blank=True)
    intro_en = models.TextField(_("introduction (English)"), max_length=2000, blank=True)
    thanks_zh = models.TextField(_("thanks (Chinese)"), max_length=2000, blank=True)
    thanks_en = models.TextField(_("thanks (English)"), max_length=2000, blank=True)
    # Codes. None: all that customers may choose; one: it is that, and not asked.
    categories = models.JSONField(_("categories"), default=list, blank=True)
    # Values of Priority. None: normal; one: it is that, and not asked.
    priorities = models.JSONField(_("priorities"), default=list, blank=True)
    # Null: as the category and the rules of routing have it.
    team = models.ForeignKey(
        "accounts.Team",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
    )
    asks_product = models.BooleanField(_("asks for the product"), default=True)
    asks_order_number = models.BooleanField(_("asks for the order number"), default=True)
    asks_files = models.BooleanField(_("takes files"), default=True)
    shows_every_field = models.BooleanField(
        _("asks every custom field that customers see"), default=True
    )
    # [{"code", "required"}] in the order in which they stand, where it does not show every one.
    fields = models.JSONField(_("custom fields"), default=list, blank=True)
    is_default = models.BooleanField(_("the usual form"), default=False, editable=False)
    order = models.PositiveSmallIntegerField(_("order"), default=0, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects = FormDefinitionQuerySet.as_manager()

    class Meta:
        verbose_name = _("form")
        verbose_name_plural = _("forms")
        ordering = ["-is_default", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_usual_form"
            ),
            models.CheckConstraint(
                name="the_usual_form_is_in_use",
                condition=Q(is_default=False) | Q(archived_at=None),
            ),
        ]

    def get_absolute_url(self) -> str:
        """The page for customers."""
        if self.is_default:
            return reverse("feedback:form")
        return reverse("feedback:form_at", args=[self.code])

    @property
    def intro(self) -> str:
        return localized(self, "intro")

    @property
    def thanks(self) -> str:
        return localized(self, "thanks")

    @property
    def required_here(self) -> frozenset[str]:
        """Codes of the custom fields that must be filled in, beside those that always must."""
        rows: list[Mapping[str, Any]] = [] if self.shows_every_field else self.fields
        return frozenset(row["code"] for row in rows if row.get("required"))
