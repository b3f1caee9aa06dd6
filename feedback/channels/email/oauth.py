"""Signing in to a mailbox with OAuth 2 (RFC 6749) instead of a password: the access token, got
with a refresh token or by the application itself, and XOAUTH2."""

import json
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from config.kernel.fetching.errors import FetchFailed
from config.kernel.fetching.fetch import Answer, fetch
from feedback.enums import MailboxProblem
from feedback.models import Mailbox
from feedback.services.mailbox_tokens import give_back_refresh, keep_token, take_refresh

EARLY = timedelta(minutes=2)  # a token is not used any more for so long before it ends
USUAL_SECONDS = 3600  # when the server does not say how long it holds
LONGEST_SECONDS = 7 * 24 * 3600
MAX_BYTES = 64 * 1024


class TokenRefused(Exception):
    """There is no access token; `said` is what the token server told, without secrets."""

    def __init__(self, problem: MailboxProblem, said: str = "") -> None:
        super().__init__(f"{problem}: {said}")
        self.problem, self.said = problem, said


def access_token(mailbox: Mailbox) -> str:
    """A token that holds for the next minutes: the stored one, or a new one. Never inside a
    transaction. Raises TokenRefused."""
    if _holds(mailbox):
        return mailbox.access_token
    claimed = take_refresh(mailbox.pk)
    if claimed is None:
        mailbox.refresh_from_db()
        if _holds(mailbox):
            return mailbox.access_token
        raise TokenRefused(MailboxProblem.TOKEN, "another process is getting it")
    try:
        given = _ask(claimed)
        seconds = _seconds(given.get("expires_in"))
        keep_token(
            claimed,
            token=given["access_token"],
            until=timezone.now() + timedelta(seconds=seconds),
            refresh_token=str(given.get("refresh_token") or ""),
        )
    finally:
        give_back_refresh(mailbox.pk)
    return str(given["access_token"])


def proof(username: str, token: str) -> bytes:
    """What XOAUTH2 sends; imaplib puts it into base64."""
    return f"user={username}\x01auth=Bearer {token}\x01\x01".encode()


def _holds(mailbox: Mailbox) -> bool:
    until = mailbox.access_token_until
    return bool(mailbox.access_token) and until is not None and until > timezone.now() + EARLY


def _ask(mailbox: Mailbox) -> dict[str, Any]:
    form = {"client_id": mailbox.client_id, "client_secret": mailbox.client_secret}
    form["scope"] = mailbox.token_scope
    if mailbox.refresh_token:
        form |= {"grant_type": "refresh_token", "refresh_token": mailbox.refresh_token}
    else:
        form["grant_type"] = "client_credentials"
    try:
        answer = fetch(
            mailbox.token_url,
            method="POST",
            body=urlencode({name: value for name, value in form.items() if value}).encode(),
            headers={
                "Content-Type": "application/x-www-form-urlencoded",
                "Accept": "application/json",
            },
            max_bytes=MAX_BYTES,
        )
    except FetchFailed as failed:
        raise TokenRefused(MailboxProblem.TOKEN, str(failed.message)) from failed
    given = _read(answer)
    if answer.is_good and isinstance(given.get("access_token"), str) and given["access_token"]:
        return given
    raise _refusal(answer, given)


def _read(answer: Answer) -> dict[str, Any]:
    try:
        given = json.loads(answer.body)
    except ValueError:
        return {}
    return given if isinstance(given, dict) else {}


def _refusal(answer: Answer, given: dict[str, Any]) -> TokenRefused:
    code = str(given.get("error") or f"HTTP {answer.status}")
    match code:
        case "invalid_grant" | "interaction_required":
            problem = MailboxProblem.SIGN_IN_AGAIN
        case "invalid_client" | "unauthorized_client":
            problem = MailboxProblem.CLIENT
        case _:
            problem = MailboxProblem.TOKEN
    said = " ".join(f"{code} {given.get('error_description') or ''}".split())
    return TokenRefused(problem, said[:300])


def _seconds(said: Any) -> int:
    try:
        return max(0, min(int(said), LONGEST_SECONDS))
    except (TypeError, ValueError, OverflowError):
        return USUAL_SECONDS
