import pytest

from tests.analytics.busy_year import BusyYear


@pytest.fixture
def year(clock):
    year = BusyYear(clock, seed=7)
    year.happens(60)
    return year
