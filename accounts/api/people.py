"""Colleagues as other endpoints name them."""

from rest_framework import serializers

from accounts.models import User


class StaffSerializer(serializers.ModelSerializer[User]):
    class Meta:
        model = User
        fields = ["id", "name"]
