from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from analytics.demo.make import make_demo
from analytics.models import DemoCompany
from tests.support.database import copy_of_ready_database, using

# A Thursday afternoon: people work, the shopping festival of November is just over.
NOW = datetime(2026, 11, 19, 16, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(scope="session")
def demo_database(django_db_setup, django_db_blocker):
    """The name of a database in which the demo company is there already: it is made once."""
    with django_db_blocker.unblock(), copy_of_ready_database("demo") as name:
        with using(name):
            make_demo(now=NOW, small=True, password="known-to-all")
        yield name


@pytest.fixture
def django_db_setup(django_db_setup, request):
    """Who asks for the demo company begins in that database, and leaves it as it was."""
    if "demo" not in request.fixturenames:
        yield
        return
    name = request.getfixturevalue("demo_database")
    with using(name):
        yield


@pytest.fixture
def demo(db):
    """The demo company in its small form."""
    return DemoCompany.objects.get()
