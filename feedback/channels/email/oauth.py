"""The access token of a mailbox that is signed in to with OAuth 2: a stored or a new one."""

from config.kernel.oauth import Application, NoTokenBecause, TokenRefused, ask_for_token, holds
from feedback.enums import MailboxProblem
from feedback.models import Mailbox
from feedback.services.mailbox_tokens import give_back_refresh, keep_token, take_refresh

PROBLEMS = {
    NoTokenBecause.ENDED: MailboxProblem.SIGN_IN_AGAIN,
    NoTokenBecause.CLIENT: MailboxProblem.CLIENT,
    NoTokenBecause.OTHER: MailboxProblem.TOKEN,
}


def access_token(mailbox: Mailbox) -> str:
    """A token that holds for the next minutes. Never inside a transaction. Raises
    TokenRefused."""
    if holds(mailbox.access_token, mailbox.access_token_until):
        return mailbox.access_token
    claimed = take_refresh(mailbox.pk)
    if claimed is None:
        mailbox.refresh_from_db()
        if holds(mailbox.access_token, mailbox.access_token_until):
            return mailbox.access_token
        raise TokenRefused(NoTokenBecause.OTHER, "another process is getting it")
    try:
        given = ask_for_token(
            Application(
                token_url=claimed.token_url,
                client_id=claimed.client_id,
                client_secret=claimed.client_secret,
                refresh_token=claimed.refresh_token,
                scope=claimed.token_scope,
            )
        )
        keep_token(
            claimed, token=given.token, until=given.until, refresh_token=given.refresh_token
        )
    finally:
        give_back_refresh(mailbox.pk)
    return given.token
