"""Whom a note mentions, and whether they may be."""

from typing import Any

from accounts.models import User
from feedback.errors import MentionNotAllowed
from feedback.models import Feedback
from feedback.rules.mentions import find_mentions, handles_of
from feedback.selectors.following import may_see


def mentioned_in(text: str, feedback: Feedback) -> list[dict[str, Any]]:
    """As a message keeps it: [{"id", "as"}], each person once. Raises MentionNotAllowed for
    somebody who may not see the record, and for a name that does not say who is meant."""
    if "@" not in text:
        return []
    people = User.objects.filter(is_active=True)
    handles = handles_of(people.values_list("pk", "name", "email"))
    found = find_mentions(text, handles)
    ambiguous = sorted({one.handle for one in found if len(one.people) > 1})
    if ambiguous:
        raise MentionNotAllowed(ambiguous=ambiguous)
    as_written = {next(iter(one.people)): one.handle for one in reversed(found)}
    known = User.objects.in_bulk(as_written)
    hidden = [person.name for person in known.values() if not may_see(person, feedback)]
    if hidden:
        raise MentionNotAllowed(hidden_from=sorted(hidden))
    return [{"id": pk, "as": handle} for pk, handle in sorted(as_written.items())]
