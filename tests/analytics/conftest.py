"""The busy year is lived through once by each process: it takes longer than most tests of it."""

from copy import deepcopy

import pytest
import time_machine as machine
from django.utils import timezone

from tests.analytics.busy_year import BusyYear
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
