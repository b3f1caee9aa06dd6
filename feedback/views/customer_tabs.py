"""People and the organisations they belong to: two lists of one thing."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def tabs_of(current: str) -> list[dict[str, Any]]:
    """`current`: "customers" or "organisations"."""
    pages = [("customers", pgettext("customers", "People")), ("organisations", _("Organisations"))]
    return [
        {"label": label, "url": reverse(f"feedback:{name}"), "current": name == current}
        for name, label in pages
    ]
