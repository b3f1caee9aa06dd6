from __future__ import annotations

from typing import Any

import pghistory
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from accounts.enums import FieldKind, FieldSubject
from accounts.rules.custom_values import Definition, Option
from config.kernel.bilingual import BilingualName, localized
from config.kernel.conditions.condition import always


class CustomValues(models.JSONField):
    """What a record has in the fields that an admin made: code → value (accounts.rules
    .custom_values). Written by services only."""

    def __init__(self, *args: Any, **options: Any) -> None:
        ours: dict[str, Any] = {
            "verbose_name": _("custom fields"),
            "default": dict,
            "db_default": Value({}, models.JSONField()),
            "blank": True,
            "editable": False,
        }
        super().__init__(*args, **(ours | options))


def custom_index(name: str) -> GinIndex:
    """Finds rows by “has this value” (docs/adr/0012). Rows without values are not in it, so a
    table without custom fields pays nothing."""
    return GinIndex(OpClass(F("custom"), "jsonb_path_ops"), name=name, condition=~Q(custom={}))


class CustomFieldQuerySet(models.QuerySet["CustomField"]):
    def active(self) -> CustomFieldQuerySet:
        return self.filter(archived_at=None)

    def of(self, subject: str) -> CustomFieldQuerySet:
        return self.filter(subject=subject)

    def in_order(self) -> CustomFieldQuerySet:
        return self.order_by("subject", "order", "pk")


@pghistory.track()
class CustomField(BilingualName):
    """A field that an admin made for feedback or for customers. `code` is what values are kept
    under and never changes."""

    subject = models.CharField(_("about"), max_length=10, choices=FieldSubject)
    code = models.SlugField(_("code"), max_length=40)
    kind = models.CharField(_("kind"), max_length=12, choices=FieldKind)
    help_zh = models.CharField(_("help (Chinese)"), max_length=300, blank=True)
    help_en = models.CharField(_("help (English)"), max_length=300, blank=True)
    group_zh = models.CharField(_("group (Chinese)"), max_length=60, blank=True)
    group_en = models.CharField(_("group (English)"), max_length=60, blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    # [{"code", "name_zh", "name_en", "archived"}], in the order in which they are offered.
    options = models.JSONField(_("options"), default=list, blank=True)
    unit_zh = models.CharField(_("unit (Chinese)"), max_length=20, blank=True)
    unit_en = models.CharField(_("unit (English)"), max_length=20, blank=True)
    decimals = models.PositiveSmallIntegerField(_("digits after the point"), default=2)
    # As the kind writes them: a number, or a day like 2026-11-22.
    minimum = models.CharField(_("smallest or first"), max_length=30, blank=True)
    maximum = models.CharField(_("largest or last"), max_length=30, blank=True)
    max_length = models.PositiveSmallIntegerField(_("longest text"), null=True, blank=True)
    pattern = models.CharField(_("pattern"), max_length=200, blank=True)
    example = models.CharField(_("example"), max_length=120, blank=True)
    required_for_staff = models.BooleanField(_("staff must fill it in"), default=False)
    required_for_customer = models.BooleanField(_("customers must fill it in"), default=False)
    required_to_resolve = models.BooleanField(_("needed before resolving"), default=False)
    default = models.JSONField(_("filled in at first"), null=True, blank=True)
    is_public = models.BooleanField(_("customers see it"), default=False)
    is_searchable = models.BooleanField(_("found by the search"), default=False)
    filter_often = models.BooleanField(_("often used to filter lists"), default=False)
    shown_when = models.JSONField(_("asked when"), default=always, blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)
    # With the number of fields it tells a process whether what it remembers is still true.
    changed_at = models.DateTimeField(
        _("changed"), auto_now=True, db_default=Now(), editable=False
    )

    objects = CustomFieldQuerySet.as_manager()

    class Meta:
        verbose_name = _("custom field")
        verbose_name_plural = _("custom fields")
        ordering = ["subject", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["subject", "code"], name="one_custom_field_of_a_code"),
            models.CheckConstraint(
                name="a_custom_field_is_about_something_known",
                condition=Q(subject__in=FieldSubject.values) & Q(kind__in=FieldKind.values),
            ),
        ]

    @property
    def help(self) -> str:
        return localized(self, "help")

    @property
    def group(self) -> str:
        return localized(self, "group")

    @property
    def definition(self) -> Definition:
        """The field as rules take it."""
        same = (
            "pk", "subject", "code", "name_zh", "name_en", "help_zh", "help_en", "group_zh",
            "group_en", "unit_zh", "unit_en", "decimals", "minimum", "maximum", "max_length",
            "pattern", "example", "required_for_staff", "required_for_customer",
            "required_to_resolve", "default", "is_public", "is_searchable", "filter_often",
            "shown_when",
        )  # fmt: skip
        given: dict[str, Any] = {name: getattr(self, name) for name in same}
        given["pk"] = self.pk or 0
        return Definition(
            **given,
            kind=FieldKind(self.kind),
            options=tuple(
                Option(one["code"], one["name_zh"], one["name_en"], bool(one.get("archived")))
                for one in self.options
            ),
            is_archived=self.archived_at is not None,
        )
