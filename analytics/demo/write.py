"""Storing the year in as few statements as possible."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model
from psycopg.types.json import Jsonb

from accounts.models import Consent, ContactPoint, Customer, Organisation, OutgoingMessage
from analytics.demo.asks import Ask
from analytics.demo.company import Company
from analytics.demo.judgements import Judgements
from analytics.demo.ledger import Book, Ledger
from analytics.demo.mail import KEPT_FOR, REFERENCE_COLUMNS, Post
from analytics.demo.people import Crowd
from analytics.demo.pictures import picture
from analytics.demo.scenario import Plan
from analytics.demo.store import Keys, copy_models, copy_rows
from feedback.models import Attachment, Feedback, MailReference, Message, Task, TimelineEntry
from feedback.services.attachments import IncomingFile, store_files
from surveys.models import Invitation

BATCH = 1000


def write_crowd(crowd: Crowd) -> None:
    """The customers: their history is tracked, so by ordinary statements."""
    people = sorted(
        [*crowd.people, *crowd.spammers], key=lambda one: one.customer.created_at
    )  # in the order in which they came, as the list of customers has it
    _store(Organisation, crowd.organisations)
    _store(Customer, [one.customer for one in people])
    _store(ContactPoint, [point for one in people for point in one.points])
    _store(Consent, [row for one in people for row in one.consents])


def _store(model: type[Model], rows: Iterable[Any]) -> None:
    model._default_manager.bulk_create(list(rows), batch_size=BATCH)


def write_records(
    company: Company, plans: list[Plan], asks: list[Ask], *, now: datetime
) -> list[Ledger]:
    """Play every plan and store its rows; the records get their numbers in order of arrival."""
    keys = Keys.of(Invitation)
    for ask in asks:
        ask.key = keys.take()
    leads = {team.pk: company.lead(code) for code, team in company.teams.items()}
    numbers = Keys("feedback_number", at_a_time=len(plans))
    book = Book(company.statuses, leads, now - KEPT_FOR, numbers)
    ledgers = {}
    for plan in plans:
        ledgers[plan] = Ledger(book, plan.person)
        ledgers[plan].play(plan.steps)
    judgements = Judgements.of_call_backs(company, ledgers)
    invitations = {ask: judgements.invitation(ask) for ask in asks}
    rows = list(ledgers.values())
    copy_models(Feedback, [ledger.feedback for ledger in rows])
    _write_mail(company, rows, invitations)
    judgements.write(invitations)
    _write_stories(company, rows)
    return rows


def _write_mail(
    company: Company, ledgers: list[Ledger], invitations: dict[Ask, Invitation]
) -> None:
    post = Post.opened(company.mailbox)
    for ledger in ledgers:
        post.deliver(ledger, invitations)
    copy_models(OutgoingMessage, post.outgoing)
    copy_rows(MailReference, REFERENCE_COLUMNS, post.references)


def _write_stories(company: Company, ledgers: list[Ledger]) -> None:
    copy_models(Message, (message for ledger in ledgers for message in ledger.messages))
    for ledger in ledgers:
        _attach(ledger)
    copy_models(Task, (task for ledger in ledgers for task in ledger.tasks))
    copy_rows(
        Feedback.tags.through,
        ("feedback_id", "tag_id"),
        (
            (ledger.feedback.pk, company.tags[name].pk)
            for ledger in ledgers
            for name in ledger.tags
        ),
    )
    copy_rows(
        TimelineEntry,
        ("feedback_id", "kind", "actor_id", "actor_name", "data", "note", "at"),
        (row for ledger in ledgers for row in _story(ledger)),
    )


def photo_file(photo: tuple[str, int]) -> IncomingFile:
    scene, variant = photo
    return IncomingFile(f"IMG_{4100 + 37 * variant}.jpg", picture(scene, variant))


def _attach(ledger: Ledger) -> None:
    """The few files go through the service that looks at them and puts them away."""
    if ledger.photo is not None:
        first = ledger.messages[0]
        (stored,) = store_files(first, [photo_file(ledger.photo)])
        Attachment.objects.filter(pk=stored.pk).update(created_at=first.created_at)


def _story(ledger: Ledger) -> Iterable[tuple[Any, ...]]:
    for entry in ledger.entries:
        actor = entry.actor
        yield (
            ledger.feedback.pk,
            entry.kind.value,
            actor.pk if actor else None,
            actor.name if actor else "",
            Jsonb(entry.data),
            entry.note,
            entry.at,
        )
