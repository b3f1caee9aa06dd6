"""/text-wording/: which words count in texts. There is one."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.setting_actions import SettingActions
from analytics.models import TextWording
from analytics.models.text_wording import (
    LONGEST,
    own_words_can_be_read,
    stop_words_can_be_read,
    synonyms_can_be_read,
)
from analytics.selectors.text_wording import text_wording
from analytics.services.text_wording import save_text_wording
from config.kernel.api_fields import StrictInput, TextField


def _words(check: Callable[[str], None], help_text: Any) -> TextField:
    return TextField(
        required=False,
        allow_blank=True,
        max_length=LONGEST,
        validators=[check],
        help_text=help_text,
    )


class TextWordingSerializer(StrictInput, serializers.ModelSerializer[TextWording]):
    stop_words = _words(stop_words_can_be_read, _("Between commas or lines."))
    synonyms = _words(synonyms_can_be_read, _("Lines like “main = other, other”."))
    own_words = _words(own_words_can_be_read, _("Between commas or lines; they are never cut."))

    class Meta:
        model = TextWording
        fields = ["stop_words", "synonyms", "own_words"]


class TextWordingViewSet(SettingActions):
    serializer_class = TextWordingSerializer
    pagination_class = None
    filterset_class = None
    read_permission = write_permission = "analytics.change_textwording"

    @extend_schema(summary="Stop words, synonyms and own words for counting texts")
    def retrieve(self, request: SignedInApiRequest) -> Response:
        return Response(self.get_serializer(text_wording()).data)

    @extend_schema(summary="Change the words for counting texts: only what is sent")
    def partial_update(self, request: SignedInApiRequest) -> Response:
        wording = text_wording()
        wanted = self.get_serializer(wording, data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        for name, value in wanted.validated_data.items():
            setattr(wording, name, value)
        return Response(self.get_serializer(save_text_wording(wording)).data)
