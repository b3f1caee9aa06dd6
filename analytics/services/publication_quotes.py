"""Words of customers in publications: only with their consent, asked for by mail, and gone as soon
as they take it back."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.errors import AddressNotUsable
from accounts.models import User
from analytics.enums import PublicationStep, QuoteState
from analytics.errors import QuoteRefused
from analytics.models import PublicationQuote
from analytics.selectors.publication_check import Watcher, evidence_behind
from analytics.selectors.publication_people import wants_to_hear
from analytics.services.publication_letters import send_letter
from analytics.services.publications import locked, note
from feedback.models import Feedback
from surveys.services.inviting import Letter

SHORTEST, LONGEST = 10, 500

Write = Callable[[PublicationQuote], Letter]


@transaction.atomic
def ask_to_quote(
    publication_id: int, feedback_id: int, *, text: str, by: User, write: Write
) -> PublicationQuote:
    """Ask the customer of this record whether these words of theirs may stand in the publication,
    without a name. They must stand in the record, and must not tell who somebody is. Asked once
    for a record. Raises QuoteRefused."""
    one = locked(publication_id)
    record = Feedback.objects.visible_to(by).filter(pk=feedback_id).first()
    text = " ".join(text.split())
    if record is None or not _is_evidence(one.problem_id, record.pk):
        raise QuoteRefused(_("This record is no evidence of the problem."))
    _ensure_quotable(record, text, Watcher(one))
    if one.quotes.filter(feedback=record).exists():
        raise QuoteRefused(_("The customer was asked about this record already."))
    customer = record.customer
    if not customer.email or not wants_to_hear(customer):
        raise QuoteRefused(_("The customer cannot be asked by mail, or does not want to be."))
    quote = PublicationQuote.objects.create(
        publication=one, feedback=record, customer=customer, text=text, language=record.language
    )
    try:
        send_letter(write(quote), customer, tag=f"q{quote.pk}", key=f"quote:{quote.pk}")
    except AddressNotUsable as unusable:
        raise QuoteRefused(unusable.message) from unusable
    note(one, PublicationStep.ASKED, by=by)
    return quote


@transaction.atomic
def answer_quote(quote_id: int, *, given: bool) -> PublicationQuote:
    """The customer's word, which can be another one tomorrow: what is refused or taken back is
    shown nowhere from this moment on."""
    quote = PublicationQuote.objects.select_for_update(of=["self"]).get(pk=quote_id)
    state = QuoteState.GIVEN if given else QuoteState.REFUSED
    if quote.state == state:
        return quote
    quote.state, quote.answered_at = state, timezone.now()
    quote.save(update_fields=["state", "answered_at"])
    step = PublicationStep.QUOTE_GIVEN if given else PublicationStep.QUOTE_REFUSED
    note(quote.publication, step, by=None)
    return quote


def _is_evidence(problem_id: int | None, feedback_id: int) -> bool:
    return evidence_behind(problem_id).filter(feedback=feedback_id).exists()


def _ensure_quotable(record: Feedback, text: str, watcher: Watcher) -> None:
    if not SHORTEST <= len(text) <= LONGEST:
        raise QuoteRefused(
            _("Quote %(least)s to %(most)s characters.") % {"least": SHORTEST, "most": LONGEST}
        )
    told = record.messages.filter(direction="in").values_list("text", flat=True)
    if not any(text in " ".join(one.split()) for one in told):
        raise QuoteRefused(_("These words do not stand in the record: quote what was written."))
    if watcher.findings("", text):
        raise QuoteRefused(_("These words may tell who somebody is. Quote others."))
