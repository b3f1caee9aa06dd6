"""What customers wrote, for programs: covered as on the pages, for whoever asks."""

from typing import Any

from rest_framework import serializers

from accounts.access import covers_of
from accounts.selectors.personal_data import Cover, Covers


class CoveredField(serializers.CharField):
    """A text with personal data covered as in lists; `inside`: as in conversations, until it is
    shown (`cover` of the context). Where nobody knows who asks, as for somebody without an
    account."""

    def __init__(self, *, inside: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("read_only", True)
        super().__init__(**kwargs)
        self.inside = inside

    def to_representation(self, value: Any) -> str:
        cover = cover_inside(self.context) if self.inside else covers_in(self.context).in_lists
        return cover(super().to_representation(value))


class CoveredFileName(CoveredField):
    """The name of a file that somebody sent."""

    def to_representation(self, value: Any) -> str:
        return cover_inside(self.context).file_name(str(value))


def covers_in(context: Any) -> Covers:
    """Asked for once for each answer, also where there is no request."""
    if "covers" not in context:
        context["covers"] = covers_of(context.get("request"))
    found: Covers = context["covers"]
    return found


def cover_inside(context: Any) -> Cover:
    """In messages and responses; what is shown on purpose has a `cover` of its own."""
    found: Cover = context["cover"] if "cover" in context else covers_in(context).in_conversations
    return found
