"""Small words that every template may use (a builtin: no {% load %} needed)."""

from typing import Any

from django import template
from lucide.templatetags.lucide import lucide

from config.kernel.bilingual import localized

register = template.Library()


@register.simple_tag
def icon(name: str, size: int = 18, **attributes: Any) -> str:
    """An inline SVG icon of the Lucide set; hidden from screen readers."""
    return lucide(name, size=size, aria_hidden="true", **attributes)


@register.filter(name="localized")
def localized_field(record: Any, field: str) -> str:
    """{{ category|localized:"name" }}"""
    return localized(record, field)
