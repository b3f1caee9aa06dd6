"""What a new installation still needs before customers can be heard, found in the data.

Only what is real counts: the demo company's teams and mailbox are nobody's.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, Max, OuterRef, Subquery

from accounts.models import Membership, Team
from feedback.enums import Channel
from feedback.models import Category, Feedback, InboundMail, Mailbox
from surveys.enums import CollectorChannel
from surveys.models import Collector, Response


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """The five steps. Where something exists but was never seen to work, it is not done yet."""

    mailbox: Mailbox | None
    mail_arrived_at: datetime | None
    team: Team | None
    team_size: int
    categories_with_team: int
    form_used_at: datetime | None
    survey_slug: str
    survey_answered_at: datetime | None

    @property
    def mailbox_done(self) -> bool:
        return self.mailbox is not None and self.mail_arrived_at is not None

    @property
    def team_done(self) -> bool:
        return self.team_size > 0

    @property
    def categories_done(self) -> bool:
        return self.categories_with_team > 0

    @property
    def form_done(self) -> bool:
        return self.form_used_at is not None

    @property
    def survey_done(self) -> bool:
        return self.survey_answered_at is not None

    @property
    def _steps(self) -> dict[str, bool]:
        names = ("mailbox", "team", "categories", "form", "survey")
        return {name: getattr(self, f"{name}_done") for name in names}

    @property
    def done(self) -> int:
        """How many of the five."""
        return sum(self._steps.values())

    @property
    def next(self) -> str:
        """The first that is not done; "" when all are."""
        return next((name for name, is_done in self._steps.items() if not is_done), "")


def first_steps() -> FirstSteps:
    """In a fixed number of queries, whatever there is."""
    mailbox = _mailbox()
    arrived = getattr(mailbox, "arrived_at", None) or getattr(mailbox, "succeeded_at", None)
    team, size = _team()
    by_form = Feedback.objects.real().filter(channel=Channel.WEB_FORM, customer__is_demo=False)
    follow_up = _follow_up()
    return FirstSteps(
        mailbox=mailbox,
        mail_arrived_at=arrived,
        team=team,
        team_size=size,
        categories_with_team=Category.objects.active().filter(team__is_demo=False).count(),
        form_used_at=by_form.aggregate(at=Max("received_at"))["at"],
        survey_slug=str(follow_up.survey.slug) if follow_up else "",
        survey_answered_at=getattr(follow_up, "answered_at", None),
    )


def _mailbox() -> Mailbox | None:
    """A real one, that mail has come to rather than another."""
    newest = InboundMail.objects.filter(mailbox=OuterRef("pk")).order_by("-received_at")
    found = Mailbox.objects.filter(is_active=True, is_demo=False)
    found = found.annotate(arrived_at=Subquery(newest.values("received_at")[:1]))
    return found.order_by("arrived_at", "succeeded_at", "pk").first()


def _team() -> tuple[Team | None, int]:
    people = Membership.objects.filter(team=OuterRef("pk"), user__is_demo=False)
    active = people.filter(user__is_active=True)
    teams = Team.objects.active().filter(is_demo=False).annotate(has_people=Exists(active))
    team = teams.order_by("-has_people", "pk").first()
    if team is None:
        return None, 0
    members = team.memberships.filter(user__is_demo=False, user__is_active=True)
    return team, members.count()


def _follow_up() -> Collector | None:
    """The collector that asks after feedback was resolved, with the time of the last answer of a
    real person (trying it out counts)."""
    answers = Response.objects.filter(survey=OuterRef("survey"), completed_at__isnull=False)
    answers = answers.exclude(customer__is_demo=True).order_by("-completed_at")
    return (
        Collector.objects.filter(channel=CollectorChannel.FOLLOW_UP, is_active=True)
        .filter(survey__status="running")
        .annotate(answered_at=Subquery(answers.values("completed_at")[:1]))
        .select_related("survey")
        .order_by("pk")
        .first()
    )
