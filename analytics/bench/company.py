"""Who is in the measured company: five teams, thirty people, many customers."""

from dataclasses import dataclass

from django.contrib.auth.models import Group

from accounts.enums import ContactKind, Role, Tier
from accounts.models import ContactPoint, Customer, Membership, Team, User
from analytics.bench.copying import copy_rows, new_ids

TEAMS = ("Logistics", "Installation", "Repair", "Shop", "App")
PEOPLE_IN_A_TEAM = 6
BOSS = "boss@bench.example"


@dataclass(frozen=True, slots=True)
class Company:
    """`boss` sees every team, `agents` are in order of their teams."""

    teams: list[Team]
    agents: list[User]
    boss: User

    def agents_of(self, team: int) -> list[User]:
        return self.agents[team * PEOPLE_IN_A_TEAM : (team + 1) * PEOPLE_IN_A_TEAM]


def found_company() -> Company:
    """Founds it, or finds it where an earlier run left it."""
    if boss := User.objects.filter(email=BOSS).first():
        found = Team.objects.filter(name_en__in=TEAMS).order_by("pk")
        them = User.objects.filter(email__regex=r"^agent\d+@bench\.example$").order_by("pk")
        return Company(list(found), list(them), boss)
    teams = Team.objects.bulk_create(Team(name_zh=name, name_en=name) for name in TEAMS)
    agents = User.objects.bulk_create(
        User(email=f"agent{n}@bench.example", name=f"Agent {n}")
        for n in range(len(teams) * PEOPLE_IN_A_TEAM)
    )
    Membership.objects.bulk_create(
        Membership(team=teams[n // PEOPLE_IN_A_TEAM], user=agent, is_lead=not n % PEOPLE_IN_A_TEAM)
        for n, agent in enumerate(agents)
    )
    role = Group.objects.get(name=Role.AGENT.value)
    for agent in agents:
        agent.groups.add(role)
    boss = User.objects.create_user(BOSS, name="Boss", is_staff=True)
    boss.groups.add(Group.objects.get(name=Role.ADMIN.value))
    return Company(teams, agents, boss)


def add_customers(count: int) -> list[int]:
    """The ids of new customers; every fiftieth is a key customer, each has an address."""
    ids = new_ids(Customer, count)
    copy_rows(
        Customer,
        (
            {
                "id": pk,
                "name": f"客户 {pk}",
                "language": "zh-hans",
                "tier": Tier.KEY if pk % 50 == 0 else Tier.STANDARD,
            }
            for pk in ids
        ),
        with_ids=True,
    )
    copy_rows(
        ContactPoint,
        (
            {
                "customer_id": pk,
                "kind": ContactKind.EMAIL,
                "value": f"customer{pk}@bench.example",
                "is_primary": True,
            }
            for pk in ids
        ),
    )
    return ids
