"""Settings, tokens and the outbox in a browser: nothing is refused by the content policy, and
nobody stumbles over the pages that are ours."""

import re

import pytest
from playwright.sync_api import expect

from accounts.enums import OutgoingKind
from accounts.outbox.mime import compose
from accounts.services.caught_mail import keep_mail
from accounts.services.outbox import queue_mail
from feedback.models import Category
from tests.e2e.conftest import (
    is_wider_than_the_screen,
    stumbling_blocks,
    stumbling_blocks_in_both_themes,
)
from tests.factories import (
    CustomerFactory,
    FeedbackFactory,
    MailboxFactory,
    ReplyTemplateFactory,
    UserFactory,
)

PHONE = {"width": 390, "height": 844}


@pytest.fixture
def superuser(db):
    return UserFactory(is_staff=True, is_superuser=True)


def test_a_token_is_made_copied_and_revoked(live_server, page, sign_in, agent):
    sign_in(agent)
    page.goto(f"{live_server.url}/account/tokens/")
    assert stumbling_blocks(page) == []

    page.get_by_label("Name").fill("Till")
    page.get_by_label("Read feedback").check()
    page.get_by_role("button", name="Create", exact=True).click()

    expect(page.locator(".token-secret")).to_have_text(re.compile(r"^hy_[\w-]{40,}$"))
    assert stumbling_blocks(page) == []
    page.get_by_role("button", name="Revoke “Till”").click()
    expect(page.get_by_role("cell", name="revoked")).to_be_visible()


def test_tokens_fit_a_phone(live_server, page, sign_in, agent):
    page.set_viewport_size(PHONE)
    sign_in(agent)
    page.goto(f"{live_server.url}/account/tokens/")

    assert not is_wider_than_the_screen(page)


def test_a_link_in_a_caught_mail_leads_out_of_its_frame(live_server, page, settings):
    settings.DEV_OUTBOX = True
    link = f"{live_server.url}/outbox/?page=1"
    outgoing = queue_mail(
        kind=OutgoingKind.SURVEY,
        tag="t1",
        to_address="han@example.org",
        subject="How was it?",
        body_text=f"Rate us: {link}",
        body_html=f'<p style="color:#0a6e6a">Rate us: <a href="{link}">★★★★★</a></p>',
    )
    keep_mail(envelope_from="", recipients=["han@example.org"], raw=compose(outgoing))

    page.goto(f"{live_server.url}/outbox/")
    assert stumbling_blocks(page) == []
    page.get_by_role("link", name="How was it?").click()
    assert stumbling_blocks(page) == []
    page.frame_locator(".mail-frame").get_by_role("link", name="★★★★★").click()

    expect(page).to_have_url(link)


SETTINGS_PAGES = [
    "",
    "accounts/user/",
    "accounts/user/add/",
    "accounts/apitoken/add/",
    "accounts/customer/{customer}/change/",
    "feedback/category/",
    "feedback/category/{category}/change/",
    "feedback/category/{category}/merge/",
    "feedback/category/{category}/history/",
    "feedback/replytemplate/{template}/preview/",
    "feedback/mailbox/{mailbox}/change/",
    "feedback/mailbox/{mailbox}/test-now/",
    "feedback/feedback/",
]


def test_nobody_stumbles_over_the_settings(live_server, page, sign_in, superuser):
    mailbox = MailboxFactory().pk
    sign_in(superuser)

    for path in ("", "feedback/category/"):
        page.goto(f"{live_server.url}/admin/{path}")
        assert stumbling_blocks_in_both_themes(page) == [], path
    page.goto(f"{live_server.url}/admin/feedback/mailbox/{mailbox}/change/")
    box = page.locator(".field-team .select2-selection")
    expect(box).to_have_accessible_name(re.compile("Team"))


def test_pages_of_the_settings_break_no_policy(live_server, page, sign_in, superuser):
    FeedbackFactory()
    rows = {
        "customer": CustomerFactory().pk,
        "category": Category.objects.get(code="product-quality").pk,
        "template": ReplyTemplateFactory().pk,
        "mailbox": MailboxFactory().pk,
    }
    sign_in(superuser)

    for path in SETTINGS_PAGES:
        page.goto(f"{live_server.url}/admin/{path.format(**rows)}")
        expect(page.locator("h1").first).to_be_visible()


def test_the_reading_room_of_the_api_draws_itself(live_server, page):
    page.goto(f"{live_server.url}/api/docs/")

    # Only what is in sight is drawn.
    expect(page.get_by_text("Upload a file for a message")).to_be_visible()
    assert stumbling_blocks_in_both_themes(page) == []
