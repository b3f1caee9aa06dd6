"""Letters about publications to customers."""

from accounts.enums import OutgoingKind
from accounts.models import Customer, OutgoingMessage
from accounts.services.outbox import queue_mail
from surveys.services.inviting import Letter


def send_letter(letter: Letter, customer: Customer, *, tag: str, key: str) -> OutgoingMessage:
    """Queue it in the language of the customer, once for each `key`; `tag` tells answers to it
    apart. Raises AddressNotUsable."""
    return queue_mail(
        kind=OutgoingKind.PUBLICATION,
        tag=tag,
        to_address=customer.email,
        to_name=customer.name,
        customer=customer,
        subject=letter.subject,
        body_text=letter.text,
        body_html=letter.html,
        headers=letter.headers,
        language=customer.language,
        dedupe_key=key,
    )
