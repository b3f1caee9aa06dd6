"""The answer when something went wrong on our side."""

import pytest
from django.db import InterfaceError, OperationalError
from django.test import Client
from django.urls import path

from config.urls import handler500  # noqa: F401 - found here by Django

TROUBLE = {"away": OperationalError, "cut": InterfaceError, "ours": ValueError}


def fail(request, what):
    raise TROUBLE[what]


urlpatterns = [path("fail/<what>", fail), path("api/fail/<what>", fail)]


@pytest.fixture
def answer(settings, db):
    settings.ROOT_URLCONF = __name__
    client = Client(raise_request_exception=False)
    return lambda what, door="": client.get(f"{door}/fail/{what}")


@pytest.mark.parametrize("what", ["away", "cut"])
def test_a_database_that_is_away_is_told_as_a_reason_to_try_again(answer, what):
    response = answer(what)

    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert "try again in a minute" in response.content.decode()


def test_a_mistake_of_ours_is_no_reason_to_try_again(answer):
    response = answer("ours")

    assert response.status_code == 500
    assert "Retry-After" not in response


@pytest.mark.parametrize(("what", "status"), [("away", 503), ("ours", 500)])
def test_a_program_is_told_the_same_in_its_own_language(answer, what, status):
    response = answer(what, door="/api")

    assert response.status_code == response.json()["status"] == status
    assert ("Retry-After" in response) == (status == 503)
