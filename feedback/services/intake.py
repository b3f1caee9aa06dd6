"""The one door by which feedback comes in, whatever the channel."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Customer, Team, User
from config.kernel.events import announce
from config.kernel.kept import settings_at
from config.kernel.live import tell_pages
from config.kernel.printable import printable
from feedback.enums import Channel, Direction, Priority, State, TimelineKind
from feedback.events import FeedbackReceived
from feedback.models import Category, Feedback, FormDefinition, Mailbox, Message, Product
from feedback.rules.promise import answer_due
from feedback.selectors.custom_fields import Imagined
from feedback.selectors.kept_settings import default_status, status_for_new
from feedback.services.acknowledgement import acknowledge_feedback
from feedback.services.attachments import GivenFile, store_files
from feedback.services.custom_values import first_values
from feedback.services.records import tell
from feedback.services.sla_clocks import settle_clocks


@settings_at()
def receive_feedback(
    *,
    channel: Channel,
    customer: Customer,
    subject: str,
    text: str,
    language: str,
    html: str = "",
    full_text: str = "",
    category: Category | None = None,
    product: Product | None = None,
    order_number: str = "",
    place: str = "",
    journey_stage: str = "",
    priority: int = Priority.NORMAL,
    team: Team | None = None,
    mailbox: Mailbox | None = None,
    files: Sequence[GivenFile] = (),
    sender_name: str = "",
    sender_address: str = "",
    submission_key: str | None = None,
    flags: Sequence[str] = (),
    is_new: bool = False,
    received_at: datetime | None = None,
    follow_up_of: Feedback | None = None,
    form: FormDefinition | None = None,
    custom: Mapping[str, Any] | None = None,
    acknowledge: bool = True,
    is_spam: bool = False,
    by: User | None = None,
    is_forwarded: bool = False,
) -> Feedback:
    """Make a record from what a customer told us and tell them that it arrived.

    The same `submission_key` gives the same record, however often and however parallel it is
    asked for; `is_new` spares the look for it, for a caller who has just looked. `by` is the
    member of staff who took it down, if one did, or who handed the customer's mail on to us
    (`is_forwarded`). What looks like spam is kept where staff can
    find it, and nobody is told. `form`: what it came through, see
    services.form_definitions.receive_through_form. `custom`: values of custom fields; those that
    have one from the start get it. `flags`: warnings about the sender (MailFlag). Raises
    FileRefused, UploadGone, ValuesRefused.
    """
    if submission_key is not None and not is_new:
        known = Feedback.objects.filter(submission_key=submission_key).first()
        if known is not None:
            return known
    now = timezone.now()
    received_at = min(received_at or now, now)
    status = default_status(State.SPAM) if is_spam else status_for_new()
    waiting_since = None if is_spam else received_at
    # A team that somebody named is not changed by a routing rule.
    given: dict[str, Any] = {"team_given": True} if team is not None else {}
    given |= {"forwarded": True} if is_forwarded else {}
    team = team or _usual_team(category, mailbox)
    values = first_values(
        Imagined(
            category=category,
            product=product,
            channel=channel,
            priority=priority,
            language=language,
            journey_stage=journey_stage,
            status=status,
            state=status.state,
            team_id=team.pk if team else None,
            customer=customer,
        ),
        custom or {},
    )
    try:
        # A savepoint inside a caller's transaction only where something may fail that one can go
        # on from: the key, the files.
        with transaction.atomic(savepoint=submission_key is not None or bool(files)):
            feedback = Feedback.objects.create(
                channel=channel,
                subject=_subject(subject, text),
                language=language,
                customer=customer,
                mailbox=mailbox,
                status=status,
                state=status.state,
                priority=priority,
                category=category,
                team=team,
                product=product,
                order_number=order_number,
                place=place,
                journey_stage=journey_stage,
                custom=values,
                received_at=received_at,
                waiting_since=waiting_since,
                last_customer_message_at=received_at,
                reply_due_at=answer_due(waiting_since, priority),
                submission_key=submission_key,
                follow_up_of=follow_up_of,
                form=form,
            )
            message = Message.objects.create(
                feedback=feedback,
                direction=Direction.IN,
                channel=channel,
                author_name=sender_name or customer.name,
                author_address=sender_address,
                text=text,
                full_text=full_text,
                html=html,
                flags=list(flags),
                created_at=received_at,
            )
            feedback.first_message = message
            store_files(message, files)
            tell(feedback, TimelineKind.RECEIVED, by=by, channel=channel, **given)
            if is_spam:
                return feedback
            expected = feedback.reply_due_at
            settle_clocks(feedback, now=now, is_new=True)
            if feedback.reply_due_at != expected:
                feedback.save(update_fields=["reply_due_at"])
            if acknowledge:
                acknowledge_feedback(feedback, known=())
            announce(FeedbackReceived(feedback_id=feedback.pk))
            tell_pages("feedback", id=feedback.pk, number=feedback.number, version=1)
            return feedback
    except IntegrityError:
        # The same form at the same moment in another process: its record is the one.
        if submission_key is None:
            raise
        known = Feedback.objects.filter(submission_key=submission_key).first()
        if known is None:
            raise
        return known


def _usual_team(category: Category | None, mailbox: Mailbox | None) -> Team | None:
    if category is not None and category.team is not None:
        return category.team
    return mailbox.team if mailbox is not None else None


def _subject(subject: str, text: str) -> str:
    """What was given, else the first words of the text; always one printable line."""
    line = printable(subject or text[:200]).strip()
    return " ".join(line.split())[: 255 if subject else 80] or "-"
