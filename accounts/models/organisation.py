import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _


@pghistory.track()
class Organisation(models.Model):
    """A company or household that customers belong to."""

    name = models.CharField(_("name"), max_length=200)
    domain = models.CharField(_("mail domain"), max_length=200, blank=True)
    note = models.TextField(_("note for staff"), blank=True)
    is_demo = models.BooleanField(_("of the demo"), default=False, editable=False)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
