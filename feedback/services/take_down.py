"""Feedback that staff write down for a customer: a call, a visit, a letter."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection, transaction

from accounts.models import Customer, Team, User
from accounts.services.customers import add_contact, create_customer, find_or_create_customer
from feedback.enums import Channel, Priority
from feedback.models import Category, Feedback, Product
from feedback.services.assignment import assign_feedback, may_work_in
from feedback.services.attachments import IncomingFile
from feedback.services.intake import receive_feedback


@transaction.atomic
def take_down_feedback(
    *,
    by: User,
    channel: Channel,
    subject: str,
    text: str,
    language: str,
    submission_key: str,
    customer: Customer | None = None,
    name: str = "",
    phone: str = "",
    email: str = "",
    category: Category | None = None,
    product: Product | None = None,
    order_number: str = "",
    priority: int = Priority.NORMAL,
    team: Team | None = None,
    files: Sequence[IncomingFile] = (),
    custom: Mapping[str, Any] | None = None,
    acknowledge: bool = False,
    take_it: bool = False,
) -> Feedback:
    """Make a record of what a customer said to `by`.

    The customer is `customer`, else whoever owns the phone number or the address, else somebody
    new. With `take_it` the record is theirs who took it down, unless it belongs to a team they
    are not in. The same `submission_key` gives the same record and makes nobody twice. Raises
    AddressNotUsable, ContactBelongsToAnother, FileRefused, ValuesRefused.
    """
    _one_at_a_time(submission_key)
    known = Feedback.objects.filter(submission_key=submission_key).first()
    if known is not None:
        return known
    customer = customer or _somebody(name=name, phone=phone, email=email, language=language)
    feedback = receive_feedback(
        channel=channel,
        customer=customer,
        subject=subject,
        text=text,
        language=language,
        category=category,
        product=product,
        order_number=order_number,
        priority=priority,
        team=team,
        files=files,
        submission_key=submission_key,
        custom=custom,
        acknowledge=acknowledge,
        by=by,
    )
    if take_it and (feedback.team is None or may_work_in(by, feedback.team)):
        feedback = assign_feedback(feedback.pk, by=by, assignee=by, team=feedback.team)
    return feedback


def _somebody(*, name: str, phone: str, email: str, language: str) -> Customer:
    if not phone and not email:
        return create_customer(name=name, language=language)
    kind, value = ("phone", phone) if phone else ("email", email)
    customer = find_or_create_customer(kind=kind, value=value, name=name, language=language)
    if phone and email:
        add_contact(customer.pk, kind="email", value=email, is_primary=True)
    return customer


def _one_at_a_time(key: str) -> None:
    """A second submit of the same form waits here for the first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
