"""Who is to be called with the questions of a survey, and what came of calls."""

from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.utils import timezone

from accounts.enums import ConsentPurpose, ContactKind
from accounts.models import Consent, ContactPoint, Customer
from surveys.enums import (
    LAST_OUTCOMES,
    CallOutcome,
    InvitationState,
    NotAsked,
    SurveyStatus,
    VersionState,
)
from surveys.models import Invitation, PhoneCall, Response, Survey, SurveyVersion
from surveys.rules.call_scripts import MOST_ATTEMPTS

# Those who got a mail and have not answered, and those whom no mail reaches.
_WRITTEN_TO = (
    InvitationState.SENT, InvitationState.OPENED, InvitationState.STARTED,
    InvitationState.BOUNCED,
)  # fmt: skip
_UNREACHED = (NotAsked.NO_ADDRESS, NotAsked.SUPPRESSED, NotAsked.OTHER_CHANNEL)


def people_to_call(survey: Survey, user: Any) -> QuerySet[Invitation]:
    """Invited customers with a number who have not answered, next first: agreed times, then those
    nobody has called, then whoever was tried longest ago. Each has `attempts`, `again_at` and
    `last_outcome`. Left out: who does not want to be asked, who is being called, and who was
    tried MOST_ATTEMPTS times."""
    now = timezone.now()
    calls = PhoneCall.objects.filter(invitation=OuterRef("pk"))
    ended = calls.exclude(outcome="").order_by("-pk")
    word = Consent.objects.filter(
        customer=OuterRef("customer"), purpose=ConsentPurpose.SURVEY
    ).order_by("-at", "-pk")
    phones = ContactPoint.objects.filter(customer=OuterRef("customer"), kind=ContactKind.PHONE)
    rows = Invitation.objects.visible_to(user).filter(
        Q(state__in=_WRITTEN_TO) | Q(state=InvitationState.SKIPPED, reason__in=_UNREACHED),
        Q(expires_at=None) | Q(expires_at__gt=now),
        collector__survey=survey,
        feedback=None,
        customer__erased_at=None,
        customer__do_not_contact_at=None,
        customer__merged_into=None,
    )
    rows = rows.annotate(
        wants=Subquery(word.values("given")[:1]),
        attempts=Count("calls", filter=~Q(calls__outcome="")),
        again_at=Subquery(ended.values("again_at")[:1]),
        last_outcome=Subquery(ended.values("outcome")[:1]),
    ).filter(
        Q(wants=None) | Q(wants=True),
        Q(again_at=None) | Q(again_at__lte=now),
        Q(last_outcome=None) | ~Q(last_outcome__in=LAST_OUTCOMES),
        ~Exists(calls.going_on(now)),
        ~Exists(Response.objects.over().filter(invitation=OuterRef("pk"))),
        Exists(phones),
        attempts__lt=MOST_ATTEMPTS,
    )
    urgency = Case(
        When(last_outcome=CallOutcome.LATER, then=Value(0)),
        When(last_outcome=None, then=Value(1)),
        default=Value(2),
    )
    ready = rows.select_related("customer", "collector", "wave")
    return ready.order_by(urgency, "again_at", "pk")


def calls_of(survey: Survey) -> QuerySet[PhoneCall]:
    """Newest first, ready for a list."""
    return PhoneCall.objects.filter(survey=survey).select_related(
        "customer", "agent", "response", "invitation"
    )


def with_open_notes(calls: QuerySet[PhoneCall], user: Any) -> QuerySet[PhoneCall]:
    """Each with `open_note`: what was noted, "" where the call is about answers or an invitation
    that this person may not see and somebody else made it."""
    answers, invitations = Response.objects.visible_to(user), Invitation.objects.visible_to(user)
    may_read = Q(agent=user.pk) | (
        (Q(response=None) | Q(response__in=answers))
        & (Q(invitation=None) | Q(invitation__in=invitations))
    )
    return calls.annotate(open_note=Case(When(may_read, then=F("note")), default=Value("")))


def unfinished_calls(survey: Survey, user: Any) -> QuerySet[PhoneCall]:
    """The newest call of each set of answers that was begun on the phone and not handed in,
    as far as this person may see them; their own that have no outcome, too."""
    newest = PhoneCall.objects.filter(response=OuterRef("response")).order_by("-pk")
    open_answers = Response.objects.visible_to(user).begun()
    mine = Q(agent=user.pk, outcome="", response=None)
    begun = Q(response__in=open_answers, pk=Subquery(newest.values("pk")[:1]))
    refused = Q(outcome__in=LAST_OUTCOMES)
    return calls_of(survey).filter(mine | begun).exclude(refused)


def surveys_to_ask() -> QuerySet[Survey]:
    """Those that take answers from staff: running and published."""
    published = SurveyVersion.objects.filter(survey=OuterRef("pk"), state=VersionState.PUBLISHED)
    open_ways = Exists(published)
    return Survey.objects.filter(open_ways, status=SurveyStatus.RUNNING).order_by("-pk")


def numbers_of(customer: Customer | None) -> list[str]:
    if customer is None:
        return []
    points = customer.contact_points.filter(kind=ContactKind.PHONE).order_by("-is_primary", "pk")
    return list(points.values_list("value", flat=True))
