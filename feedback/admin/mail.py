from datetime import datetime
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.kernel.admin.base import ReadOnlyAdmin, SettingAdmin
from config.kernel.admin.object_actions import object_action
from feedback.channels.mailbox_check import check_mailbox
from feedback.enums import InboundState, Quarantined
from feedback.forms.mailboxes import MailboxForm
from feedback.models import InboundMail, Mailbox
from feedback.selectors.mailboxes import error_in_words
from feedback.services.inbound_mail import process_again
from feedback.services.mailboxes import remove_mailbox, save_mailbox


@admin.register(Mailbox)
class MailboxAdmin(SettingAdmin):
    form = MailboxForm
    autocomplete_fields = ["team"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    "address", "name", "team", "language", "quoting", "takes_plus", "is_active",
                ]
            },
        ),
        (
            gettext_lazy("Where its mail is read"),
            {
                "fields": [
                    "imap_host", "imap_port", "imap_tls", "username", "sign_in_by",
                    "new_password", "folder", "trusted_servers", "preset", "token_url",
                    "client_id", "new_client_secret", "new_refresh_token", "token_scope",
                ]
            },
        ),
        (
            gettext_lazy("How it is going"),
            {"fields": ["polled_at", "succeeded_at", "what_is_wrong", "next_try"]},
        ),
    ]  # fmt: skip
    readonly_fields = ["polled_at", "succeeded_at", "what_is_wrong", "next_try"]
    list_display = ["address", "name", "team", "is_active", "succeeded_at", "what_is_wrong"]
    list_filter = ["is_active"]
    list_select_related = ["team"]
    search_fields = ["address", "name"]

    @admin.display(description=gettext_lazy("last error"))
    def what_is_wrong(self, mailbox: Mailbox) -> str:
        return error_in_words(mailbox.last_error) or "–"

    @admin.display(description=gettext_lazy("next try"))
    def next_try(self, mailbox: Mailbox) -> datetime | None:
        return mailbox.rests_until

    def save_model(self, request: HttpRequest, obj: Mailbox, form: Any, change: bool) -> None:
        save_mailbox(obj, **form.secrets())

    def remove_setting(self, request: HttpRequest, obj: Mailbox) -> bool:
        return remove_mailbox(obj)

    @object_action(gettext_lazy("Test now"), is_page=True)
    def test_now(self, request: HttpRequest, obj: Mailbox) -> HttpResponse:
        # By POST, because it opens a connection; the page offers the button.
        steps = check_mailbox(obj) if request.method == "POST" else []
        return self.object_page(
            request, obj, "admin/feedback/mailbox_test.html", _("Test"), steps=steps
        )


@admin.register(InboundMail)
class InboundMailAdmin(ReadOnlyAdmin):
    """Every mail as it arrived. What could not be read can be tried again, here or after an
    upgrade; nothing is ever lost."""

    fields = [
        "mailbox", "sender", "subject", "message_id", "state", "reason", "attempts", "filed_as",
        "size", "received_at",
    ]  # fmt: skip
    list_display = ["__str__", "sender", "mailbox", "state", "reason", "received_at"]
    list_filter = ["state", "mailbox"]
    list_select_related = ["mailbox"]
    search_fields = ["=message_id", "sender", "subject"]

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).defer("raw")

    def has_process_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    @object_action(gettext_lazy("Download the raw mail"), is_page=True, permission="process")
    def download(self, request: HttpRequest, obj: InboundMail) -> HttpResponse:
        response = HttpResponse(bytes(obj.raw), content_type="application/octet-stream")
        response["Content-Disposition"] = f'attachment; filename="mail-{obj.pk}.eml"'
        response["X-Content-Type-Options"] = "nosniff"
        return response

    @object_action(
        gettext_lazy("Process again"),
        permission="process",
        available=lambda mail: mail.state != InboundState.FILED,
    )
    def process_again(self, request: HttpRequest, obj: InboundMail) -> None:
        mail = process_again(obj.pk)
        if mail.reason == Quarantined.FETCHED_AGAIN:
            self.message_user(request, _("The whole mail is being fetched again."))
        else:
            self.message_user(request, _("It is being read again."))
