import gc
from collections import Counter
from pathlib import Path

import hypothesis
import pytest
from _pytest.nodeid import coerce_node_id
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client, TransactionTestCase
from django.utils import timezone

from accounts.enums import Role
from accounts.selectors.custom_fields import forget_book
from tests.factories import TeamFactory, UserFactory
from tests.support.database import begin_migrated, drop_what_was_kept, keep_for_renewal, renew

HERE = Path(__file__).parent
gc.disable()  # until everything is collected: all of it stays

# How long an example takes says something about the machine, not about the code.
hypothesis.settings.register_profile("huiyin", deadline=None)
hypothesis.settings.load_profile("huiyin")

# What takes longest, mostly waiting for processes of its own: it begins first, so that no core
# is left alone with it in the end.
FIRST = [
    "faults/",
    "kernel/test_worker.py",
    "kernel/test_dev.py",
    "analytics/test_bench.py",
    "analytics/test_numbers_agree.py",
    "demo/test_same_as_services.py",
    "kernel/test_embedded_postgres.py",
    "kernel/",
    "demo/",
    "api/test_schema.py",
]
# The browser's loop never leaves the thread in which it began, and other tests have loops of
# their own: nothing comes after these in any process.
# The long ones among them first, too.
LAST = ["e2e/test_loop.py", "e2e/test_desk.py", "e2e/test_setup.py", "e2e/test_surveys.py", "e2e/"]

# So much asks for what is made once that each process makes it, and all of them share the tests.
SPREAD = ("api/test_schema.py", "security/", "e2e/")


def pytest_itemcollected(item):
    """What is made once for a module, or for all who want the demo company, is made by one process
    only: it does all tests that ask for it."""
    path = item.path.relative_to(HERE).as_posix()
    if path.startswith(SPREAD):
        return
    made = item._fixtureinfo.name2fixturedefs
    if "demo" in made and path.startswith("demo/"):
        item.add_marker(pytest.mark.xdist_group("the demo company"))
    elif "year" in made and path.startswith("analytics/"):
        item.add_marker(pytest.mark.xdist_group("the busy year"))
    elif any(fixtures[-1].scope == "module" for fixtures in made.values()):
        item.add_marker(pytest.mark.xdist_group(path))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    # Several processes share the tests out by name, and do one of two that have the same name.
    twice = [name for name, n in Counter(item.nodeid for item in items).items() if n > 1]
    if twice:
        raise pytest.UsageError(f"Tests of the same name: {twice[:5]}")
    ranks = {begin: n - len(FIRST) for n, begin in enumerate(FIRST)}
    ranks |= {begin: n + 1 for n, begin in enumerate(LAST)}

    def place(item):
        path = item.path.relative_to(HERE).as_posix()
        return next((rank for begin, rank in ranks.items() if path.startswith(begin)), 0)

    items.sort(key=place)
    if config.getoption("loadgroup", default=False):
        for item in items:
            name_of_its_group(item)


def name_of_its_group(item):
    """pytest-xdist 3.8 writes it where pytest 9.2 does not read it, and without it each test is
    given to anybody."""
    names = sorted({mark.args[0] for mark in item.iter_markers("xdist_group")})
    if names and not item.nodeid.endswith(f"@{'_'.join(names)}"):
        item._id = coerce_node_id(f"{item.nodeid}@{'_'.join(names)}")


def pytest_collection_finish():
    """What is there now – modules, 7,000 tests – stays: the garbage collector need not look at
    all of it again and again, which was a tenth of the time of the tests."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def the_catalogue_is_compiled():
    """The .mo files are made, not kept: a test in Chinese needs those of today."""
    call_command("messages", "--compile")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings, django_db_blocker):
    with django_db_blocker.unblock():
        begin_migrated()


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """What `manage.py setup` makes is there in every test, also after one that commits."""
    with django_db_blocker.unblock():
        call_command("setup", verbosity=0)
        keep_for_renewal()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: renew())
        yield
    with django_db_blocker.unblock():
        drop_what_was_kept()


@pytest.fixture(autouse=True)
def no_field_is_remembered():
    """Of the custom fields that another test made and rolled back."""
    forget_book()


@pytest.fixture
def team(db):
    return TeamFactory()


def member(role: Role, team=None):
    user = UserFactory(team=team)
    user.groups.add(Group.objects.get(name=role.value))
    return user


@pytest.fixture
def agent(team):
    """An agent of `team`."""
    return member(Role.AGENT, team)


@pytest.fixture
def outsider(db):
    """An agent of another team."""
    return member(Role.AGENT, TeamFactory())


@pytest.fixture
def admin(db):
    user = member(Role.ADMIN)
    user.is_staff = True
    user.save(update_fields=["is_staff"])
    return user


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def agent_client(agent) -> Client:
    return client_of(agent)


@pytest.fixture
def outsider_client(outsider) -> Client:
    return client_of(outsider)


@pytest.fixture
def admin_client(admin) -> Client:
    return client_of(admin)


@pytest.fixture
def clock(time_machine):
    """Time stands still and moves with `clock.shift(timedelta)`."""
    time_machine.move_to(timezone.now(), tick=False)
    return time_machine
