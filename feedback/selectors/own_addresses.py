from collections.abc import Iterable

from feedback.selectors.kept_settings import mailboxes


def mailbox_addresses(addresses: Iterable[str]) -> list[str]:
    """Those of `addresses` (lower case) that are mailboxes of ours, whether active or not."""
    own = {one.address.lower() for one in mailboxes().values()}
    return sorted(own.intersection(addresses))


def untagged_addresses(addresses: Iterable[str]) -> list[str]:
    """Those of `addresses` (lower case) that are mailboxes where one with a + never arrives."""
    own = {one.address.lower() for one in mailboxes().values() if not one.has_tagged_addresses}
    return sorted(own.intersection(addresses))
