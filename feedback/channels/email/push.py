"""Mail that a provider brings by HTTP: who brings it is proved before anything is read, as far
as that can be; stored before it is answered; understood later, like any other mail."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings
from django.utils import timezone

from accounts.rules.automatic_mail import without_tag
from config.kernel.ratelimit import Limit, is_used_up, within_limits
from feedback.channels.email.push_forms import (
    JSON,
    MULTIPART,
    RAW,
    URLENCODED,
    NoMailInside,
    Pushed,
    form_fields,
    kind_of,
    mail_in_form,
    mail_in_json,
    proof_in,
)
from feedback.channels.email.receive import (
    MailTooLarge,
    ensure_size,
    with_recipient,
)
from feedback.enums import PushRefusal
from feedback.models import PushAddress
from feedback.rules.push_proofs import (
    MAILGUN_TOLERANCE,
    TOLERANCE,
    carries_secret,
    is_fresh,
    mailgun_signature_holds,
    webhook_signature_holds,
)
from feedback.services.mail_push import (
    TokenReused,
    note_refused,
    secrets_of,
    store_pushed_mail,
)

# So many bodies that proved nothing are read of one client in so many seconds.
UNPROVED, UNPROVED_SECONDS = 30, 600
SIGNED = ("webhook-id", "webhook-timestamp", "webhook-signature")


class PushRefused(Exception):
    """`why` is None where there is no such address: nobody learns which there are."""

    def __init__(self, why: PushRefusal | None) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Delivery:
    """A request: its headers (names in lower case), and how at most so many bytes of its body
    are read. `client`: the network address it comes from."""

    headers: Mapping[str, str]
    read: Callable[[int], bytes]
    client: str = ""

    @property
    def kind(self) -> tuple[str, str]:
        return kind_of(self.headers.get("content-type", ""))


def take_push(mailbox_id: int, delivery: Delivery) -> None:
    """Keep what was brought. Raises PushRefused, and whatever the database raises when it is
    away: then nothing was kept."""
    rows = PushAddress.objects.select_related("mailbox")
    push = rows.filter(mailbox=mailbox_id).first()
    if push is None or not push.is_open:
        raise PushRefused(None)
    try:
        _take(push, delivery)
    except PushRefused as refused:
        if refused.why is not None:
            note_refused(push, refused.why)
        raise


def _take(push: PushAddress, delivery: Delivery) -> None:
    try:
        pushed, token = _proved(push, delivery)
        ensure_size(pushed.raw)
    except NoMailInside as nothing:
        raise PushRefused(PushRefusal.NO_MAIL) from nothing
    except MailTooLarge as large:
        raise PushRefused(PushRefusal.TOO_LARGE) from large
    if not push.mailbox.is_active:
        raise PushRefused(PushRefusal.OFF)
    if not pushed.raw.strip():
        raise PushRefused(PushRefusal.NO_MAIL)
    ours = (one for one in pushed.recipients if without_tag(one) == push.mailbox.address)
    raw = with_recipient(pushed.raw, next(ours, ""))
    try:
        store_pushed_mail(push, raw, token=token)
    except TokenReused as again:
        raise PushRefused(PushRefusal.REUSED) from again


def _proved(push: PushAddress, delivery: Delivery) -> tuple[Pushed, str]:
    """The mail, and the token that was signed in its place or "". Whatever a header can prove
    is proved before the body is read."""
    headers, now = delivery.headers, timezone.now()
    kind, boundary = delivery.kind
    if "authorization" in headers:
        if not carries_secret(headers["authorization"], secrets_of(push)):
            raise PushRefused(PushRefusal.SECRET)
        return _mail_in(kind, boundary, _body(delivery)), ""
    if all(name in headers for name in SIGNED):
        if not is_fresh(headers["webhook-timestamp"], now, TOLERANCE):
            raise PushRefused(PushRefusal.TOO_OLD)
        with _unproved(delivery):
            body = _body(delivery)
            if not webhook_signature_holds(headers, body, secrets_of(push)):
                raise PushRefused(PushRefusal.SIGNATURE)
        return _mail_in(kind, boundary, body), ""
    if push.signing_key and kind in {URLENCODED, MULTIPART}:
        with _unproved(delivery):
            fields = form_fields(kind, boundary, _body(delivery))
            proof = proof_in(fields)
            given = proof.pop("signature")
            if not mailgun_signature_holds(push.signing_key, given=given, **proof):
                raise PushRefused(PushRefusal.SIGNATURE)
            if not is_fresh(proof["timestamp"], now, MAILGUN_TOLERANCE):
                raise PushRefused(PushRefusal.TOO_OLD)
        return mail_in_form(kind, fields), proof["token"]
    raise PushRefused(PushRefusal.SECRET)


@contextmanager
def _unproved(delivery: Delivery) -> Iterator[None]:
    """Around reading a body before anything is proved, which costs memory: who proves nothing
    again and again is refused unread for a while."""
    limit = Limit(f"mail-push:{delivery.client}", UNPROVED, UNPROVED_SECONDS)
    if is_used_up(limit):
        raise PushRefused(None)
    try:
        yield
    except (PushRefused, NoMailInside, MailTooLarge):
        within_limits(limit)
        raise


def _body(delivery: Delivery) -> bytes:
    """All of it, or MailTooLarge. Forms and JSON need more room for the same mail."""
    if delivery.headers.get("content-encoding", "identity").lower() not in {"", "identity"}:
        raise PushRefused(PushRefusal.COMPRESSED)
    is_raw = delivery.kind[0] in RAW
    most = settings.MAIL_MAX_BYTES if is_raw else settings.MAX_REQUEST_BYTES
    declared = delivery.headers.get("content-length", "")
    if declared.isascii() and declared.isdigit() and len(declared) < 20 and int(declared) > most:
        raise MailTooLarge
    body = delivery.read(most + 1)
    if len(body) > most:
        raise MailTooLarge
    return body


def _mail_in(kind: str, boundary: str, body: bytes) -> Pushed:
    if kind in RAW:
        return Pushed(body)
    if kind in {URLENCODED, MULTIPART}:
        return mail_in_form(kind, form_fields(kind, boundary, body))
    if kind == JSON:
        return mail_in_json(body)
    raise NoMailInside
