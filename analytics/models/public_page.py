from __future__ import annotations

import pghistory
from django.db import models
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import localized
from surveys.models.collector import ORIGIN


@pghistory.track()
class PublicPage(models.Model):
    """The page “You said, we did” for everybody. There is one; without it, the defaults: it is
    off, so that nothing is public before somebody decided so."""

    code = models.SlugField(_("code"), unique=True, default="default", editable=False)
    is_on = models.BooleanField(
        _("open to everybody"),
        default=False,
        help_text=_("Off: nobody outside sees the page, its feed, nor what is embedded."),
    )
    title_zh = models.CharField(_("title (Chinese)"), max_length=80, blank=True)
    title_en = models.CharField(_("title (English)"), max_length=80, blank=True)
    intro_zh = models.TextField(_("introduction (Chinese)"), max_length=1000, blank=True)
    intro_en = models.TextField(_("introduction (English)"), max_length=1000, blank=True)
    takes_votes = models.BooleanField(_("customers may vote on plans"), default=True)
    takes_comments = models.BooleanField(
        _("customers may comment on plans"),
        default=True,
        help_text=_("A comment is shown after somebody has looked at it."),
    )
    sites = models.TextField(
        _("sites that may embed it"),
        max_length=2000,
        blank=True,
        help_text=_("One in each line, as https://www.example.com."),
    )

    class Meta:
        verbose_name = _("public page")
        verbose_name_plural = _("public page")

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    @property
    def title(self) -> str:
        """In the active language; "" where nobody has written one."""
        return localized(self, "title")

    @property
    def intro(self) -> str:
        return localized(self, "intro")

    @property
    def origins(self) -> list[str]:
        """The sites that may embed it. They go into a header: what is no origin is none."""
        return [one for one in self.sites.split() if ORIGIN.fullmatch(one)]
