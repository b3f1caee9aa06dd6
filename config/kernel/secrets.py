"""Passwords of other systems (mailboxes …): encrypted at rest with a key made from SECRET_KEY."""

import base64
import hashlib
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.db import models


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [hashlib.sha256(b"huiyin.secrets" + key.encode()).digest() for key in keys]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(one)) for one in digests])


def seal(text: str) -> str:
    """`text` encrypted with the present key."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """What was sealed. Raises InvalidToken when no key that we have opens it."""
    return _box().decrypt(sealed.encode()).decode()


class EncryptedText(models.TextField):
    """Text that the database, its dumps and its history see only as ciphertext.

    A value that the present keys cannot open reads as "" : the admin then asks for it again.
    """

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return seal(value) if value else value

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        if not value:
            return value
        try:
            return unseal(value)
        except InvalidToken:
            return ""
