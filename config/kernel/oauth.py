"""Access tokens of OAuth 2 (RFC 6749), got with a refresh token or by the application itself, and
what XOAUTH2 says with one. Stores nothing."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from config.kernel.fetching.errors import FetchFailed
from config.kernel.fetching.fetch import Answer, fetch

EARLY = timedelta(minutes=2)  # a token is not used any more for so long before it ends
USUAL_SECONDS = 3600  # when the server does not say how long it holds
LONGEST_SECONDS = 7 * 24 * 3600
MAX_BYTES = 64 * 1024


class NoTokenBecause(StrEnum):
    ENDED = "ended"  # the permission; a person has to sign in again
    CLIENT = "client"  # id or secret of the application
    OTHER = "other"  # it may go better the next time


class TokenRefused(Exception):
    """There is no access token; `said` is what the token server told, without secrets."""

    def __init__(self, because: NoTokenBecause, said: str = "") -> None:
        super().__init__(f"{because}: {said}")
        self.because, self.said = because, said


@dataclass(frozen=True, slots=True)
class Application:
    """With what a token server is asked."""

    token_url: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    refresh_token: str = field(default="", repr=False)
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Token:
    """`refresh_token` takes the place of the one that was used, if it is not empty."""

    token: str = field(repr=False)
    until: datetime
    refresh_token: str = field(default="", repr=False)


def holds(token: str, until: datetime | None) -> bool:
    """Whether `token` may still be used."""
    return bool(token) and until is not None and until > timezone.now() + EARLY


def proof(username: str, token: str) -> str:
    """What XOAUTH2 sends, before it is put into base64."""
    return f"user={username}\x01auth=Bearer {token}\x01\x01"


def ask_for_token(application: Application) -> Token:
    """A new one from the token server. Never inside a transaction. Raises TokenRefused."""
    form = {
        "client_id": application.client_id,
        "client_secret": application.client_secret,
        "scope": application.scope,
        "refresh_token": application.refresh_token,
        "grant_type": "refresh_token" if application.refresh_token else "client_credentials",
    }
    return read_token(ask_server(application.token_url, form))


def ask_server(url: str, form: Mapping[str, str]) -> Answer:
    """What a server of OAuth 2 says to a form; what is empty is left out. Raises TokenRefused
    when it cannot be asked."""
    try:
        return fetch(
            url,
            method="POST",
            body=urlencode({name: value for name, value in form.items() if value}).encode(),
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/json",
            },
            max_bytes=MAX_BYTES,
        )
    except FetchFailed as failed:
        raise TokenRefused(NoTokenBecause.OTHER, str(failed.message)) from failed


def read_token(answer: Answer) -> Token:
    """The token in an answer. Raises TokenRefused when there is none."""
    given = read_fields(answer)
    token = given.get("access_token")
    if not answer.is_good or not isinstance(token, str) or not token:
        raise refusal(answer, given)
    until = timezone.now() + timedelta(seconds=_seconds(given.get("expires_in")))
    return Token(token, until, str(given.get("refresh_token") or ""))


def read_fields(answer: Answer) -> dict[str, Any]:
    """What it says as JSON; {} for anything else."""
    try:
        given = json.loads(answer.body)
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


def refusal(answer: Answer, given: dict[str, Any]) -> TokenRefused:
    """Why there is nothing of use in an answer."""
    code = str(given.get("error") or f"HTTP {answer.status}")
    match code:
        case "invalid_grant" | "interaction_required":
            because = NoTokenBecause.ENDED
        case "invalid_client" | "unauthorized_client":
            because = NoTokenBecause.CLIENT
        case _:
            because = NoTokenBecause.OTHER
    said = " ".join(f"{code} {given.get('error_description') or ''}".split())
    return TokenRefused(because, said[:300])


def _seconds(said: Any) -> int:
    try:
        return max(0, min(int(said), LONGEST_SECONDS))
    except (TypeError, ValueError, OverflowError):
        return USUAL_SECONDS
