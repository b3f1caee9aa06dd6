"""Conditions about customers in what programs write."""

from typing import Any

from rest_framework import serializers

from accounts.api.conditions import ConditionTreeField
from accounts.api.permissions import may_name_customers, needs_a_scope


class AudienceField(ConditionTreeField):
    """Whom a survey is about. How many fit gives away a bit about customers with each answer, so
    only those may write it who may read them."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(subject="customer", **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        tree = super().to_internal_value(data)
        if not may_name_customers(self.context):
            raise serializers.ValidationError([needs_a_scope("customer")])
        return tree
