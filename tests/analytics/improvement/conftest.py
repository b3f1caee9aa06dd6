import pytest

from accounts.enums import Role
from analytics.enums import MeasureKind
from analytics.services.evidence import add_evidence
from analytics.services.measures import propose_measure
from analytics.services.problems import make_problem
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory


@pytest.fixture
def lead(team):
    return member(Role.LEAD, team)


@pytest.fixture
def lead_client(lead):
    return client_of(lead)


@pytest.fixture
def records(team):
    """Three of the team, each of another customer."""
    return [FeedbackFactory(team=team, subject=f"It leaks {at}") for at in range(3)]


@pytest.fixture
def problem(lead, team, records):
    made = make_problem(by=lead, title="Seals leak", team=team)
    add_evidence(made.pk, by=lead, feedback=[one.pk for one in records])
    return made


@pytest.fixture
def measure(problem, lead):
    return propose_measure(problem.pk, by=lead, kind=MeasureKind.PRODUCT, title="Better seals")
