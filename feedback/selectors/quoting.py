"""What went before on a record, as its mailbox wishes it below an answer."""

from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from accounts.enums import ContactKind
from feedback.enums import Direction, Quoting
from feedback.models import Feedback, Mailbox, Message
from feedback.rules.quoting import MESSAGES, Quoted, bounded


def quotes_for(feedback: Feedback, mailbox: Mailbox | None) -> list[Quoted]:
    """Newest first. Never a note, automatic mail or what was taken back; and of other people's
    words nothing: neither what third parties wrote nor what stands on records that were merged
    into this one."""
    policy = Quoting(mailbox.quoting) if mailbox is not None else Quoting.NONE
    if policy == Quoting.NONE:
        return []
    rows = _between_us(feedback).order_by("-created_at", "-pk")
    newest = rows[: 1 if policy == Quoting.LAST else MESSAGES]
    with translation.override(feedback.language):
        return bounded([_quoted(feedback, one) for one in newest])


def _between_us(feedback: Feedback) -> QuerySet[Message]:
    spoken = Message.objects.filter(
        feedback=feedback,
        direction__in=[Direction.IN, Direction.OUT],
        is_automatic=False,
        is_recalled=False,
        is_third_party=False,
    )
    points = feedback.customer.contact_points.filter(kind=ContactKind.EMAIL)
    known = ["", *(value.lower() for value in points.values_list("value", flat=True))]
    ours = Q(direction=Direction.OUT)
    return spoken.annotate(sender=Lower("author_address")).filter(ours | Q(sender__in=known))


def _quoted(feedback: Feedback, message: Message) -> Quoted:
    when = date_format(localtime(message.created_at), "DATETIME_FORMAT")
    who = message.author_name or str(feedback.customer)
    return Quoted(_("On %(when)s, %(who)s wrote:") % {"when": when, "who": who}, message.text)
