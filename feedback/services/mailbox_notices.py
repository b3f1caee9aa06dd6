"""Mail to admins about mailboxes that cannot be read: once when it lasts, once when it is over."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import OutgoingKind
from accounts.models import OutgoingMessage
from accounts.services.admin_mail import mail_admins
from feedback.models import Mailbox

FAILING_FOR = timedelta(minutes=30)
# One that was never read has no moment from which to count: with its rests that takes as long.
NEVER_READ = 10
# The machine may have been off: one failure after a night is no half an hour of failing.
AT_LEAST = 3
_FAILS, _OVER = "mailbox-fails", "mailbox-over"


def tell_of_mailboxes() -> None:
    """Safe to run at any time, by several workers at once."""
    long_ago = timezone.now() - FAILING_FOR
    lasting = Q(succeeded_at__lt=long_ago, failures__gte=AT_LEAST)
    never = Q(succeeded_at=None, failures__gte=NEVER_READ)
    for mailbox in Mailbox.objects.polled().filter(lasting | never):
        _tell_failing(mailbox)
    for mailbox in Mailbox.objects.polled().filter(failures=0, succeeded_at__isnull=False):
        _tell_over(mailbox)


@transaction.atomic
def _tell_failing(mailbox: Mailbox) -> None:
    def words() -> tuple[str, str]:
        values = {"address": mailbox.address, "problem": mailbox.last_error}
        text = _("No mail was read from %(address)s for half an hour or longer: %(problem)s")
        more = _("What customers write meanwhile is read as soon as that is mended.")
        subject = _("The mailbox %(address)s cannot be read") % values
        return subject, f"{text % values}\n\n{more}\n{_page()}"

    since = mailbox.succeeded_at
    moment = f"{since:%Y%m%d%H%M%S}" if since is not None else "never"
    mail_admins(words, once=f"{_FAILS}:{mailbox.pk}:{moment}", kind=OutgoingKind.ACCOUNT)


@transaction.atomic
def _tell_over(mailbox: Mailbox) -> None:
    told = OutgoingMessage.objects.filter(dedupe_key__startswith=f"{_FAILS}:{mailbox.pk}:")
    last = told.order_by("-pk").only("dedupe_key", "created_at").first()
    if last is None or last.dedupe_key is None:
        return
    if mailbox.succeeded_at is None or mailbox.succeeded_at < last.created_at:
        return  # somebody changed it, and it was not tried since

    def words() -> tuple[str, str]:
        values = {"address": mailbox.address}
        text = _("Mail from %(address)s is read again.") % values
        return _("The mailbox %(address)s is read again") % values, f"{text}\n{_page()}"

    moment = last.dedupe_key.split(":")[2]
    mail_admins(words, once=f"{_OVER}:{mailbox.pk}:{moment}", kind=OutgoingKind.ACCOUNT)


def _page() -> str:
    return settings.SITE_URL + reverse("feedback:mailboxes")
