"""Contacts of people whose data were erased: known by a keyed digest only."""

from collections.abc import Iterable

from django.conf import settings

from accounts.models import ForgottenContact
from config.kernel.tokens import signature

_PURPOSE = "forgotten-contact"


def forget_contacts(contacts: Iterable[tuple[str, str]]) -> int:
    """Note the digests of contacts (kind, stored value); how many."""
    rows = [
        ForgottenContact(kind=kind, digest=_digests(kind, value)[0]) for kind, value in contacts
    ]
    ForgottenContact.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def is_forgotten(kind: str, value: str) -> bool:
    """Whether the data of whoever this contact belongs to were erased."""
    return ForgottenContact.objects.filter(digest__in=_digests(kind, value)).exists()


def forgotten_among(kind: str, values: Iterable[str]) -> set[str]:
    """Those of these contacts whose owners' data were erased; one query."""
    digests = {one: value for value in values for one in _digests(kind, value)}
    found = ForgottenContact.objects.filter(digest__in=digests).values_list("digest", flat=True)
    return {digests[one] for one in found}


def remember_again(kind: str, value: str) -> None:
    """The person came back by themselves."""
    ForgottenContact.objects.filter(digest__in=_digests(kind, value)).delete()


def _digests(kind: str, value: str) -> list[str]:
    """By the present key, and by those that are being retired."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [signature(_PURPOSE, f"{kind}:{value}", key=key) for key in keys]
