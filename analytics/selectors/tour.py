"""How far somebody who tries the product out has walked round the loop, found in the data."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Q, QuerySet

from accounts.enums import OutgoingKind, OutgoingState
from accounts.models import OutgoingMessage
from analytics.models import DemoCompany
from feedback.enums import Direction
from feedback.models import Feedback, Message, TimelineEntry
from surveys.models import Invitation, Response


@dataclass(frozen=True, slots=True)
class Tour:
    """What has happened since the demo was made; `feedback` is the newest record since."""

    company: DemoCompany
    feedback: Feedback | None
    written: bool
    acknowledged: bool
    opened: bool
    answered: bool
    solved: bool
    asked: bool
    rated: bool

    @property
    def next(self) -> str:
        """The first stop that was not reached; after the last one the dashboard is to be seen."""
        stops = ("written", "acknowledged", "opened", "answered", "solved", "asked", "rated")
        return next((stop for stop in stops if not getattr(self, stop)), "seen")


def tour() -> Tour | None:
    """None where there is no demo company."""
    company = DemoCompany.objects.first()
    if company is None:
        return None
    facts = {name: Exists(rows) for name, rows in _since(company.made_at).items()}
    found = DemoCompany.objects.annotate(**facts).values(*facts).filter(pk=company.pk).first()
    if found is None:  # it went at this very moment
        return None
    written = Feedback.objects.real().filter(received_at__gt=company.made_at)
    return Tour(company=company, feedback=written.order_by("-pk").first(), **found)


def _since(made_at: datetime) -> dict[str, QuerySet]:
    """The demo itself ends at `made_at`: what is later was done by somebody. Mail and surveys
    that the demo left waiting do not count."""
    solved = Feedback.objects.filter(resolved_at__gt=made_at)
    about_new = Q(feedback__resolved_at__gt=made_at)
    return {
        "written": Feedback.objects.real().filter(received_at__gt=made_at),
        "acknowledged": OutgoingMessage.objects.filter(
            kind=OutgoingKind.ACKNOWLEDGEMENT, state=OutgoingState.SENT, created_at__gt=made_at
        ),
        "opened": TimelineEntry.objects.filter(at__gt=made_at, actor__isnull=False),
        "answered": Message.objects.filter(
            direction=Direction.OUT, created_at__gt=made_at, is_recalled=False
        ),
        "solved": solved,
        "asked": Invitation.objects.filter(about_new, sent_at__gt=made_at),
        "rated": Response.objects.filter(about_new, completed_at__gt=made_at),
    }
