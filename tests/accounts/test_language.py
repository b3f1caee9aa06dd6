"""Switching the language: for everybody, on every page, without a script."""

import pytest
from django.conf import settings


def test_a_visitor_gets_a_cookie_and_the_same_page(client):
    response = client.post("/language/", {"language": "zh-hans", "next": "/account/login/?a=1"})

    assert response.status_code == 302
    assert response.url == "/account/login/?a=1"
    assert response.cookies[settings.LANGUAGE_COOKIE_NAME].value == "zh-hans"


@pytest.mark.django_db
def test_the_page_then_speaks_that_language(client):
    client.post("/language/", {"language": "zh-hans"})

    assert client.get("/account/login/").headers["Content-Language"] == "zh-hans"


def test_staff_keep_it_in_their_profile(agent, agent_client):
    agent_client.post("/language/", {"language": "zh-hans"})

    agent.refresh_from_db()
    assert agent.language == "zh-hans"


def test_the_language_in_the_address_gives_way(client):
    response = client.post("/language/", {"language": "en", "next": "/f/?lang=zh-hans&q=1"})

    assert response.url == "/f/?q=1"


def test_nobody_is_sent_to_another_site(client):
    response = client.post("/language/", {"language": "en", "next": "https://evil.example/"})

    assert response.url == "/"


def test_an_unknown_language_is_refused(client):
    assert client.post("/language/", {"language": "tlh"}).status_code == 400


def test_only_a_press_changes_it(client):
    assert client.get("/language/", {"language": "en"}).status_code == 405


@pytest.mark.django_db
def test_every_page_offers_the_other_language_by_its_own_name(client):
    page = client.get("/account/login/", headers={"accept-language": "en"}).content.decode()

    assert 'value="zh-hans"' in page
    assert "简体中文" in page
