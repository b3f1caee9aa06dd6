"""/personal-data-rules/: what of personal data is covered in texts, and where."""

from django.core.exceptions import ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, viewsets
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.models import PersonalDataRules
from accounts.selectors.personal_data import stored_rules
from accounts.services.personal_data import save_personal_data_rules
from config.kernel.api_fields import StrictInput, TextField


class PersonalDataRulesSerializer(StrictInput, serializers.ModelSerializer[PersonalDataRules]):
    never = TextField(max_length=4000, allow_blank=True)
    order_numbers = TextField(max_length=2000, allow_blank=True)
    own_patterns = TextField(max_length=2000, allow_blank=True)

    class Meta:
        model = PersonalDataRules
        fields = ["in_lists", "in_conversations", "never", "order_numbers", "own_patterns"]


class PersonalDataRulesViewSet(viewsets.GenericViewSet[PersonalDataRules]):
    serializer_class = PersonalDataRulesSerializer
    pagination_class = None
    filterset_class = None
    read_scope, write_scope = "settings:read", "settings:write"
    read_permission = write_permission = "accounts.change_personaldatarules"

    @extend_schema(summary="What of personal data is covered in texts, and where")
    def retrieve(self, request: SignedInApiRequest) -> Response:
        return Response(self.get_serializer(stored_rules()).data)

    @extend_schema(summary="Change what of personal data is covered: only what is sent")
    def partial_update(self, request: SignedInApiRequest) -> Response:
        rules = stored_rules()
        wanted = self.get_serializer(rules, data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        for name, value in wanted.validated_data.items():
            setattr(rules, name, value)
        try:
            save_personal_data_rules(rules)
        except ValidationError as refusal:
            raise serializers.ValidationError(refusal.message_dict) from refusal
        return Response(self.get_serializer(rules).data)
