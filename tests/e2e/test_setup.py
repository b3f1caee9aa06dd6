"""The set-up page in a real browser, while the demo company is there."""

import pytest
from django.urls import reverse

from accounts.models import User
from analytics.demo.make import make_demo
from tests.e2e.conftest import is_wider_than_the_screen, stumbling_blocks_in_both_themes
from tests.support.jobs import run_queued_jobs

PAGE = reverse("analytics:setup")


@pytest.fixture
def in_the_demo(transactional_db, live_server, sign_in, page):
    make_demo(small=True)
    sign_in(User.objects.get(email="admin@demo.example"))
    page.goto(live_server.url + PAGE)
    return page


def test_nobody_stumbles_over_it(in_the_demo):
    page = in_the_demo
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.reload()

        assert stumbling_blocks_in_both_themes(page) == [], width
        assert not is_wider_than_the_screen(page), width


def test_the_demo_goes_and_one_stays_inside(in_the_demo):
    page = in_the_demo
    page.get_by_label("Your name").fill("王敏")
    page.get_by_label("Your e-mail").fill("min@huiyin.test")
    page.get_by_label("A password").fill("a-long-enough-Word-7")
    page.get_by_label("Type the name of the demo company").fill("Cheyu")
    page.get_by_role("button", name="Remove the demo company").click()

    page.get_by_role("heading", name="The demo company is being removed").wait_for()
    run_queued_jobs()
    page.get_by_text("The demo company has been removed.").wait_for()
    page.get_by_role("heading", name="Five steps to your own installation").wait_for()
    assert page.get_by_text("Walk around the loop").count() == 0
    assert User.objects.get().name == "王敏"
