from typing import Any
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from accounts.enums import OutgoingKind
from accounts.services.outbox import queue_mail
from config.kernel.secrets import seal, unseal
from config.kernel.site import site_name


class MfaAdapter(DefaultMFAAdapter):
    """The secrets of the second factor lie in the database as ciphertext."""

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unseal(encrypted_text)


class AccountAdapter(DefaultAccountAdapter):
    """Staff are invited by an admin; nobody signs up. Mail goes the way of all our mail."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_reset_password_from_key_url(self, key: str) -> str:
        # allauth would take the host from the request, which says whatever its sender wants.
        address = urlsplit(super().get_reset_password_from_key_url(key))
        return str(settings.SITE_URL) + address.path

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        user = context.get("user")
        site = {"name": site_name(), "domain": settings.SITE_URL}
        rendered = self.render_mail(
            template_prefix, email, {"email": email, "current_site": site, **context}
        )
        queue_mail(
            kind=OutgoingKind.ACCOUNT,
            tag=f"u{user.pk if user is not None else 0}",
            to_address=email,
            to_name=str(user or ""),
            subject=rendered.subject,
            body_text=rendered.body,
            language=get_language() or "",
        )
