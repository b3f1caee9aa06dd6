import hypothesis
import pytest
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.enums import Role
from feedback.models import Status
from tests.factories import TeamFactory, UserFactory

# How long an example takes says something about the machine, not about the code.
hypothesis.settings.register_profile("huiyin", deadline=None)
hypothesis.settings.load_profile("huiyin")


@pytest.fixture(scope="session", autouse=True)
def the_catalogue_is_compiled():
    """The .mo files are made, not kept: a test in Chinese needs those of today."""
    call_command("messages", "--compile")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """What `manage.py setup` makes is there in every test."""
    with django_db_blocker.unblock():
        call_command("setup", verbosity=0)


@pytest.fixture(autouse=True)
def defaults_survive_a_flush(request):
    """Tests that commit leave an empty database behind; make the defaults anew for the next."""
    marker = request.node.get_closest_marker("django_db")
    commits = marker is not None and marker.kwargs.get("transaction", False)
    if commits or {"transactional_db", "live_server"} & set(request.fixturenames):
        request.getfixturevalue("transactional_db")
        if not Status.objects.exists():
            call_command("setup", verbosity=0)


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
