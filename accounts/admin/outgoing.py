from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.models import OutgoingMessage
from accounts.services.outbox import send_again
from config.kernel.admin.base import ReadOnlyAdmin
from config.kernel.admin.object_actions import object_action


@admin.register(OutgoingMessage)
class OutgoingMessageAdmin(ReadOnlyAdmin):
    """Every mail that we promised, and what became of it."""

    fields = [
        "kind", "state", "explanation", "attempts", "not_before", "sent_at", "uncertain_at",
        "delivery", "to_address", "from_address", "reply_to", "subject", "body_text",
        "message_id", "in_reply_to", "created_at",
    ]  # fmt: skip
    list_display = ["subject", "to_address", "kind", "state", "attempts", "created_at", "sent_at"]
    list_filter = ["state", "kind", "delivery"]
    search_fields = ["=to_address", "=message_id"]
    actions = ["send_all_again"]

    def has_send_again_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    @admin.display(description=gettext_lazy("the server's answer"))
    def explanation(self, message: OutgoingMessage) -> str:
        return message.explanation

    @object_action(
        gettext_lazy("Send again"),
        permission="send_again",
        available=lambda message: message.can_be_sent_again,
    )
    def send_again(self, request: HttpRequest, obj: OutgoingMessage) -> None:
        send_again(obj.pk)
        self.message_user(request, _("It is being sent again, under the same Message-ID."))

    @admin.action(
        description=gettext_lazy("Send again what failed or is uncertain"),
        permissions=["send_again"],
    )
    def send_all_again(self, request: HttpRequest, queryset: Any) -> None:
        wanted = [message for message in queryset if message.can_be_sent_again]
        for message in wanted:
            send_again(message.pk)
        text = ngettext(
            "%(n)d mail is being sent again.", "%(n)d mails are being sent again.", len(wanted)
        )
        self.message_user(request, text % {"n": len(wanted)}, messages.SUCCESS)
