"""The entrance and the dashboard in a browser: readable by all, and calm while it changes."""

import pytest
from playwright.sync_api import expect

from accounts.enums import Role
from feedback.services.followup import record_satisfaction
from feedback.services.workflow import resolve_feedback
from tests.conftest import member
from tests.e2e.conftest import is_wider_than_the_screen, stumbling_blocks_in_both_themes
from tests.factories import FeedbackFactory, UserFactory

PHONE = {"width": 390, "height": 844}
OPEN = "#dashboard-now .tile-open .figure-value"


@pytest.fixture
def dashboard(live_server, page, sign_in):
    """The dashboard with something on it, open, as an admin."""
    for score in (1, 4, 5):
        record = FeedbackFactory(customer__tier="key")
        resolve_feedback(record.pk, by=None)
        record_satisfaction(record.pk, overall=score, solved=None)
    FeedbackFactory()
    sign_in(member(Role.ADMIN))
    page.goto(live_server.url)
    return page


def test_nobody_stumbles_over_the_dashboard(dashboard):
    assert stumbling_blocks_in_both_themes(dashboard) == []
    dashboard.get_by_text("Own range").click()
    assert stumbling_blocks_in_both_themes(dashboard, within=".dash-controls") == []


def test_nobody_stumbles_over_the_entrance(live_server, page, settings):
    settings.DEBUG = True
    UserFactory(is_demo=True)
    page.goto(live_server.url)

    expect(page.get_by_role("heading", name="Try it in ten minutes")).to_be_visible()
    assert stumbling_blocks_in_both_themes(page) == []


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_dashboard_and_entrance_fit_a_phone(live_server, page, sign_in, agent, language):
    page.set_viewport_size(PHONE)
    page.goto(f"{live_server.url}/?lang={language}")
    assert not is_wider_than_the_screen(page)

    FeedbackFactory(subject="x" * 200)
    sign_in(agent)
    page.goto(f"{live_server.url}/?lang={language}")
    expect(page.locator("#dashboard-now")).to_be_visible()
    assert not is_wider_than_the_screen(page)


def test_a_range_of_ones_own_is_chosen_and_taken_back(dashboard):
    dashboard.get_by_text("Own range").click()
    dashboard.get_by_label("From").fill("2026-01-01")
    dashboard.get_by_label("Until").fill("2026-01-31")
    dashboard.get_by_role("button", name="Show").click()
    expect(dashboard.get_by_role("heading", name="1 Jan 2026 – 31 Jan 2026")).to_be_visible()

    dashboard.get_by_role("link", name="Remove the filter Period").click()
    expect(dashboard.get_by_role("link", name="30 days")).to_have_attribute("aria-current", "true")


@pytest.fixture
def half_a_minute(page):
    """half_a_minute(): so much time passes in the browser; without a stream pages then ask."""
    page.clock.install()

    def passes():
        page.clock.run_for(32_000)

    return passes


def test_the_numbers_of_now_follow_what_happens(half_a_minute, dashboard):
    expect(dashboard.locator(OPEN)).to_have_text("1")
    FeedbackFactory()
    half_a_minute()
    half_a_minute()  # on a busy machine the page may have begun to listen after the first

    expect(dashboard.locator(OPEN)).to_have_text("2")


def test_nothing_changes_under_the_pointer_or_what_is_open(half_a_minute, dashboard):
    received = dashboard.locator(".tile-received .figure-value")
    expect(received).to_have_text("4")
    dashboard.locator("#dashboard-period summary").first.click()
    FeedbackFactory()
    half_a_minute()
    half_a_minute()
    expect(dashboard.locator(OPEN)).to_have_text("2")
    expect(received).to_have_text("4")

    dashboard.locator("#dashboard-period summary").first.click()
    dashboard.evaluate("document.activeElement.blur()")
    dashboard.mouse.move(5, 5)
    half_a_minute()
    expect(received).to_have_text("5")
