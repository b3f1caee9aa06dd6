from django.db import transaction

from accounts.models import Membership, Team, User
from config.kernel.archiving import bring_back, remove


@transaction.atomic
def save_team(team: Team) -> Team:
    team.save()
    return team


@transaction.atomic
def remove_team(team: Team) -> bool:
    """Delete a team that never had anything to do, archive any other. True when deleted."""
    return remove(team, parts=[Membership])


@transaction.atomic
def bring_back_team(team: Team) -> None:
    bring_back(team)


@transaction.atomic
def set_member(team: Team, user: User, *, is_lead: bool) -> Membership:
    """Somebody belongs to a team from now on, as lead or not."""
    member, _is_new = Membership.objects.update_or_create(
        team=team, user=user, defaults={"is_lead": is_lead}
    )
    return member


@transaction.atomic
def remove_member(team: Team, user_id: int) -> bool:
    """They belong to the team no longer; False when they did not. Records that they have stay
    with them until somebody gives them away."""
    return bool(Membership.objects.filter(team=team, user=user_id).delete()[0])
