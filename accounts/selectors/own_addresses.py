"""Which addresses are ours. Apps above say so in AppConfig.ready(); nobody below asks them."""

from collections.abc import Callable, Iterable

from django.conf import settings

from accounts.rules.automatic_mail import without_tag

Source = Callable[[Iterable[str]], Iterable[str]]
_sources: list[Source] = []
_untagged: list[Source] = []


def register_own_addresses(source: Source) -> Source:
    """`source(addresses)` gives those of `addresses` (lower case, without a plus tag) to which
    mail comes back into this product; in at most one query."""
    if source not in _sources:
        _sources.append(source)
    return source


def register_untagged_addresses(source: Source) -> Source:
    """`source(addresses)` gives those of `addresses` (lower case) where mail to `name+tag@` does
    not arrive at `name@`."""
    if source not in _untagged:
        _untagged.append(source)
    return source


def takes_tags(address: str) -> bool:
    """Whether mail to `address` with a tag arrives; True for one that nobody knows."""
    plain = address.strip().lower()
    return not any(plain in set(source([plain])) for source in _untagged)


def is_own_address(address: str) -> bool:
    """Whether a mail to `address` would come back to us."""
    plain = without_tag(address)
    if plain == without_tag(settings.DEFAULT_FROM_EMAIL):
        return True
    return any(plain in set(source([plain])) for source in _sources)
