"""Which mails of a mailbox are fetched: look at the size, peek at the bytes, store, and only then
mark as seen. Nothing is deleted on the server."""

import imaplib
import logging
from datetime import timedelta
from time import monotonic

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from imap_tools.mailbox import BaseMailBox

from feedback.channels.email.imap_answers import PollFailed, beginning_of, bytes_of, size_of
from feedback.enums import MailboxProblem
from feedback.models import InboundMail, Mailbox
from feedback.selectors.mailboxes import mails_to_fetch_again
from feedback.services.fetch_progress import ENOUGH, remember, tries_before, was_refused
from feedback.services.inbound_mail import store_raw_mail
from feedback.services.oversized_mail import (
    count_try_again,
    store_oversized_mail,
    store_unfetched_mail,
    store_whole_mail,
    whole_mail_is_gone,
)

logger = logging.getLogger(__name__)
BATCH = 200  # mails in one poll; the rest comes with the next
FIRST_POLL_DAYS = 3


def fetch_new(mailbox: Mailbox, server: BaseMailBox, ends: float) -> int:
    """How many mails were fetched; none is begun after `ends` (of `monotonic`)."""
    told = server.folder.status(mailbox.folder, ["UIDVALIDITY", "UIDNEXT"])
    validity = int(told["UIDVALIDITY"])
    if mailbox.uid_validity == validity:
        uids = _later(mailbox, server)
    else:
        # A mailbox we have not met, or one that was rebuilt: what is unread and recent, so that
        # nobody gets an acknowledgement for a mail of last year.
        since = timezone.localdate() - timedelta(days=FIRST_POLL_DAYS)
        uids = _numbers(server, f"UNSEEN SINCE {since:%d-%b-%Y}")
        highest = int(told["UIDNEXT"]) - 1  # what comes from now on is new, read or not
        lowest = min([highest, *(uid - 1 for uid in uids)])
        if not remember(mailbox, uid_validity=validity, last_uid=lowest, unread_until=highest):
            return 0
    new = sorted({uid for uid in uids if uid > mailbox.last_uid})
    fetched = 0
    for uid in new[:BATCH]:
        if monotonic() > ends:
            return fetched
        if not _fetch_one(mailbox, server, validity, uid):
            return fetched
        fetched += 1
    if len(new) <= BATCH and mailbox.unread_until is not None:
        last = max(mailbox.last_uid, mailbox.unread_until)
        remember(mailbox, last_uid=last, unread_until=None)
    return fetched


def _later(mailbox: Mailbox, server: BaseMailBox) -> list[int]:
    # "5:*" always gives at least the last mail, even when its UID is lower.
    begin, old = mailbox.last_uid + 1, mailbox.unread_until
    if old is None:
        return _numbers(server, f"UID {begin}:*")
    # The first poll did not come to its end. What was there before us is fetched unread only.
    uids = [uid for uid in _numbers(server, f"UID {old + 1}:*") if uid > old]
    if begin <= old:
        uids += [uid for uid in _numbers(server, f"UID {begin}:{old} UNSEEN") if uid <= old]
    return uids


def _numbers(server: BaseMailBox, wanted: str) -> list[int]:
    return [int(uid) for uid in server.uids(wanted)]


def _fetch_one(mailbox: Mailbox, server: BaseMailBox, validity: int, uid: int) -> bool:
    """False when the mailbox has become another one meanwhile."""
    tries = tries_before(mailbox, uid)
    if tries >= ENOUGH:
        return _give_up(mailbox, server, validity, uid, ask=tries < 2 * ENOUGH)
    try:
        size = size_of(server, uid)
        too_large = size > settings.MAIL_MAX_BYTES
        raw = beginning_of(server, uid) if too_large else bytes_of(server, uid)
    except imaplib.IMAP4.abort:  # the line broke; that says little about the mail
        raise
    except (PollFailed, imaplib.IMAP4.error):
        was_refused(mailbox)
        raise
    with transaction.atomic():
        if too_large:
            store_oversized_mail(mailbox, raw, size=size, uid_validity=validity, uid=uid)
        else:
            store_raw_mail(mailbox, raw, uid_validity=validity, uid=uid)
        is_same = remember(mailbox, last_uid=uid, fetching_uid=None, fetch_tries=0)
    # Only now: what is not stored must stay unread on the server.
    server.client.uid("STORE", str(uid), "+FLAGS", r"(\Seen)")
    return is_same


def _give_up(mailbox: Mailbox, server: BaseMailBox, validity: int, uid: int, *, ask: bool) -> bool:
    """Keep the beginning at most, so that the mails after it come in. Not asked for (`ask`) when
    that has failed, too. It stays unread on the server."""
    size, head = 0, b""
    if ask:
        remember(mailbox, fetch_tries=2 * ENOUGH)
        try:
            size = size_of(server, uid)
            head = beginning_of(server, uid)
        except imaplib.IMAP4.abort:
            raise
        except (PollFailed, imaplib.IMAP4.error):
            logger.warning("mailbox %s: UID %s is not given out", mailbox.pk, uid)
    with transaction.atomic():
        store_unfetched_mail(mailbox, head, size=size, uid_validity=validity, uid=uid)
        return remember(mailbox, last_uid=uid, fetching_uid=None, fetch_tries=0)


def fetch_again(mailbox: Mailbox, server: BaseMailBox, ends: float) -> None:
    """Mails that were not fetched whole when they came, and that somebody wants whole now; none
    is begun after `ends`."""
    for wanted in mails_to_fetch_again(mailbox):
        if monotonic() > ends:
            return
        if wanted.uid is None or wanted.uid_validity != mailbox.uid_validity:
            whole_mail_is_gone(wanted.pk)
        elif count_try_again(wanted.pk):
            _fetch_whole(server, wanted, wanted.uid)


def _fetch_whole(server: BaseMailBox, wanted: InboundMail, uid: int) -> None:
    try:
        size = size_of(server, uid)
        raw = bytes_of(server, uid) if 0 < size <= settings.MAIL_MAX_BYTES else b""
    except imaplib.IMAP4.abort:
        raise
    except PollFailed as failed:
        if failed.problem != MailboxProblem.ANSWER:
            raise
        return  # next time; or somebody has just deleted it, which its size will say
    except imaplib.IMAP4.error as refused:
        logger.warning("mail %s was not given out: %s", wanted.pk, refused)
        return
    if raw:
        store_whole_mail(wanted.pk, raw)
    else:
        whole_mail_is_gone(wanted.pk)
