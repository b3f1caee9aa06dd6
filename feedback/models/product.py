from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import BilingualName


class ProductQuerySet(models.QuerySet["Product"]):
    def active(self) -> ProductQuerySet:
        return self.filter(archived_at=None)


@pghistory.track()
class Product(BilingualName):
    """What a piece of feedback can be about."""

    code = models.SlugField(_("code"), unique=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)
    is_demo = models.BooleanField(_("of the demo"), default=False, editable=False)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        ordering = ["name_en"]
