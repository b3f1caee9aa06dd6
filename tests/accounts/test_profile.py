"""What people set for themselves."""

from django.contrib.messages import get_messages
from django.urls import reverse

PROFILE = {
    "name": "王敏",
    "language": "zh-hans",
    "after_reply": "stay",
    "shortcuts_on": "on",
    "weekly_mail": "own",
    "on_board": "on",
}


def test_the_page_shows_what_is_set(agent, agent_client):
    page = agent_client.get(reverse("accounts:profile")).content.decode()

    assert f'value="{agent.name}"' in page
    assert 'name="shortcuts_on"' in page


def test_changes_are_kept_and_said(agent, agent_client):
    response = agent_client.post(reverse("accounts:profile"), PROFILE)

    agent.refresh_from_db()
    assert response.status_code == 302
    assert (agent.name, agent.language, agent.after_reply) == ("王敏", "zh-hans", "stay")
    assert agent.shortcuts_on
    assert len(list(get_messages(response.wsgi_request))) == 1


def test_the_language_holds_at_once(agent_client):
    agent_client.post(reverse("accounts:profile"), PROFILE)

    assert agent_client.get("/account/profile/").headers["Content-Language"] == "zh-hans"


def test_as_the_browser_says_is_a_choice_too(agent, agent_client):
    agent_client.post(reverse("accounts:profile"), PROFILE)
    agent_client.post(reverse("accounts:profile"), {**PROFILE, "language": ""})

    agent.refresh_from_db()
    assert agent.language == ""
    german = {"accept-language": "de,zh-CN;q=0.5"}
    page = agent_client.get("/account/profile/", headers=german)
    assert page.headers["Content-Language"] == "zh-hans"


def test_switched_off_shortcuts_are_told_to_the_page(agent_client):
    agent_client.post(reverse("accounts:profile"), {**PROFILE, "shortcuts_on": ""})

    assert 'data-shortcuts="off"' in agent_client.get("/account/profile/").content.decode()


def test_a_missing_name_is_said_at_the_field_and_nothing_is_lost(agent, agent_client):
    response = agent_client.post(
        reverse("accounts:profile"), {**PROFILE, "name": "", "after_reply": "list"}
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert 'aria-describedby="id_name_error"' in page
    assert 'id="id_name_error"' in page
    assert 'href="#id_name"' in page
    assert 'value="list" required id="id_after_reply_2" checked' in page
    agent.refresh_from_db()
    assert agent.name != ""
