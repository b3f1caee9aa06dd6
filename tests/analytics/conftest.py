"""People and their work that several folders share; and the busy year, which is lived through once
by each process: it takes longer than most tests of it."""

from copy import deepcopy

import pytest
import time_machine as machine
from django.utils import timezone

from accounts.enums import Role
from analytics.enums import MeasureKind
from analytics.services.evidence import add_evidence
from analytics.services.measures import propose_measure
from analytics.services.problems import make_problem
from tests.analytics.busy_year import BusyYear
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory
from tests.support.database import copy_of_ready_database, using


def lived_through() -> BusyYear:
    with machine.travel(timezone.now(), tick=False) as clock:
        year = BusyYear(clock)
        year.happens(90)
    year.clock = None
    return year


@pytest.fixture(scope="session")
def year_database(django_db_setup, django_db_blocker):
    """The name of a database in which the year is over, and the year."""
    with django_db_blocker.unblock(), copy_of_ready_database("year") as name:
        with using(name):
            year = lived_through()
        yield name, year


@pytest.fixture
def django_db_setup(django_db_setup, request):
    """Who asks for the year begins in that database, and leaves it as it was. Gives the year."""
    if "year" not in request.fixturenames:
        yield None
        return
    name, year = request.getfixturevalue("year_database")
    with using(name):
        yield year


@pytest.fixture
def year(django_db_setup, clock, db):
    """Of this test alone: more may happen in it."""
    year = deepcopy(django_db_setup)
    year.clock = clock
    year.at(0)
    return year


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
