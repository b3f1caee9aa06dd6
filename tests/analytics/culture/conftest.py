import pytest

from accounts.enums import Role
from tests.conftest import client_of, member


@pytest.fixture
def lead(team):
    return member(Role.LEAD, team)


@pytest.fixture
def lead_client(lead):
    return client_of(lead)
