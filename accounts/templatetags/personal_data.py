"""What customers wrote, as the person before the page may see it (a builtin: no {% load %})."""

from django import template

from accounts.access import covers_of
from accounts.selectors.personal_data import Cover, Covers

register = template.Library()


@register.simple_tag(takes_context=True)
def covered(context: template.Context, text: str | None) -> str:
    """{% covered feedback.subject %}, as in lists; {% covered text as shown %} for filters.
    Where nobody knows who looks, it is covered as for somebody without an account."""
    return _covers(context).in_lists(text or "")


@register.simple_tag(takes_context=True)
def cover_inside(context: template.Context) -> Cover:
    """{% cover_inside as cover %}: what is covered in messages and responses."""
    return _covers(context).in_conversations


def _covers(context: template.Context) -> Covers:
    return covers_of(getattr(context, "request", None))
