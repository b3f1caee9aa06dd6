"""Who is in the measured company: five teams, thirty people, many customers."""

from dataclasses import dataclass

from django.contrib.auth.models import Group

from accounts.enums import ContactKind, Role
from accounts.models import ContactPoint, Customer, Membership, Team, User

TEAMS = ("Logistics", "Installation", "Repair", "Shop", "App")
PEOPLE_IN_A_TEAM = 6
BATCH = 2000


@dataclass(frozen=True, slots=True)
class Company:
    """`boss` sees every team, `agents` are in order of their teams."""

    teams: list[Team]
    agents: list[User]
    boss: User

    def agents_of(self, team: int) -> list[User]:
        return self.agents[team * PEOPLE_IN_A_TEAM : (team + 1) * PEOPLE_IN_A_TEAM]


def found_company() -> Company:
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
    boss = User.objects.create_user("boss@bench.example", name="Boss", is_staff=True)
    boss.groups.add(Group.objects.get(name=Role.ADMIN.value))
    return Company(teams, agents, boss)


def add_customers(count: int) -> list[Customer]:
    """Every fiftieth is a key customer; each has an address."""
    start = Customer.objects.count()
    customers = Customer.objects.bulk_create(
        (
            Customer(
                name=f"客户 {n}", language="zh-hans", tier="key" if n % 50 == 0 else "standard"
            )
            for n in range(start, start + count)
        ),
        batch_size=BATCH,
    )
    ContactPoint.objects.bulk_create(
        (
            ContactPoint(
                customer=one,
                kind=ContactKind.EMAIL,
                value=f"customer{one.pk}@bench.example",
                is_primary=True,
            )
            for one in customers
        ),
        batch_size=BATCH,
    )
    return customers
