"""Surveys in a real browser: what people do to the pages they answer on, and what pages of other
sites do with them."""

import itertools
import json
import os
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.templatetags.static import static
from playwright.sync_api import expect

from accounts.enums import Role
from accounts.models import OutgoingMessage, User
from surveys.demo.all_kinds import ALL_KINDS
from surveys.distribution.email import write_invitation
from surveys.distribution.links import snippet_of
from surveys.enums import CollectorChannel
from surveys.logic.evaluation import evaluate
from surveys.models import Collector, Invitation, Response, RewardGrant
from surveys.services.inviting import send_due_invitations
from tests.conftest import member
from tests.e2e.conftest import is_wider_than_the_screen, stumbling_blocks
from tests.factories.surveys import make_survey, open_link, sent
from tests.support.jobs import run_queued_jobs
from tests.surveys.logic_cases import cases
from tests.surveys.test_answer_flow import ask, brands, choices, pages
from tests.surveys.test_logic_twins import VECTORS, alike, read
from tests.surveys.test_rewards import make_reward

pytestmark = pytest.mark.django_db(transaction=True)
PHONE = {"width": 390, "height": 800}


@pytest.fixture
def browser_context_args(browser_context_args, live_server):
    return {
        **browser_context_args,
        "base_url": live_server.url,
        "locale": "en-GB",
        "viewport": PHONE,
    }


@pytest.fixture
def rewarded():
    """A survey in three pages that thanks with a coupon."""
    survey = make_survey(pages())
    make_reward(survey=survey, codes=["FIRST-1", "SECOND-2"])
    return survey


def press(page, name="Next"):
    page.get_by_role("button", name=name, exact=True).click()


def one_whole_response():
    """The only response there is; it was rewarded once."""
    response = Response.objects.get()
    assert response.status == "complete"
    assert RewardGrant.objects.get().response == response
    return response


def texts_of(response):
    return {one.question.code: one.text for one in response.answers.exclude(text=None)}


def test_whatever_happens_on_the_way_nothing_is_lost_and_counted_once(  # noqa: PLR0915 - one story
    page, context, rewarded
):
    link = open_link(rewarded)
    page.goto(f"/a/c/{link.token}/")
    page.fill("[name=name]", "Li Lei")
    page.get_by_label("Yes").check()

    page.reload()  # in the middle of a page
    expect(page.locator("[name=name]")).to_have_value("Li Lei")
    expect(page.get_by_label("Yes")).to_be_checked()
    press(page)
    page.wait_for_url("**/a/r/**")

    page.locator(".step", has_text=re.compile("^4")).click()
    page.get_by_label("Tea").check()
    context.set_offline(True)  # the phone knows that it has no connection
    press(page)
    expect(page.locator("[data-offline]")).to_be_visible()
    context.set_offline(False)  # and sends by itself what waited
    expect(page.locator("[name=word]")).to_be_visible()

    press(page, "Back")
    page.get_by_label("Tea").uncheck()
    page.get_by_label("Soup").check()
    context.clear_cookies()  # no session that could be over
    page.route("**/a/r/**", lambda route: route.abort("connectionreset"), times=1)
    press(page)  # the browser's own page says that nothing came
    page.wait_for_url("chrome-error://**")
    page.go_back()
    expect(page.get_by_label("Soup")).to_be_checked()
    expect(page.get_by_label("Tea")).not_to_be_checked()
    press(page)

    page.fill("[name=word]", "half a sen")
    here = page.url.partition("?")[0]
    page.close(run_before_unload=True)  # the window is closed while somebody writes
    page = context.new_page()
    for _try in range(50):  # what a closed window sends may come after what is asked for next
        page.goto(here)
        if page.locator("[name=word]").input_value():
            break
    expect(page.locator("[name=word]")).to_have_value("half a sen")
    page.fill("[name=word]", "half a sentence")
    page.get_by_role("button", name="Send", exact=True).dblclick()
    page.wait_for_url("**/thanks/**")
    expect(page.locator("#coupon")).to_have_value("FIRST-1")
    page.reload()
    expect(page.locator("#coupon")).to_have_value("FIRST-1")
    page.goto(here)
    page.wait_for_url("**/thanks/**")

    assert texts_of(one_whole_response()) == {"name": "Li Lei", "word": "half a sentence"}
    page.close()


def test_two_tabs_of_one_personal_link_make_one_response(page, context, rewarded):
    invitation = sent()
    Collector.objects.filter(pk=invitation.collector_id).update(survey=rewarded)
    Invitation.objects.update(language="en")
    url = f"/a/{invitation.token}/"
    other = context.new_page()
    for tab, name in ((page, "Han"), (other, "Han Meimei")):
        tab.goto(url)
        tab.fill("[name=name]", name)
        tab.get_by_label("Yes").check()
    press(page)
    page.locator(".step", has_text=re.compile("^5")).click()
    press(other)  # its first page is newer than that of the first tab
    press(page)
    for tab in (other, page):
        expect(tab.locator("[name=word], .step").first).to_be_visible()
    other.close()
    page.fill("[name=word]", "fine")
    press(page, "Send")
    page.wait_for_url("**/thanks/**")
    page.go_back()
    expect(page.get_by_role("heading", name="You have answered this survey")).to_be_visible()

    assert texts_of(one_whole_response()) == {"name": "Han Meimei", "word": "fine"}


def fitting_answers(page):
    """What has to be answered of ALL_KINDS, and a low score that brings one more question."""
    if page.locator("[name=place]").count():
        page.locator("label:has([name=place])").first.click()
    if page.locator("[name=likely]").count():
        page.locator("label:has([name=likely][value='3'])").click()


def looker(page, themes):
    """look(name): nothing to stumble over on the page as it is, in the next of the themes."""
    following = itertools.cycle(themes)

    def look(name):
        theme = next(following)
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        assert stumbling_blocks(page) == [], (name, theme)
        assert not is_wider_than_the_screen(page), (name, theme)

    return look


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_nobody_stumbles_over_any_kind_of_question(page, language, monkeypatch):
    """Each language begins with the other theme: both walks together see all pages in both."""
    monkeypatch.setattr("surveys.selectors.shared_answers.FEWEST", 1)
    monkeypatch.setattr("surveys.selectors.strangers.TOGETHER", 1)
    survey = make_survey(ALL_KINDS)
    link, over = open_link(survey), open_link(survey, is_active=False)
    look = looker(page, ("light", "dark") if language == "en" else ("dark", "light"))
    asked = []
    page.on("request", lambda request: asked.append(request.url))

    page.goto(f"/a/c/{link.token}/?lang={language}")
    page.locator("[data-on]").click()
    expect(page.locator(".error-summary")).to_be_visible()
    look("faults")
    for name in ("use", "like", "next"):
        expect(page.locator(f"[name=page][value={name}]")).to_be_attached()
        fitting_answers(page)
        look(name)
        page.locator("[data-on]").click()
    page.wait_for_url("**/thanks/**")
    expect(page.locator(".everybody")).to_have_count(1)
    look("thanks")
    page.goto(f"/a/c/{over.token}/?lang={language}")
    look("closed")
    host = page.url.split("/a/")[0]
    assert [url for url in asked if not url.startswith(host)] == []


def test_a_kiosk_waits_for_a_connection_and_does_not_end_on_the_browsers_own_page(page, context):
    kiosk = open_link(make_survey(pages()), channel=CollectorChannel.KIOSK)
    look = looker(page, ("dark", "light"))
    page.clock.install()
    page.goto(f"/a/c/{kiosk.token}/?lang=en")
    page.get_by_label("Yes").check()
    context.set_offline(True)
    press(page)
    expect(page.locator("[data-offline]")).to_be_visible()
    look("offline")
    context.set_offline(False)
    page.locator(".step", has_text=re.compile("^4")).click()
    press(page)
    press(page, "Send")
    page.wait_for_url("**/thanks/**")
    look("thanks")
    context.set_offline(True)
    page.clock.run_for(16_000)
    context.set_offline(False)
    page.wait_for_url(f"**/a/c/{kiosk.token}/")
    expect(page.get_by_label("Yes")).not_to_be_checked()


# --- in pages of others -------------------------------------------------------------------------


@pytest.fixture
def foreign(live_server, settings):
    """foreign(collector): the address of a page of another site that shows it, with the strict
    policy that docs/surveys.md gives."""
    settings.SITE_URL = live_server.url
    html = {}
    policy = f"default-src 'none'; script-src {live_server.url}; frame-src {live_server.url}"

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            body = html.get(self.path, "").encode()
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    site = f"http://127.0.0.1:{server.server_port}"

    def shown(collector, trigger=""):
        Collector.objects.filter(pk=collector.pk).update(sites=site)
        script = snippet_of(collector).replace("<script", f"<script{trigger}")
        html[f"/{collector.pk}"] = (
            f"<!doctype html><html lang=en><title>A shop</title><body><input id=mine>"
            f"<button id=ask>Tell us</button><main>{script}</main>"
        )
        return f"{site}/{collector.pk}"

    yield shown
    server.shutdown()
    server.server_close()


def test_a_survey_in_a_page_of_another_site_is_as_high_as_it_needs_to_be(page, foreign):
    collector = open_link(make_survey(pages()), channel=CollectorChannel.EMBED)
    page.goto(foreign(collector))
    survey = page.frame_locator("iframe")

    def fits():
        """Neither cut off nor with room to spare; the height before it is told is 480."""
        inside = page.frames[1]
        inside.wait_for_function(
            "() => innerHeight === Math.ceil(document.body.getBoundingClientRect().height)"
        )
        return inside.evaluate("innerHeight")

    survey.locator("[name=name]").fill("Li")
    survey.get_by_label("No").check()
    tall = fits()
    survey.get_by_label("Yes").check()
    assert fits() < tall
    survey.locator("[data-on]").click()
    survey.locator("label:has([name=score])").last.click()
    second = fits()
    survey.locator("[data-on]").click()
    survey.locator("[name=word]").fill("From the shop")
    assert fits() < second
    survey.locator("[data-on]").click()
    expect(survey.get_by_role("heading", name="Thank you")).to_be_visible()
    fits()
    assert texts_of(Response.objects.complete().get()) == {"name": "Li", "word": "From the shop"}

    Collector.objects.update(is_active=False)
    page.reload()
    expect(survey.get_by_role("heading", name="This survey is closed")).to_be_visible()
    fits()


def test_a_pop_up_disturbs_nobody_and_comes_when_it_is_asked_for(page, foreign):
    one = pages(pages=[{"code": "one", "elements": [ask("score", "scale")]}], ends=[], texts={})
    collector = open_link(make_survey(one), channel=CollectorChannel.POPUP, popup_delay=10)
    url = foreign(collector, " data-trigger='#ask'")
    page.clock.install()
    page.goto(url)
    dialog, mine, asks = page.get_by_role("dialog"), page.locator("#mine"), page.locator("#ask")
    survey = page.frame_locator("iframe")

    mine.fill("an order")
    assert dialog.count() == 0
    page.clock.run_for(11_000)
    expect(survey.locator("[name=score]").first).to_be_attached()
    expect(mine).to_be_focused()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(mine).to_be_focused()

    page.goto(url)  # whoever closed it is left alone
    page.clock.run_for(60_000)
    expect(dialog).to_have_count(0)

    asks.press("Enter")  # but may ask for it
    expect(dialog.get_by_role("button", name="Close")).to_be_focused()
    expect(survey.locator("[name=score]").first).to_be_attached()
    page.frames[-1].wait_for_load_state()  # its scripts listen now
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")  # heard by our page, told to theirs
    expect(dialog).to_have_count(0)
    expect(asks).to_be_focused()

    asks.press("Enter")
    survey.locator("label:has([name=score])").last.click()
    survey.locator("[data-on]").click()
    expect(survey.get_by_role("heading", name="Thank you")).to_be_visible()
    dialog.get_by_role("button", name="Close").click()
    assert Response.objects.complete().count() == 1


def test_choices_and_rows_follow_answers_of_the_same_page_at_once(page):
    link = open_link(make_survey(brands()))
    page.goto(f"/a/c/{link.token}/")
    best, rate, order = (page.locator(f"#q-{code}") for code in ("best", "rate", "order"))
    for one in (best, rate, order):
        expect(one).to_be_hidden()

    page.locator("#q-brands-a").check()
    page.locator("#q-brands-b").check()
    expect(best.locator("option")).to_have_text(["Please choose", "A", "B"])
    best.locator("select").select_option("b")
    expect(rate.locator("tbody tr:visible")).to_have_count(2)
    expect(order.locator("li:visible")).to_have_count(2)
    order.get_by_label("B", exact=True).select_option("1")

    page.locator("#q-brands-b").uncheck()
    expect(best.locator("select")).to_have_value("")
    best.locator("select").select_option("a")
    expect(rate.locator("tbody tr:visible")).to_have_count(1)
    rate.locator("[value='5']:visible").check()
    expect(order.locator("li:visible option:enabled")).to_have_text(["–", "1"])
    order.get_by_label("A", exact=True).select_option("1")
    press(page)
    page.fill("[name=word]", "done")  # nothing new came with the press
    press(page, "Send")
    page.wait_for_url("**/thanks/**")

    response = Response.objects.complete().get()
    assert response.shown == ["brands", "best", "rate_a", "order", "word"]
    given = response.answers.exclude(choice=None).values_list("question__code", "choice__code")
    assert set(given) == {("brands", "a"), ("best", "a"), ("rate_a", "5"), ("order", "a")}


def test_a_ranking_is_dragged_a_slider_says_it_is_unanswered_and_an_end_leads_on(  # noqa: PLR0915
    page, context, live_server, settings
):
    settings.SITE_URL = live_server.url
    on = {"code": "on", "when": "{pay} > 50", "url": f"{live_server.url}/a/c/nobody/"}
    raw = pages(ends=[on], texts={})
    raw["pages"] = [
        {
            "code": "one",
            "elements": [
                ask("order", "ranking", choices=choices("a", "b", "c", "d"), places=3),
                ask("pay", "slider", required=True),
            ],
        }
    ]
    page.goto(f"/a/c/{open_link(make_survey(raw)).token}/")
    order = page.locator("#q-order")
    lines = order.locator("li label")

    order.get_by_role("button", name="Move up: C").press("Enter")
    expect(lines).to_have_text(["A", "C", "B", "D"])
    expect(order.get_by_role("button", name="Move up: C")).to_be_focused()
    grip = order.locator("li", has_text="D").locator(".rank-grip")
    grip.hover()
    page.mouse.down()
    page.mouse.move(*middle_of(order.locator("li").first, higher=15))
    page.mouse.up()
    expect(lines).to_have_text(["D", "A", "C", "B"])
    finger = context.new_cdp_session(page)
    grip = middle_of(order.locator("li", has_text="C").locator(".rank-grip"))
    for kind, y in (
        ("touchStart", 0),
        ("touchMove", -70),
        ("touchMove", -140),
        ("touchEnd", None),
    ):
        points = [] if y is None else [{"x": grip[0], "y": grip[1] + y}]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    expect(lines).to_have_text(["C", "D", "A", "B"])
    order.get_by_label("B", exact=True).select_option("1")  # takes the place of C, who has none
    expect(lines).to_have_text(["B", "D", "A", "C"])

    slider = page.get_by_role("slider", name="About pay?")
    expect(slider).to_have_attribute("aria-valuetext", "Not answered")
    press(page, "Send")
    expect(page.locator(".error-summary")).to_be_visible()
    expect(lines).to_have_text(["B", "D", "A", "C"])
    slider.click()  # where it stands is an answer as well
    expect(page.locator("#q-pay-text")).to_have_value("50")
    slider.press("ArrowRight")
    expect(page.locator("#q-pay-text")).to_have_value("51")
    slider.press("Delete")
    expect(page.get_by_text("Not answered")).to_be_visible()
    slider.press("End")
    assert stumbling_blocks(page) == []
    page.clock.install()
    press(page, "Send")
    page.wait_for_url("**/thanks/**")
    expect(page.get_by_role("button", name="Stay here")).to_be_visible()
    page.clock.run_for(11_000)
    page.wait_for_url("**/a/c/nobody/")

    response = Response.objects.complete().get()
    ranked = response.answers.filter(question__code="order").order_by("number")
    assert [one.choice.code for one in ranked] == ["b", "d", "a"]
    assert response.answers.get(question__code="pay").number == 100


def middle_of(locator, *, higher=0):
    box = locator.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2 - higher


# --- from plan to import ------------------------------------------------------------------------


def say(page, where):
    """One line with what a page says."""
    return " ".join(page.locator(where).inner_text().split())


def test_a_person_comes_from_the_plan_to_the_import_of_answers(  # noqa: PLR0915 - one story
    browser, sign_in, context, page, live_server, settings, tmp_path
):
    settings.SITE_URL = live_server.url
    page.set_viewport_size({"width": 1280, "height": 900})
    analyst = member(Role.ANALYST)
    User.objects.update(language="zh-hans")
    sign_in(analyst)
    save = "main form:not([hidden]) .panel-foot .btn-primary"

    # Begun from a template, planned, written, published.
    page.goto("/surveys/")
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    page.locator("main a[href$='/surveys/new/']").first.click()
    page.locator("a[href$='from=nps']").click()
    page.fill("[name=title_zh]", "推荐意愿调查")
    page.click(save)
    page.locator("nav a[href$='/plan/']").click()
    page.locator("main a[href$='/plan/edit/']").first.click()
    page.fill("[name=goal]", "弄清老客户愿不愿意推荐我们")
    page.fill("[name=population]", "200")
    page.click(save)
    assert "弄清老客户愿不愿意推荐我们" in say(page, "main")
    page.locator("nav a[href$='/questions/']").click()
    page.locator("a[href*='/questions/add/']").first.click()
    page.locator("[name=kind][value=single_choice]").click()
    page.fill("[name=text__zh-hans]", "您会再来吗？")
    page.fill("[name=text__en]", "Will you come back?")
    for at, (zh, en) in enumerate((("会", "Yes"), ("不会", "No"))):
        for language, words in (("zh-hans", zh), ("en", en)):
            page.locator(f"[name^='choices'][name$='{language}']").nth(at).fill(words)
    assert stumbling_blocks(page) == []
    page.click(".builder-foot .btn-primary")
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert stumbling_blocks(page) == []
    page.locator("form[action$='/publish/'] button").click()
    expect(page.locator("form[action$='/publish/']")).to_have_count(0)

    # Somebody on a list is invited by mail.
    page.locator("nav a[href$='/ways/']").click()
    page.locator("a[href$='/ways/new/']").first.click()
    page.fill("[name=name]", "邮件邀请")
    page.select_option("[name=channel]", "email")
    page.click(save)
    page.locator("[name=audience_of][value=list]").check()
    page.click(save)
    page.locator("a[href$='/mail/list/']").first.click()
    page.fill("[name=text]", "address,name,language\nhan@example.org,韩梅梅,zh")
    page.click(save)
    page.locator("[name=send]").click()
    expect(page.get_by_text("han@example.org").first).to_be_visible()
    send_due_invitations(write_invitation)

    # They answer on their phone.
    mail = OutgoingMessage.objects.get(to_address="han@example.org")
    phone = browser.new_context(locale="zh-CN", viewport=PHONE, has_touch=True)
    hand = phone.new_page()
    hand.goto(re.search(r"http\S+/a/[^\s/]+/", mail.body_text)[0])
    expect(hand.locator("html")).to_have_attribute("lang", "zh-hans")
    hand.locator("label:has([name=likely][value='9'])").first.tap()
    hand.fill("[name=like]", "师傅很专业")
    hand.locator(".pick", has_text=re.compile("^会$")).tap()
    hand.locator("[data-on]").tap()
    hand.wait_for_url("**/thanks/**")
    expect(hand.get_by_role("heading", name="谢谢您")).to_be_visible()
    phone.close()

    # It is in the results, and leaves as a file.
    page.locator("nav a[href*='/results']").first.click()
    assert "师傅很专业" in say(page, "main")
    page.locator("nav a[href$='/responses/']").click()
    page.locator("a[href*='/responses/export/']").first.click()
    page.locator("[name=format][value=csv]").check()
    with page.expect_download() as download:
        page.click(save)
    rows = Path(download.value.path()).read_text("utf-8-sig").splitlines()
    assert "师傅很专业" in rows[1]

    # Answers that were collected elsewhere come in.
    table = tmp_path / "answers.csv"
    table.write_text("likely,like\n10,好用\n9,安静\n", "utf-8")
    page.go_back()
    page.locator("a[href$='/responses/imports/']").first.click()
    page.set_input_files("[name=file]", table)
    page.click(save)
    page.locator("main form .panel-foot .btn-primary").click()
    run_queued_jobs()
    page.reload()
    page.locator("form[action$='/start/'] button").click()
    run_queued_jobs()
    page.reload()
    assert Response.objects.complete().count() == 3


# --- logic --------------------------------------------------------------------------------------


def test_chromium_comes_to_the_same_as_python(page):
    """What test_logic_twins proves of node, in the page of a browser, with other random trees;
    LOGIC_CASES asks for more of them."""
    vectors = [[read(one), one["values"]] for one in VECTORS["expressions"]]
    given = vectors + cases(int(os.environ.get("LOGIC_CASES", "2000")), seed=16)
    page.goto("/a/c/nobody/")
    theirs = page.evaluate(
        """async ([url, given]) => {
          const { evaluate } = await import(url);
          return JSON.stringify(
            JSON.parse(given).map(([tree, values]) => evaluate(tree, values)));
        }""",
        [static("js/logic.js"), json.dumps(given)],
    )
    pairs = zip(given, json.loads(theirs), strict=True)
    assert [one for one, there in pairs if alike(evaluate(*one)) != alike(there)] == []
