from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import BilingualName, localized


class CategoryQuerySet(models.QuerySet["Category"]):
    def active(self) -> CategoryQuerySet:
        return self.filter(archived_at=None)

    def public(self) -> CategoryQuerySet:
        """Those a customer may choose from in the form."""
        return self.active().filter(is_public=True, parent=None)

    def under(self, category: Category) -> CategoryQuerySet:
        """The category and everything below it."""
        return self.filter(path__startswith=category.path)


@pghistory.track()
class Category(BilingualName):
    """A branch of the tree: product function, service process, customer experience …"""

    code = models.SlugField(_("code"), unique=True)
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("in"),
    )
    # "/1/7/": kept by services.categories, so that a subtree is one indexed prefix.
    path = models.CharField(_("path"), max_length=200, editable=False, db_index=True, default="/")
    team = models.ForeignKey(
        "accounts.Team",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("usually handled by"),
    )
    product_quality = models.BooleanField(
        _("about product quality"),
        default=False,
        db_default=False,
        help_text=_("Feedback in this category starts a quality trace."),
    )
    is_public = models.BooleanField(_("customers can choose it"), default=True)
    # Words that tell it; by them the machine begins before anybody has sorted anything.
    seed_words = models.TextField(
        _("words that tell it"),
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Words customers use for it, in any language, separated by commas or lines."
            " The machine begins with them."
        ),
    )
    example_zh = models.TextField(_("example for customers (Chinese)"), blank=True)
    example_en = models.TextField(_("example for customers (English)"), blank=True)
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["order", "pk"]

    @property
    def example(self) -> str:
        return localized(self, "example")
