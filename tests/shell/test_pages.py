"""The frame of the pages: layouts, error pages, style guide, the admin's face."""

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages.storage.fallback import FallbackStorage
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.enums import Role
from analytics.views.setup import SETS_UP
from config.kernel.http import toast, typed_text, without_parameter

LANGUAGES = ["en", "zh-hans"]
GUIDES = ["accounts:styleguide", "accounts:styleguide_public", "accounts:styleguide_mail"]
PROFILE = {"name": "王敏", "language": "en", "after_reply": "next", "weekly_mail": "own"}


@pytest.fixture
def development(settings):
    settings.DEBUG = True


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", GUIDES)
def test_the_style_guide_shows_every_component(agent_client, development, name, language):
    response = agent_client.get(reverse(name), {"lang": language})

    assert response.status_code == 200
    assert f'lang="{language}"' in response.content.decode()


@pytest.mark.parametrize("name", GUIDES)
def test_the_style_guide_is_for_development_only(agent_client, name):
    assert agent_client.get(reverse(name)).status_code == 404


def test_a_form_for_customers_keeps_its_answers_when_the_language_changes(client, development, db):
    address = reverse("accounts:styleguide_public")

    response = client.post(address, {"name": "李雷", "switch_language": "zh-hans"})

    page = response.content.decode()
    assert 'value="李雷"' in page
    assert '<html lang="zh-hans"' in page


def test_the_shell_works_while_pages_are_missing(agent_client):
    page = agent_client.get(reverse("accounts:profile")).content.decode()

    assert 'href=""' not in page
    assert 'aria-current="page"' in page


def test_the_settings_are_offered_to_those_who_may_enter(agent_client, admin_client):
    address = f'href="{reverse("admin:index")}"'

    assert address in admin_client.get(reverse("accounts:profile")).content.decode()
    assert address not in agent_client.get(reverse("accounts:profile")).content.decode()


def test_the_set_up_page_is_offered_to_those_who_set_things_up(agent_client, admin, admin_client):
    address = f'href="{reverse("analytics:setup")}"'

    assert admin.has_perms(SETS_UP)
    assert address in admin_client.get(reverse("accounts:profile")).content.decode()
    assert address not in agent_client.get(reverse("accounts:profile")).content.decode()

    kept = Group.objects.get(name=Role.ADMIN.value).permissions
    for name in SETS_UP:
        app, _, codename = name.partition(".")
        taken = kept.get(content_type__app_label=app, codename=codename)
        kept.remove(taken)
        assert address not in admin_client.get(reverse("accounts:profile")).content.decode()
        kept.add(taken)


def test_the_palette_is_a_search_form_to_begin_with(agent_client):
    page = agent_client.get(reverse("accounts:profile")).content.decode()

    palette = page.partition('<dialog id="palette"')[2].partition("</dialog>")[0]
    assert f'<form class="palette-form" action="{reverse("feedback:search")}"' in palette
    assert '<input name="q"' in palette
    assert f'href="{reverse("feedback:customers")}?q="' in palette


def test_the_palette_offers_no_customers_to_those_who_may_not_see_them(agent, agent_client):
    agent.groups.clear()

    page = agent_client.get(reverse("accounts:profile")).content.decode()

    assert 'id="palette"' in page
    assert f'href="{reverse("feedback:customers")}?q="' not in page


def test_the_theme_that_was_chosen_is_drawn_by_the_server(agent_client):
    agent_client.cookies["theme"] = "dark"
    assert '<html lang="en" data-bs-theme="dark">' in (
        agent_client.get("/account/profile/").content.decode()
    )

    agent_client.cookies["theme"] = "pink"
    assert '<html lang="en">' in agent_client.get("/account/profile/").content.decode()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_is_not_there_has_a_next_step(client, db, language):
    response = client.get("/nowhere/", headers={"accept-language": language})

    assert response.status_code == 404
    assert "btn-primary" in response.content.decode()


def test_somebody_without_the_permission_is_told_in_plain_words(agent):
    request = RequestFactory().get("/x/")
    request.user = agent

    page = render_to_string("403.html", request=request)

    assert "ask an administrator" in page
    assert agent.email in page


@pytest.mark.parametrize("name", ["500.html", "400.html"])
def test_our_own_errors_need_nothing_and_speak_both_languages(name):
    page = render_to_string(name)

    assert 'lang="zh-Hans"' in page
    assert 'lang="en"' in page


def test_a_form_that_is_too_old_hands_the_text_back(agent):
    client = Client(enforce_csrf_checks=True)
    client.force_login(agent)
    text = "A long answer that took half an hour to write."

    response = client.post(
        reverse("accounts:profile"), {"name": text, "secret_note": "hide this one"}
    )

    page = response.content.decode()
    assert response.status_code == 403
    assert text in page
    assert "hide this one" not in page


def test_a_fragment_with_an_old_token_becomes_a_toast(agent):
    client = Client(enforce_csrf_checks=True)
    client.force_login(agent)

    response = client.post(reverse("accounts:profile"), headers={"hx-request": "true"})

    assert response.status_code == 409
    assert response["HX-Retarget"] == "#toasts"


def test_the_admin_wears_our_colours_and_leads_back(admin_client):
    page = admin_client.get(reverse("admin:index")).content.decode()

    assert "css/admin.css" in page
    assert "Back to the product" in page
    assert "data-theme-switch" in page


def test_what_happened_is_said_once_on_the_next_page(agent_client):
    agent_client.post(reverse("accounts:profile"), PROFILE)

    page = agent_client.get(reverse("accounts:profile")).content.decode()
    assert page.count("data-toast>") == 1
    assert "Saved." in page
    assert "data-toast>" not in agent_client.get(reverse("accounts:profile")).content.decode()


def test_an_undo_is_a_form_beside_the_words(rf, agent, messages_of):
    request = messages_of(rf.get("/queue/?q=1"), agent)
    toast(request, "Assigned.", undo_url="/feedback/12/undo/")

    page = render_to_string("layout/_toasts.html", request=request)

    assert 'action="/feedback/12/undo/"' in page
    assert 'name="next" value="/queue/?q=1"' in page
    assert "csrfmiddlewaretoken" in page


@pytest.fixture
def messages_of():
    def give(request, user):
        request.user = user
        request.session = {}
        request._messages = FallbackStorage(request)
        return request

    return give


def test_what_was_typed_is_kept_without_secrets(rf):
    request = rf.post(
        "/", {"text": "a whole sentence", "password": "a secret word", "next": "/some/where/else"}
    )

    assert typed_text(request.POST) == ["a whole sentence"]


def test_a_parameter_can_be_taken_out_of_an_address():
    assert without_parameter("/f/?lang=en&q=%E6%B0%B4&q=2#a", "lang") == "/f/?q=%E6%B0%B4&q=2#a"
    assert without_parameter("/f/", "lang") == "/f/"


def test_a_fragment_brings_its_toasts_along(rf, agent, messages_of):
    request = messages_of(
        rf.get("/x/", headers={"hx-current-url": "http://testserver/queue/?q=1"}), agent
    )
    assert "hx-swap-oob" not in render_to_string("layout/_toasts_oob.html", request=request)
    toast(request, "Assigned.", undo_url="/feedback/12/undo/")

    page = render_to_string("layout/_toasts_oob.html", request=request)

    assert 'hx-swap-oob="beforeend"' in page
    assert 'value="http://testserver/queue/?q=1"' in page
