"""Tokens by which programs act for a member of staff."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.enums import Scope
from accounts.errors import UnknownScope
from accounts.models import ApiToken, User
from config.kernel.tokens import digest, new_secret

PREFIX = "hy_"  # so that a leaked token can be recognised as ours by scanners
SHOWN = 8  # characters that lists show, to tell tokens apart


@transaction.atomic
def issue_token(
    *, user: User, name: str, scopes: Sequence[str], expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A new token and its secret, which exists nowhere else: show it once. Raises UnknownScope."""
    if not scopes or not set(scopes) <= set(Scope.values):
        raise UnknownScope
    secret = PREFIX + new_secret()
    token = ApiToken.objects.create(
        user=user,
        name=name,
        scopes=[scope for scope in Scope.values if scope in scopes],
        expires_at=expires_at,
        prefix=secret[:SHOWN],
        digest=digest(secret),
    )
    return token, secret


@transaction.atomic
def revoke_token(token_id: int) -> ApiToken:
    """The token stops working at once; revoking twice keeps the first moment."""
    token = ApiToken.objects.select_for_update().get(pk=token_id)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
    return token
