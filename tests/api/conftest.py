import json

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.enums import Role, Scope
from accounts.services.api_tokens import issue_token
from tests.factories import TeamFactory, UserFactory


class ApiClient:
    """A program with a token."""

    def __init__(self, user, scopes):
        self.user = user
        self.token, self.secret = issue_token(user=user, name="Till", scopes=scopes)
        self._client = Client(raise_request_exception=False)

    def _headers(self, more):
        return {"Authorization": f"Bearer {self.secret}", **(more or {})}

    def get(self, path, params=None, **headers):
        return self._client.get(f"/api/v1/{path}", params, headers=self._headers(headers))

    def send(self, method, path, body, headers=None):
        data = body if isinstance(body, str | bytes) else json.dumps(body)
        return self._client.generic(
            method,
            f"/api/v1/{path}",
            data,
            content_type="application/json",
            headers=self._headers(headers),
        )

    def post(self, path, body, **headers):
        return self.send("POST", path, body, {k.replace("_", "-"): v for k, v in headers.items()})

    def upload(self, name, content, **headers):
        """Send a file; `headers` with underscores."""
        named = {k.replace("_", "-"): v for k, v in headers.items()}
        file = SimpleUploadedFile(name, content)
        return self._client.post(
            "/api/v1/attachments/", {"file": file}, headers=self._headers(named)
        )

    def put(self, path, body):
        return self.send("PUT", path, body)

    def patch(self, path, body):
        return self.send("PATCH", path, body)


def staff(role: Role, team=None):
    user = UserFactory(team=team)
    user.groups.add(Group.objects.get(name=role.value))
    return user


@pytest.fixture
def api(team):
    """An agent's program that may do everything an agent may."""
    return ApiClient(staff(Role.AGENT, team), Scope.values)


@pytest.fixture
def lead_api(team):
    return ApiClient(staff(Role.LEAD, team), Scope.values)


@pytest.fixture
def stranger_api(db):
    """A program of an agent of another team."""
    return ApiClient(staff(Role.AGENT, TeamFactory()), Scope.values)


@pytest.fixture
def api_with(team):
    """A program of the same agent's team with only some scopes."""
    return lambda *scopes: ApiClient(staff(Role.AGENT, team), list(scopes))


@pytest.fixture
def admin_api(db):
    """A program that acts for an admin."""
    return ApiClient(staff(Role.ADMIN), Scope.values)
