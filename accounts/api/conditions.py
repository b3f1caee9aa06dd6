"""Conditions as programs send them: the tree that docs/conditions.md describes, or the text."""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from accounts.api.permissions import may_see_customers, needs_a_scope
from accounts.enums import Scope
from accounts.models import ApiToken
from accounts.selectors.conditions import where_for
from accounts.selectors.personal_data import tells_covered
from config.kernel.conditions.condition import Condition, words_looked_for
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.names import names_in_text, names_in_tree
from config.kernel.conditions.operators import Needs
from config.kernel.conditions.parsing import parse
from config.kernel.conditions.reading import read_tree
from config.kernel.conditions.vocabulary import NarrowedVocabulary, beginnings, vocabulary

CONDITION = {"type": "array", "items": {}, "example": ["is", "priority", "urgent"]}


@extend_schema_field(CONDITION)
class ConditionTreeField(serializers.JSONField):
    """A condition about feedback, or about another `subject`, as its tree (docs/conditions.md)."""

    def __init__(self, subject: str = "feedback", **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.subject = subject

    def to_internal_value(self, data: Any) -> Any:
        tree = super().to_internal_value(data)
        try:
            read_tree(tree, vocabulary(self.subject), allowed=frozenset())
        except ConditionInvalid as invalid:
            raise serializers.ValidationError(
                [str(one.message) for one in invalid.problems]
            ) from invalid
        return tree


LONGEST_CONDITION = 8000  # characters; servers and proxies refuse longer addresses
_OF_LISTS = frozenset({Needs.ACTOR})


@extend_schema_field(
    {
        "type": "string",
        "maxLength": LONGEST_CONDITION,
        "example": "team is my team and text contains refund",
    }
)
class ConditionFilter(filters.CharFilter):
    """A list narrowed by a condition about `subject`, as text or as the tree in JSON. What a
    program may not read it may not ask about either, each answer would give a bit of it:
    customers, and what `closed` names (the beginning of a field → the scope that opens it)."""

    def __init__(self, subject: str, closed: Mapping[str, Scope] | None = None) -> None:
        super().__init__(
            label=gettext_lazy(
                "A condition as in docs/conditions.md, as text or as its tree in JSON"
            ),
            max_length=LONGEST_CONDITION,
        )
        self.subject = subject
        self.closed = dict(closed or {})

    def filter(self, qs: Any, value: Any) -> Any:
        if not value:
            return qs
        request = self.parent.request
        try:
            condition = self._read(value, request)
        except ConditionInvalid as invalid:
            words = list(dict.fromkeys(str(one.message) for one in invalid.problems))
        except (ValueError, RecursionError):
            words = [_("This is not a condition.")]
        else:
            if not any(tells_covered(request.user, one) for one in words_looked_for(condition)):
                return qs.filter(where_for(condition, request.user))
            words = [_("Looking for numbers in texts needs the permission to show personal data.")]
        raise ValidationError({self.field_name: words})

    def _read(self, value: str, request: Any) -> Condition:
        """What may not be asked is refused before anything is known or looked up."""
        raw = json.loads(value) if value.lstrip().startswith("[") else None
        closed = self._closed_to(request)
        for name in names_in_text(value) if raw is None else names_in_tree(raw):
            if asked := sorted(closed & beginnings(name)):
                raise ValidationError({self.field_name: [needs_a_scope(asked[0])]})
        subject = vocabulary(self.subject)
        subject = NarrowedVocabulary(subject, closed) if closed else subject
        if raw is not None:
            return read_tree(raw, subject, allowed=_OF_LISTS)
        return parse(value, subject, allowed=_OF_LISTS)

    def _closed_to(self, request: Any) -> set[str]:
        """The parts that this request may not ask about."""
        closed = set() if may_see_customers(request) else {"customer"}
        if isinstance(request.auth, ApiToken):
            scopes = request.auth.scopes
            closed |= {name for name, scope in self.closed.items() if scope not in scopes}
        return closed
