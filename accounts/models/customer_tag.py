import pghistory
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


@pghistory.track()
class CustomerTag(models.Model):
    """A word that staff put on customers, such as “pilot” or “lives abroad”."""

    name = models.CharField(_("name"), max_length=60)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("tag of customers")
        verbose_name_plural = _("tags of customers")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="one_tag_of_customers_per_name")
        ]

    def __str__(self) -> str:
        return self.name
