"""Who takes care of a record."""

from typing import Any

from django.db import transaction

from accounts.models import Team, User
from feedback.enums import FollowReason, NoticeKind, TimelineKind
from feedback.errors import NotInTeam
from feedback.models import Feedback
from feedback.services.batch import open_batch
from feedback.services.following import follows_now
from feedback.services.notifying import notify
from feedback.services.records import lock, save_change, tell
from feedback.services.sla_clocks import settle_clocks


@transaction.atomic
def assign_feedback(
    feedback_id: int,
    *,
    by: User | None,
    assignee: User | None,
    team: Team | None,
    version: int | None = None,
    **why: Any,
) -> Feedback:
    """Give a record to a person, a team, or both; None takes it away. `why` goes into the
    timeline: codes and ids. Raises NotInTeam when the person could not see it there, and
    Stale."""
    feedback = lock(feedback_id, version=version)
    apply_assignment(feedback, by=by, assignee=assignee, team=team, **why)
    return feedback


def apply_assignment(
    feedback: Feedback,
    *,
    by: User | None,
    assignee: User | None,
    team: Team | None,
    **why: Any,
) -> None:
    """Inside another service: `assign_feedback` of a locked record. Raises NotInTeam."""
    if assignee is not None and team is not None and not may_work_in(assignee, team):
        raise NotInTeam
    if feedback.assignee_id == (assignee and assignee.pk) and feedback.team_id == (
        team and team.pk
    ):
        return
    before = {"assignee": feedback.assignee_id, "team": feedback.team_id}
    feedback.assignee, feedback.team = assignee, team
    after = {"assignee": feedback.assignee_id, "team": feedback.team_id}
    names = {"assignee_name": assignee.name if assignee else ""}
    why |= names | settle_clocks(feedback, why="team")
    save_change(feedback, "assignee", "team", "reply_due_at")
    tell(feedback, TimelineKind.ASSIGNED, by=by, before=before, after=after, **why)
    if assignee is not None and assignee.pk != before["assignee"]:
        follows_now(feedback.pk, [assignee.pk], FollowReason.ASSIGNED)
        notify(feedback, NoticeKind.ASSIGNED, by=by, to=[assignee.pk])


def may_work_in(user: User, team: Team) -> bool:
    batch = open_batch()
    if batch is not None:
        return batch.may_work_in(user, team)
    if user.has_perm("accounts.view_every_team"):
        return True
    return user.memberships.filter(team=team).exists()
