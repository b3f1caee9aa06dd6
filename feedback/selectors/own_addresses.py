from collections.abc import Iterable

from django.db.models.functions import Lower

from feedback.models import Mailbox


def mailbox_addresses(addresses: Iterable[str]) -> list[str]:
    """Those of `addresses` (lower case) that are mailboxes of ours, whether active or not."""
    own = Mailbox.objects.annotate(lower_address=Lower("address"))
    return list(
        own.filter(lower_address__in=list(addresses)).values_list("lower_address", flat=True)
    )
