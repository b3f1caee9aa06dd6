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

from accounts.api.permissions import may_name_customers
from accounts.enums import Scope
from accounts.models import ApiToken
from accounts.selectors.conditions import where_for
from config.kernel.conditions.condition import Condition
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.operators import Needs
from config.kernel.conditions.parsing import parse
from config.kernel.conditions.reading import read_tree
from config.kernel.conditions.vocabulary import vocabulary

CONDITION = {"type": "array", "items": {}, "example": ["is", "priority", "urgent"]}


@extend_schema_field(CONDITION)
class ConditionTreeField(serializers.JSONField):
    """A condition about feedback, as its tree (docs/conditions.md)."""

    def to_internal_value(self, data: Any) -> Any:
        tree = super().to_internal_value(data)
        try:
            read_tree(tree, vocabulary("feedback"), allowed=frozenset())
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
        condition = self._read(value)
        request = self.parent.request
        for beginning in {name.partition(".")[0] for name in condition.fields if "." in name}:
            if not self._may_ask(beginning, request):
                words = _("Questions about “%(what)s” need a scope that this token lacks.")
                raise ValidationError({self.field_name: [words % {"what": beginning}]})
        return qs.filter(where_for(condition, request.user))

    def _may_ask(self, beginning: str, request: Any) -> bool:
        if beginning == "customer":
            return may_name_customers({"request": request})
        scope = self.closed.get(beginning)
        return (
            scope is None or not isinstance(request.auth, ApiToken) or scope in request.auth.scopes
        )

    def _read(self, value: str) -> Condition:
        subject = vocabulary(self.subject)
        try:
            if value.lstrip().startswith("["):
                return read_tree(json.loads(value), subject, allowed=_OF_LISTS)
            return parse(value, subject, allowed=_OF_LISTS)
        except ConditionInvalid as invalid:
            words = list(dict.fromkeys(str(one.message) for one in invalid.problems))
        except (ValueError, RecursionError):
            words = [_("This is not a condition.")]
        raise ValidationError({self.field_name: words})
