"""Conditions as programs send them: the tree that docs/conditions.md describes."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from config.kernel.conditions.errors import ConditionInvalid
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
