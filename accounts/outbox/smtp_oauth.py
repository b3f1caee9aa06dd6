"""Signing in to the SMTP server with an access token (XOAUTH2) instead of a password."""

import smtplib
from time import sleep

from django.conf import settings

from accounts.enums import MailTrouble
from accounts.services.smtp_token import (
    forget_token,
    give_back_refresh,
    keep_token,
    stored_token,
    take_refresh,
)
from config.kernel.oauth import NoTokenBecause, TokenRefused, ask_for_token, proof

_TROUBLES = {
    NoTokenBecause.ENDED: MailTrouble.PERMISSION,
    NoTokenBecause.CLIENT: MailTrouble.CLIENT,
    NoTokenBecause.OTHER: MailTrouble.TOKEN,
}
# Another sender is asking for it: so often is looked whether it is there, so many seconds apart.
LOOKS, BETWEEN = 20, 0.5


class NoToken(OSError):
    """There is no token to sign in with; nothing was sent to the mail server."""

    def __init__(self, refused: TokenRefused) -> None:
        super().__init__(refused.said or str(refused))
        self.trouble = _TROUBLES[refused.because]


class TokenNotTaken(smtplib.SMTPAuthenticationError):
    """The server refuses a token that was stored; a new one may do."""


def sign_in(client: smtplib.SMTP) -> None:
    """Raises NoToken, TokenNotTaken, and what smtplib raises."""
    token, was_stored = _token()
    said = iter([proof(settings.EMAIL_HOST_USER, token)])
    try:
        # Refused, the server tells why and waits for an empty line.
        client.auth("XOAUTH2", lambda _challenge=None: next(said, ""))
    except smtplib.SMTPAuthenticationError as refused:
        if refused.smtp_code >= 500:
            forget_token()
            if was_stored:
                raise TokenNotTaken(refused.smtp_code, refused.smtp_error) from refused
        raise


def _token() -> tuple[str, bool]:
    """It, and whether it is one from before."""
    for _look in range(LOOKS):
        if token := stored_token():
            return token, True
        if (application := take_refresh()) is None:
            sleep(BETWEEN)
            continue
        try:
            given = ask_for_token(application)
            keep_token(given, asked_with=application)
        except TokenRefused as refused:
            raise NoToken(refused) from refused
        finally:
            give_back_refresh()
        return given.token, False
    raise NoToken(TokenRefused(NoTokenBecause.OTHER, "Another sender is still asking for it."))
