"""A real browser against the real product. Left out, with a reason, where there is no Chromium."""

import os
import shutil

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.support.smtp import smtp_server  # noqa: F401

# Playwright's sync API runs a loop of its own in this thread; Django takes it for async code.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
# A busy machine needs more than the usual five seconds.
expect.set_options(timeout=40_000)
# What a person with a screen reader, a keyboard or weak eyes would stumble over.
SEVERE = {"serious", "critical"}
ABOUT_COLOURS = ("color-contrast", "link-in-text-block")
# Until a new theme is drawn and begins to fade in – before, a busy browser has the letters of one
# on the surfaces of the other –, then until everything that ends has ended.
SETTLED = """async () => {
  const drawn = () => new Promise(done => {
    requestAnimationFrame(() => requestAnimationFrame(done));
    setTimeout(done, 2000);
  });
  await drawn();
  const ends = one => Number.isFinite(one.effect?.getComputedTiming().endTime);
  await Promise.allSettled(document.getAnimations().filter(ends).map(one => one.finished));
  await drawn();
}"""


def pytest_collection_modifyitems(items):
    for item in items:
        if "e2e" not in item.nodeid.split("/"):
            continue
        item.add_marker(pytest.mark.e2e)
        if CHROMIUM is None:
            item.add_marker(pytest.mark.skip(reason="no chromium on this machine"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": ["--no-sandbox"]}


@pytest.fixture
def sign_in(live_server, context, client):
    """sign_in(user): the browser is that person from now on."""

    def as_user(user):
        client.force_login(user)
        session = client.cookies["sessionid"].value
        context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])

    return as_user


@pytest.fixture
def page(page, monkeypatch):
    """A page that fails the test when the browser refuses something of ours or a script breaks,
    with a keyboard that waits until the page is there."""
    complaints = []

    def patient(press):
        def press_when_loaded(*args, **kwargs):
            page.wait_for_load_state()
            press(*args, **kwargs)

        return press_when_loaded

    for name in ("press", "type"):
        monkeypatch.setattr(page.keyboard, name, patient(getattr(page.keyboard, name)))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "console",
        lambda line: complaints.append(line.text) if "Content Security" in line.text else None,
    )
    yield page
    assert complaints == []


def stumbling_blocks(page, *, within=None, rules=()):
    """What axe finds serious or critical on the page as it is now: [(rule, element), …].
    `rules`: by these of its rules only."""
    # Colours fade from one theme into the other; axe must not look in between.
    page.evaluate(SETTLED)
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found = Axe().run(page, context=within, options=options).response["violations"]
    return [
        (violation["id"], node["html"][:200], node["any"][:1] and node["any"][0]["message"])
        for violation in found
        if violation["impact"] in SEVERE
        for node in violation["nodes"]
    ]


def stumbling_blocks_in_both_themes(page, *, within=None):
    """Of the page that is open, without loading it again: [(theme, rule, element), …]. The
    second theme has other colours, and nothing else to ask again."""
    found = []
    for theme, rules in (("light", ()), ("dark", ABOUT_COLOURS)):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        blocks = stumbling_blocks(page, within=within, rules=rules)
        found += [(theme, *block) for block in blocks]
    return found


def is_wider_than_the_screen(page):
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
