import pghistory
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


@pghistory.track()
class Tag(models.Model):
    name = models.CharField(_("name"), max_length=60)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(Lower("name"), name="one_tag_per_name")]

    def __str__(self) -> str:
        return self.name
