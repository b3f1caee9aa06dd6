import re

import pytest
from django.urls import reverse

from accounts.models import ApiToken
from accounts.services.api_tokens import issue_token
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

PAGE = "/account/tokens/"


def form(**more):
    return {"name": "Till", "scopes": ["feedback:read"], "lifetime": "90", **more}


def test_a_token_is_made_shown_once_and_works(agent_client, agent, client):
    answer = agent_client.post(PAGE, form())

    secret = re.search(r"hy_[\w-]{40,}", answer.content.decode())[0]
    token = ApiToken.objects.get()
    assert (token.user, token.name, token.scopes) == (agent, "Till", ["feedback:read"])
    assert token.expires_at is not None
    assert "no-store" in answer["Cache-Control"]
    assert secret not in agent_client.get(PAGE).content.decode()
    api = client.get("/api/v1/feedback/", headers={"Authorization": f"Bearer {secret}"})
    assert api.status_code == 200


def test_a_token_may_last_for_ever(agent_client):
    agent_client.post(PAGE, form(lifetime="0"))

    assert ApiToken.objects.get().expires_at is None


@pytest.mark.parametrize("wrong", [{"name": ""}, {"scopes": []}, {"scopes": ["all"]}])
def test_what_is_missing_is_said_and_nothing_is_made(agent_client, wrong):
    answer = agent_client.post(PAGE, form(**wrong))

    assert answer.status_code == 422
    assert "field-error" in answer.content.decode()
    assert ApiToken.objects.count() == 0


def test_a_token_is_revoked(agent_client, agent):
    token, _ = issue_token(user=agent, name="Till", scopes=["feedback:read"])

    agent_client.post(reverse("accounts:revoke_token", args=[token.pk]))

    token.refresh_from_db()
    assert token.revoked_at
    assert "revoked" in agent_client.get(PAGE).content.decode()


def test_other_peoples_tokens_are_not_there(agent_client):
    token, _ = issue_token(user=UserFactory(), name="Theirs", scopes=["feedback:read"])

    answer = agent_client.post(reverse("accounts:revoke_token", args=[token.pk]))

    assert answer.status_code == 404
    assert "Theirs" not in agent_client.get(PAGE).content.decode()
    token.refresh_from_db()
    assert token.revoked_at is None


def test_strangers_are_asked_to_sign_in(client):
    assert client.get(PAGE).status_code == 302


@pytest.mark.parametrize("rows", [1, 5])
def test_the_page_costs_the_same_for_any_number_of_tokens(
    agent_client, agent, rows, django_assert_num_queries
):
    for n in range(rows):
        issue_token(user=agent, name=str(n), scopes=["feedback:read"])
    agent_client.get(PAGE)

    with django_assert_num_queries(4):  # session, person, permissions, tokens
        agent_client.get(PAGE)
