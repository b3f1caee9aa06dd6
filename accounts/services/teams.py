from django.db import transaction

from accounts.models import Membership, Team
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
