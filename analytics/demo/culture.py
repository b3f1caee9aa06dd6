"""Thanks among colleagues of the demo company, and two suggestions of its staff."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from accounts.models import Customer, User
from analytics.demo.company import Company
from analytics.demo.ledger import Ledger
from analytics.models import Thanks
from feedback.enums import Channel, Direction, State, TimelineKind
from feedback.models import Feedback, Message, Suggestion, TimelineEntry
from feedback.services.suggestions import house

RECENT = timedelta(days=25)
TOP = 5
_THANKS = (
    "客户一开始很着急，你解释得特别耐心。",
    "Thank you for calling the customer yourself before the weekend.",
    "谢谢你把换芯的步骤写成了短信模板，大家都在用。",
    "You found out in ten minutes what I had looked for all day.",
)


def make_culture(company: Company, ledgers: Sequence[Ledger], now: datetime) -> None:
    """Thanks for records that were rated best; a suggestion that was carried out and one that is
    new."""
    _thank(company, ledgers, now)
    house_of_demo = house(is_demo=True)
    done = _suggest(
        company,
        house_of_demo,
        by=_of_team(company, "fitting"),
        subject="上门前一小时给客户发短信",
        text="常有客户不在家。出发时系统自动发一条短信，写明师傅姓名和大概到达时间，可以少跑很多空趟。",
        at=now - timedelta(days=19, hours=3),
        state=State.RESOLVED,
        team="care",
    )
    _answer(company, done, "从本月起已经上线，谢谢！第一周空跑少了三成。", now - timedelta(days=6))
    _suggest(
        company,
        house_of_demo,
        by=None,
        subject="Spare seals in every service van",
        text="We come back a second time only because a seal of ten cents is missing.",
        at=now - timedelta(days=2, hours=5),
        state=State.NEW,
        team=None,
    )


def _thank(company: Company, ledgers: Sequence[Ledger], now: datetime) -> None:
    best = [
        one.feedback
        for one in reversed(ledgers)
        if one.feedback.satisfaction == TOP
        and one.feedback.resolved_by_id
        and one.feedback.resolved_at
        and one.feedback.resolved_at > now - RECENT
    ]
    # Those of the team whose people one signs in as come first.
    best.sort(key=lambda one: one.team_id != company.teams["care"].pk)
    for place, (record, text) in enumerate(zip(best, _THANKS, strict=False)):
        to = record.resolved_by
        others = [one.user for one in company.staff if one.user.pk != record.resolved_by_id]
        if to is not None:
            at = min((record.resolved_at or now) + timedelta(hours=5), now)
            by = others[place * 3 % len(others)]
            Thanks.objects.create(to=to, by=by, text=text, feedback=record, at=at)


def _of_team(company: Company, team: str) -> User:
    return next(one.user for one in company.staff if one.team == team and not one.is_lead)


def _suggest(
    company: Company,
    customer: Customer,
    *,
    by: User | None,
    subject: str,
    text: str,
    at: datetime,
    state: State,
    team: str | None,
) -> Feedback:
    """`by` None: without a name."""
    status = company.statuses[state]
    record = Feedback.objects.create(
        channel=Channel.STAFF,
        customer=customer,
        subject=subject,
        language="zh-hans" if by else "en",
        status=status,
        state=status.state,
        team=company.teams[team] if team else None,
        received_at=at,
        waiting_since=None if state == State.RESOLVED else at,
        last_customer_message_at=at,
        resolved_at=at if state == State.RESOLVED else None,
    )
    name = by.name if by else "A colleague"
    Message.objects.create(
        feedback=record, direction=Direction.IN, channel=Channel.STAFF, author_name=name,
        text=text, created_at=at,
    )  # fmt: skip
    TimelineEntry.objects.create(
        feedback=record, kind=TimelineKind.RECEIVED, actor=by, actor_name=by.name if by else "",
        data={"channel": Channel.STAFF.value}, at=at,
    )  # fmt: skip
    Suggestion.objects.create(feedback=record, author=by, is_anonymous=by is None)
    return record


def _answer(company: Company, record: Feedback, text: str, at: datetime) -> None:
    lead = company.lead("care")
    message = Message.objects.create(
        feedback=record, direction=Direction.OUT, channel=Channel.STAFF, author=lead,
        author_name=lead.name, text=text, created_at=at,
    )  # fmt: skip
    TimelineEntry.objects.create(
        feedback=record, kind=TimelineKind.REPLIED, actor=lead, actor_name=lead.name,
        data={"message": message.pk}, at=at,
    )  # fmt: skip
    Feedback.objects.filter(pk=record.pk).update(
        assignee=lead, first_response_at=at, last_staff_message_at=at, resolved_at=at,
        resolved_by=lead, resolved_team=record.team,
    )  # fmt: skip
