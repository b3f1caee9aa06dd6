"""Who gets through the door, and what the others are told."""

import asyncio

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.access import public, staff_only, staff_with


def page(request):
    return HttpResponse("inside")


def request_of(user, method="get", **headers):
    request = getattr(RequestFactory(), method)("/queue/?q=pump", headers=headers)
    request.user = user
    return request


def test_each_decorator_leaves_its_mark():
    assert public(page).access == "public"
    assert staff_only(page).access == "signed in"
    assert staff_with("feedback.view_feedback")(page).access == "feedback.view_feedback"


def test_strangers_are_sent_to_the_sign_in_page_and_back():
    response = staff_only(page)(request_of(AnonymousUser()))

    assert response.status_code == 302
    assert response.url == "/account/login/?next=/queue/%3Fq%3Dpump"


def test_staff_get_in(agent):
    assert staff_only(page)(request_of(agent)).content == b"inside"


def test_staff_without_the_permission_are_refused(agent):
    agent.groups.clear()

    with pytest.raises(PermissionDenied):
        staff_with("feedback.delete_feedback")(page)(request_of(agent))


def test_all_of_several_permissions_are_needed(agent):
    guarded = staff_with("feedback.view_feedback", "feedback.delete_feedback")(page)

    with pytest.raises(PermissionDenied):
        guarded(request_of(agent))


def test_people_who_left_do_not_get_in(agent):
    agent.is_active = False

    with pytest.raises(PermissionDenied):
        staff_with("feedback.view_feedback")(page)(request_of(agent))


def test_an_asynchronous_page_is_guarded_too(agent):
    async def slow_page(request):
        return HttpResponse("inside")

    guarded = staff_only(slow_page)
    request = request_of(AnonymousUser())
    request.auser = lambda: asyncio.sleep(0, AnonymousUser())

    assert guarded.access == "signed in"
    assert asyncio.run(guarded(request)).status_code == 302


def test_a_fragment_asked_for_after_the_session_says_so_beside_the_page():
    response = staff_only(page)(request_of(AnonymousUser(), hx_request="true"))

    assert response.status_code == 401
    assert response["HX-Retarget"] == "#toasts"
    assert response["HX-Reswap"] == "beforeend"
    assert "What you typed is still here" in response.content.decode()


def test_a_text_sent_after_the_session_is_handed_back(client):
    text = "Dear Mr Li, the new filter leaves our store tomorrow."

    response = client.post(
        "/account/profile/",
        {"name": text, "password": "my secret word", "csrfmiddlewaretoken": "x" * 32},
    )

    page_text = response.content.decode()
    assert response.status_code == 401
    assert text in page_text
    assert "my secret word" not in page_text
