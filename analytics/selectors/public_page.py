"""The settings of the public page, as they are now."""

from analytics.models import PublicPage
from config.kernel.kept import Kept


def stored_page() -> PublicPage:
    """The row, or one not yet stored with the defaults."""
    return PublicPage.objects.first() or PublicPage()


# Shared by all requests: look at it, never change it.
public_page = Kept(stored_page, PublicPage)
