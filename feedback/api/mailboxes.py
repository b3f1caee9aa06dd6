"""/mailboxes/: what answers from an address look like. How it is read, with its password, is
set up in the admin."""

from django.conf import settings
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework import mixins, serializers
from rest_framework.response import Response

from accounts.access import SignedInApiRequest
from accounts.api.setting_actions import SettingActions
from accounts.models import Team
from config.kernel.api import InOrder
from config.kernel.api_fields import BigId, StrictInput, TextField, YesNoField
from feedback.enums import Quoting
from feedback.models import Mailbox
from feedback.services.mailboxes import save_mailbox


class MailboxSerializer(StrictInput, serializers.ModelSerializer[Mailbox]):
    name = TextField(max_length=120)
    team = BigId(queryset=Team.objects.active(), allow_null=True, required=False)
    language = serializers.ChoiceField(settings.LANGUAGES)
    quoting = serializers.ChoiceField(Quoting.choices)
    is_active = YesNoField()

    class Meta:
        model = Mailbox
        fields = [
            "id", "address", "name", "team", "language", "quoting", "is_active", "polled_at",
            "succeeded_at", "last_error",
        ]  # fmt: skip
        read_only_fields = ["id", "address", "polled_at", "succeeded_at", "last_error"]


@extend_schema_view(
    list=extend_schema(summary="List the mailboxes"),
    retrieve=extend_schema(summary="One mailbox"),
)
class MailboxViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, SettingActions):
    serializer_class = MailboxSerializer
    pagination_class = InOrder
    read_scope = "settings:read"
    read_permission, write_permission = "feedback.view_mailbox", "feedback.change_mailbox"

    def get_queryset(self) -> QuerySet[Mailbox]:
        return Mailbox.objects.all()

    @extend_schema(
        summary="Change a mailbox: only what is sent",
        description="Its sender name, team, language, what is quoted below answers (`none`, "
        "`last`, `all`), and whether it is read.",
    )
    def partial_update(self, request: SignedInApiRequest, pk: int) -> Response:
        row = self.get_object()
        self.write_into(row)
        return Response(self.get_serializer(save_mailbox(row)).data)
