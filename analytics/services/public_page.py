"""What the public page is called and what it offers."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from analytics.models import PublicPage
from surveys.models.collector import ORIGIN

MOST_SITES = 20


@transaction.atomic
def save_public_page(page: PublicPage) -> PublicPage:
    """It holds from the next visit on. Raises ValidationError: a site that is none."""
    sites = [one.rstrip("/").lower() for one in page.sites.split()]
    for one in sites:
        if not ORIGIN.fullmatch(one):
            raise ValidationError(
                {
                    "sites": _(
                        "“%(written)s” is not the address of a site, as https://www.example.com."
                    )
                    % {"written": one}
                }
            )
    if len(sites) > MOST_SITES:
        raise ValidationError({"sites": _("No more than %(most)s lines.") % {"most": MOST_SITES}})
    page.sites = "\n".join(dict.fromkeys(sites))
    page.full_clean()
    page.save()
    return page
