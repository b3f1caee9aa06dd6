"""The shell in a browser: readable, reachable by keyboard, nothing typed is ever lost."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from tests.e2e.conftest import (
    is_wider_than_the_screen,
    stumbling_blocks,
    stumbling_blocks_in_both_themes,
)
from tests.factories import FeedbackFactory

PHONE = {"width": 390, "height": 844}


@pytest.fixture(autouse=True)
def development(settings):
    settings.DEBUG = True


@pytest.fixture
def guide(live_server, page, sign_in, agent):
    """The style guide, open, as an agent."""
    sign_in(agent)
    page.goto(live_server.url + reverse("accounts:styleguide"))
    return page


STAFF_PAGES = [
    "accounts:styleguide",
    "accounts:profile",
    "account_change_password",
    "mfa_index",
    "usersessions_list",
]
OPEN_PAGES = ["account_login", "account_reset_password", "accounts:styleguide_public"]


@pytest.mark.parametrize("name", [*STAFF_PAGES, *OPEN_PAGES])
def test_nobody_stumbles_and_the_page_fits_a_phone(live_server, page, sign_in, agent, name):
    if name in STAFF_PAGES:
        sign_in(agent)
    page.goto(f"{live_server.url}{reverse(name)}?lang=en")
    assert stumbling_blocks_in_both_themes(page) == []

    page.set_viewport_size(PHONE)
    for language in ("en", "zh-hans"):
        page.goto(f"{live_server.url}{reverse(name)}?lang={language}")
        assert not is_wider_than_the_screen(page), language


def test_nobody_stumbles_over_a_page_that_is_not_there(live_server, page):
    page.goto(live_server.url + "/nowhere/")

    assert stumbling_blocks_in_both_themes(page) == []


def test_on_a_phone_the_sidebar_opens_and_closes(guide):
    guide.set_viewport_size(PHONE)
    sidebar = guide.locator("#sidebar")
    expect(sidebar).to_be_hidden()

    guide.get_by_role("button", name="Menu").click()
    expect(sidebar).to_be_visible()
    assert stumbling_blocks(guide) == []

    guide.keyboard.press("Escape")
    expect(sidebar).to_be_hidden()


def test_the_list_is_worked_by_keyboard(guide):
    rows = guide.locator("[data-row]")
    guide.keyboard.press("j")
    expect(rows.nth(0).locator(".row-link")).to_be_focused()
    guide.keyboard.press("j")
    guide.keyboard.press("x")
    expect(rows.nth(1)).to_have_attribute("aria-selected", "true")
    expect(guide.locator("[data-bulk-bar]")).to_be_visible()

    guide.keyboard.press("k")
    expect(rows.nth(0).locator(".row-link")).to_be_focused()
    guide.keyboard.press("Escape")
    expect(guide.locator("[data-bulk-bar]")).to_be_hidden()


def test_shift_selects_a_range_and_the_head_selects_all(guide):
    checks = guide.locator("[data-row-check]")
    checks.nth(0).click()
    checks.nth(2).click(modifiers=["Shift"])
    expect(guide.locator("[data-bulk-count]")).to_have_text("3")

    guide.locator("[data-rows-all]").click()
    expect(guide.locator("[data-bulk-count]")).to_have_text("4")
    guide.locator("[data-bulk-clear]").click()
    expect(checks.nth(0)).not_to_be_checked()


def test_letters_do_nothing_while_somebody_writes(guide):
    name = guide.get_by_label("Your name")
    name.click()
    guide.keyboard.type("jx?")
    expect(name).to_have_value("jx?")
    expect(guide.locator("#shortcuts")).to_be_hidden()


def test_letters_do_nothing_while_chinese_is_composed(guide):
    guide.evaluate(
        """() => document.body.dispatchEvent(new KeyboardEvent("keydown",
             {key: "?", isComposing: true, bubbles: true}))"""
    )
    expect(guide.locator("#shortcuts")).to_be_hidden()


def test_a_question_mark_opens_the_list_of_shortcuts(guide):
    guide.keyboard.press("?")
    expect(guide.locator("#shortcuts")).to_be_visible()
    assert stumbling_blocks(guide) == []

    guide.keyboard.press("Escape")
    expect(guide.locator("#shortcuts")).to_be_hidden()


def test_everything_is_reached_by_the_palette(live_server, page, sign_in, agent):
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    record = FeedbackFactory()
    sign_in(agent)
    page.goto(live_server.url + reverse("accounts:profile"))
    palette, field = page.locator("#palette"), page.locator("#palette input")
    options = palette.get_by_role("option")

    page.keyboard.press("Control+k")
    expect(field).to_be_focused()
    expect(options.filter(has_text="Queue")).to_be_visible()
    expect(options.filter(has_text="Settings")).to_have_count(0)  # not for an agent
    assert stumbling_blocks(page) == []
    page.keyboard.press("Control+k")
    expect(palette).to_be_hidden()

    page.keyboard.press("Control+k")
    page.keyboard.type("light")
    expect(options.first).to_have_text("Light or dark")
    expect(palette.locator("[aria-live]")).to_have_text("Entries: 3")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")

    page.keyboard.press("Control+k")
    page.keyboard.type("tsks")
    page.keyboard.press("ArrowUp")  # from the first to the last: letters of "Tasks"
    expect(field).to_have_attribute("aria-activedescendant", "palette-2")
    expect(options.nth(2)).to_have_text("Tasks")
    page.keyboard.press("Escape")
    expect(palette).to_be_hidden()

    page.keyboard.press("Control+k")
    page.keyboard.type(f"#{record.number}")
    expect(options.first).to_have_text(f"Open record #{record.number}")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(record.get_absolute_url()))

    page.keyboard.press("Control+k")
    page.keyboard.type("中文")
    page.keyboard.press("Enter")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")


def test_whoever_switched_them_off_is_left_alone(live_server, page, sign_in, agent):
    agent.shortcuts_on = False
    agent.save(update_fields=["shortcuts_on"])
    sign_in(agent)
    page.goto(live_server.url + reverse("accounts:styleguide"))

    page.keyboard.press("?")
    page.keyboard.press("j")

    expect(page.locator("#shortcuts")).to_be_hidden()
    expect(page.locator("[data-at]")).to_have_count(0)


def test_two_letters_lead_somewhere(guide):
    guide.evaluate(
        """() => { const link = document.querySelector(".sidebar-brand");
                   link.dataset.shortcut = "g y"; link.href = "/account/profile/"; }"""
    )
    guide.keyboard.press("g")
    guide.keyboard.press("y")

    expect(guide).to_have_url(re.compile("/account/profile/"))


def test_a_menu_opens_moves_and_gives_the_focus_back(guide):
    summary = guide.locator("summary", has_text="Filter")
    summary.focus()
    guide.keyboard.press("Enter")
    guide.keyboard.press("ArrowDown")
    expect(guide.locator(".menu-body a").filter(has_text="Team")).to_be_focused()

    guide.keyboard.press("Escape")
    expect(guide.locator("details.menu[open]")).to_have_count(0)
    expect(guide.locator("summary", has_text="Filter")).to_be_focused()


def test_the_theme_that_one_chooses_stays(guide):
    guide.emulate_media(color_scheme="light")
    guide.reload()
    expect(guide.locator("html")).to_have_attribute("data-bs-theme", "light")

    guide.get_by_role("button", name="Light or dark").click()
    guide.reload()
    expect(guide.locator("html")).to_have_attribute("data-bs-theme", "dark")

    # Back to what the system says: the choice is forgotten, the page follows the system again.
    guide.get_by_role("button", name="Light or dark").click()
    guide.emulate_media(color_scheme="dark")
    expect(guide.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_a_form_is_sent_once_and_shows_that_it_works(live_server, page, sign_in, agent):
    sign_in(agent)
    page.goto(live_server.url + reverse("accounts:profile"))
    held = []
    page.route(
        "**/account/profile/",
        lambda route: held.append(route) if route.request.method == "POST" else route.continue_(),
    )
    save = page.get_by_role("button", name="Save")

    busy = save.evaluate(
        """async (button) => {
             button.click(); button.click();
             await new Promise((later) => setTimeout(later, 600));
             return button.getAttribute("aria-busy"); }"""
    )

    assert busy == "true"
    assert len(held) == 1
    held[0].continue_()
    expect(page.get_by_text("Saved.")).to_be_visible()


def test_leaving_with_something_typed_is_asked_about(live_server, page, sign_in, agent):
    sign_in(agent)
    page.goto(live_server.url + reverse("accounts:profile"))
    page.get_by_label("Name").fill("王敏敏")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))

    page.goto(live_server.url + reverse("accounts:styleguide"))

    assert asked == ["beforeunload"]


def test_toasts_go_after_a_while_but_not_while_one_reads_them(live_server, page, sign_in, agent):
    sign_in(agent)
    page.clock.install()
    page.goto(live_server.url + reverse("accounts:profile"))
    page.get_by_role("button", name="Save").click()
    toast = page.locator("#toasts [data-toast]")
    expect(toast).to_be_visible()

    toast.hover()
    page.clock.run_for(20_000)
    expect(toast).to_be_visible()

    page.mouse.move(700, 10)
    page.clock.run_for(8_100)
    expect(toast).to_have_count(0)


def test_a_session_that_ends_leaves_the_page_and_the_text(live_server, guide, context):
    guide.get_by_label("Your name").fill("a long story")
    context.clear_cookies(name="sessionid")

    guide.evaluate("htmx.ajax('GET', '/account/profile/', {target: '#main'})")

    expect(guide.locator("#toasts")).to_contain_text("Your session has ended")
    expect(guide.get_by_label("Your name")).to_have_value("a long story")


def test_a_broken_line_is_said_and_the_page_stays(guide):
    guide.route("**/nothing/", lambda route: route.abort())
    guide.evaluate("() => { htmx.ajax('GET', '/nothing/', {target: '#main'}).catch(() => {}) }")

    expect(guide.locator("#toasts .toast-error")).to_contain_text("No connection")
    expect(guide.locator("h1")).to_be_visible()


def test_signing_in_again_elsewhere_does_not_spoil_an_open_form(
    live_server, page, sign_in, agent, context
):
    sign_in(agent)
    page.goto(live_server.url + reverse("accounts:profile"))
    fresh = "Z" * 32
    context.add_cookies([{"name": "csrftoken", "value": fresh, "url": live_server.url}])

    page.get_by_label("Name").fill("王敏敏")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Saved.")).to_be_visible()
    agent.refresh_from_db()
    assert agent.name == "王敏敏"


@pytest.mark.parametrize("status", [200, 204])
def test_news_make_the_fragment_ask_for_itself(live_server, page, sign_in, agent, status):
    """By the event stream; by asking every 30 s where there is none (204)."""
    sign_in(agent)
    news = 'retry: 600000\n\ndata: {"topic": "feedback", "id": 7}\n\n'
    body = news if status == 200 else ""
    page.route(
        "**/news/",
        lambda route: route.fulfill(status=status, content_type="text/event-stream", body=body),
    )
    page.route("**/fragment/", lambda route: route.fulfill(body="3 new", content_type="text/html"))
    page.route(live_server.url + reverse("accounts:styleguide"), with_a_listener)
    page.clock.install()

    page.goto(live_server.url + reverse("accounts:styleguide"))
    page.wait_for_load_state("networkidle")
    page.clock.run_for(1_500 if status == 200 else 32_000)

    expect(page.locator("#news")).to_have_text("3 new")


def with_a_listener(route):
    listener = (
        '<main><p id="news" data-live-topic="task feedback" data-live-id="7" hx-get="/fragment/" '
        'hx-trigger="live">nothing yet</p>'
    )
    response = route.fetch()
    text = response.text()
    body = re.sub(r'<body( data-shortcuts="on")[^>]*>', r'<body\1 data-live="/news/">', text)
    route.fulfill(response=response, body=body.replace("<main", listener + "</main><main", 1))


def test_customers_pages_work_without_a_script(live_server, browser, db):
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    page.goto(live_server.url + reverse("accounts:styleguide_public"))

    page.get_by_label("Your name").fill("李雷")
    page.get_by_role("button", name="简体中文").click()

    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    expect(page.locator("input[name=name]")).to_have_value("李雷")
    context.close()
