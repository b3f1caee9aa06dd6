"""Storing the year in as few statements as possible."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Model

from accounts.models import Consent, ContactPoint, Customer, Organisation, OutgoingMessage
from analytics.demo.asks import Ask
from analytics.demo.company import Company
from analytics.demo.judgements import Judgements
from analytics.demo.ledger import Ledger, Mail
from analytics.demo.mail import Post
from analytics.demo.people import Crowd
from analytics.demo.scenario import Plan
from feedback.models import Feedback, MailReference, Message, Task, TimelineEntry

BATCH = 1000


def store(model: type[Model], rows: Iterable[Any]) -> None:
    model._default_manager.bulk_create(list(rows), batch_size=BATCH)


def write_crowd(crowd: Crowd) -> None:
    people = [*crowd.people, *crowd.spammers]
    store(Organisation, crowd.organisations)
    store(Customer, [one.customer for one in people])
    store(ContactPoint, [point for one in people for point in one.points])
    store(Consent, [row for one in people for row in one.consents])


def write_records(
    company: Company, plans: list[Plan], asks: list[Ask], *, now: datetime
) -> list[Ledger]:
    """Play every plan and store its rows; the records get their numbers in order of arrival."""
    leads = {team.pk: company.lead(code) for code, team in company.teams.items()}
    ledgers = []
    for plan in plans:
        ledger = Ledger(company.statuses, leads, plan.person)
        ledger.play(plan.steps)
        ledgers.append(ledger)
    store(Feedback, [ledger.feedback for ledger in ledgers])
    judgements = Judgements.of_call_backs(company, dict(zip(plans, ledgers, strict=True)))
    judgements.write_invitations(asks)
    _write_mail(company, ledgers, now)
    judgements.write_answers(asks)
    _write_stories(company, ledgers)
    return ledgers


def _write_mail(company: Company, ledgers: list[Ledger], now: datetime) -> None:
    post = Post.opened(now, company.mailbox)
    for ledger in ledgers:
        post.deliver(ledger)
    store(OutgoingMessage, post.outgoing)
    store(MailReference, post.references)


def _write_stories(company: Company, ledgers: list[Ledger]) -> None:
    store(Message, [message for ledger in ledgers for message in ledger.messages])
    store(Task, [task for ledger in ledgers for task in ledger.tasks])
    through = Feedback.tags.through
    store(
        through,
        [
            through(feedback_id=ledger.feedback.pk, tag_id=company.tags[name].pk)
            for ledger in ledgers
            for name in ledger.tags
        ],
    )
    for ledger in ledgers:
        for entry in ledger.entries:
            entry.row.data = {name: _key(value) for name, value in entry.data.items()}
    store(TimelineEntry, [entry.row for ledger in ledgers for entry in ledger.entries])


def _key(value: Any) -> Any:
    """What the timeline keeps of an object: its key; None for a mail that is not kept."""
    if isinstance(value, Mail | Ask):
        value = value.row
        return value.pk if value is not None else None
    return value.pk if isinstance(value, Model) else value
