"""Surveys as staff see them: how many answered, and what became of the invitations."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max

from surveys.enums import InvitationState, NotAsked, VersionState
from surveys.models import Collector, Invitation, Response, Survey, SurveyVersion

# Somebody did get the mail.
REACHED = frozenset(
    {
        InvitationState.SENT,
        InvitationState.OPENED,
        InvitationState.STARTED,
        InvitationState.COMPLETED,
    }
)


@dataclass(frozen=True, slots=True)
class SurveyRow:
    survey: Survey
    version: int | None  # the published one
    responses: int
    last_at: datetime | None


def survey_rows(user: Any, *, archived: bool = False) -> list[SurveyRow]:
    """The surveys that are not put away, or those that are, with what `user` may see of their
    answers."""
    counts = {
        survey: (n, last)
        for survey, n, last in Response.objects.visible_to(user)
        .complete()
        .order_by()
        .values_list("survey")
        .annotate(n=Count("pk"), last=Max("completed_at"))
    }
    published = dict(
        SurveyVersion.objects.filter(state=VersionState.PUBLISHED).values_list("survey", "number")
    )
    rows = []
    for survey in Survey.objects.put_away() if archived else Survey.objects.kept():
        n, last = counts.get(survey.pk, (0, None))
        rows.append(SurveyRow(survey, published.get(survey.pk), n, last))
    return rows


@dataclass(frozen=True, slots=True)
class InvitationCounts:
    """What became of asking; `states` are (label, how many), `reasons` why people were not."""

    total: int
    reached: int
    answered: int
    states: list[tuple[str, int]]
    reasons: list[tuple[str, int]]

    @property
    def rate(self) -> float | None:
        """Share of those reached who answered, 0–100; None when nobody was reached."""
        return 100 * self.answered / self.reached if self.reached else None


def invitation_counts(survey: Survey, user: Any) -> InvitationCounts:
    """One query."""
    rows = list(
        Invitation.objects.visible_to(user)
        .filter(collector__survey=survey)
        .order_by()
        .values("state", "reason")
        .annotate(n=Count("pk"))
    )
    states: dict[str, int] = {}
    reasons: dict[str, int] = {}
    for row in rows:
        states[row["state"]] = states.get(row["state"], 0) + row["n"]
        if row["reason"] and row["state"] not in REACHED:
            reasons[row["reason"]] = reasons.get(row["reason"], 0) + row["n"]
    return InvitationCounts(
        total=sum(states.values()),
        reached=sum(n for state, n in states.items() if state in REACHED),
        answered=states.get(InvitationState.COMPLETED, 0),
        states=[(str(one.label), states[one]) for one in InvitationState if one in states],
        reasons=sorted(
            ((str(NotAsked(code).label), n) for code, n in reasons.items()),
            key=lambda pair: -pair[1],
        ),
    )


def collectors_with_counts(survey: Survey, user: Any) -> list[tuple[Collector, int]]:
    """Every way the survey reaches people and how many answers `user` sees from it."""
    counts = dict(
        Response.objects.visible_to(user)
        .complete()
        .filter(survey=survey)
        .order_by()
        .values_list("collector")
        .annotate(n=Count("pk"))
    )
    return [(one, counts.get(one.pk, 0)) for one in survey.collectors.all()]
