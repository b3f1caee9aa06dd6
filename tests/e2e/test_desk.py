"""The desk in a browser: by keyboard, on a phone, two people at once, nothing typed is lost."""

from functools import partial

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts.enums import Role
from accounts.models import OutgoingMessage, WebhookEndpoint
from feedback.enums import Channel, Direction, Priority, State
from feedback.models import BusinessCalendar, Feedback, FormDefinition, Message, SLAPolicy
from feedback.services.attachments import IncomingFile
from feedback.services.conversation import add_customer_message
from feedback.services.details import set_priority
from feedback.services.followup import plan_call_back
from feedback.services.replies import add_note
from tests.conftest import member
from tests.e2e.conftest import ABOUT_COLOURS, is_wider_than_the_screen, stumbling_blocks
from tests.factories import FeedbackFactory, ReplyTemplateFactory, UserFactory
from tests.factories.surveys import make_survey
from tests.feedback.desk.test_messages import HTML, PNG
from tests.support.processes import wait_until

PHONE = {"width": 390, "height": 844}
DESK = {"width": 1440, "height": 900}


@pytest.fixture
def records(live_server, agent, team, sign_in):
    """Three open records, the most urgent last; the browser is their agent."""
    sign_in(agent)
    return [
        FeedbackFactory(team=team, subject=f"Matter {level}", priority=level)
        for level in (Priority.LOW, Priority.NORMAL, Priority.URGENT)
    ]


@pytest.fixture
def desk(live_server, page):
    """desk("/queue/"): the page at that address."""

    def go(path):
        page.goto(live_server.url + path)
        return page

    return go


def rich(record, agent):
    """A record with everything that its page can show."""
    add_note(record.pk, by=agent, text="Careful, he is upset")
    mail = add_customer_message(
        record.pk,
        channel=Channel.EMAIL,
        text="It leaks",
        html=HTML,
        full_text="It leaks\n> quoted",
        files=[IncomingFile("leak.png", PNG, content_id="photo@x"), IncomingFile("a.txt", b"x")],
    )
    add_customer_message(record.pk, channel=Channel.EMAIL, text="On holiday", is_automatic=True)
    add_customer_message(
        record.pk,
        channel=Channel.EMAIL,
        text="Me too",
        sender_name="Neighbour",
        is_third_party=True,
    )
    plan_call_back(record, reason="low_score")
    return mail


THEMES = ("light", "dark")
PAGES = [
    "/queue/",
    "/queue/filters/?view=all&channel=email",
    "/queue/?view=open&columns=subject,customer,team,product,waiting,tags,language,messages,place",
    "/queue/views/",
    "/queue/views/new/?list=view%3Dopen",
    "/queue/columns/?list=view%3Dopen",
    "/queue/?q=nothing",
    "/search/?q=example",
    "/search/?q=nothing",
    "/search/filters/?q=example",
    "/notifications/",
    "/notifications/settings/",
    "/feedback/new/",
    "/customers/",
    "/tasks/?whose=team",
]


def test_nobody_stumbles(desk, page, records, agent):
    rich(records[0], agent)
    ReplyTemplateFactory()
    record = records[0].get_absolute_url()
    customer = reverse("feedback:customer", args=[records[0].customer_id])
    task = reverse("feedback:task", args=[records[0].tasks.get().pk])
    pages = [*PAGES, record, f"{record}templates/", customer, f"{customer}edit/", task]
    # The queue and a record have nearly all that there is: these in both.
    both = {"/queue/", record}
    walk(desk, pages, themes=lambda at: THEMES if pages[at] in both else THEMES[at % 2 :][:1])


SETTING_UP = """
    /settings/ /settings/history/ /settings/transfer/ /forms/ /forms/{form}/
    /reply-templates/ /reply-templates/new/ /macros/ /macros/new/
    /signatures/ /service-levels/ /service-levels/new/ /service-levels/{policy}/
    /working-hours/{calendar}/ /working-hours/new/ /workflow/statuses/ /workflow/statuses/new/
    /workflow/reopening/ /workflow/reopening/others/ /workflow/retention/
    /workflow/retention/new/ /routing/ /routing/new/ /routing/preview/ /routing/teams/{team}/
    /automation/ /automation/new/ /automation/log/ /fields/ /fields/new/?about=feedback
    /webhooks/ /webhooks/new/ /checklists/ /checklists/new/ /negative-feedback/ /privacy/
    /account/availability/ /webhooks/{webhook}/ /webhooks/{webhook}/deliveries/{delivery}/
"""
WORKING = """
    /organisations/ /queue/jobs/ /queue/print/?list=view%3Dopen /scheduled/ /commitments/
    /quality-traces/ /cross-analysis/ /alerts/ /culture/recognition/
    {record}print/ {record}commitments/ {record}commitments/compensation/ {record}negative/
    {record}tasks/ {record}link/ {record}merge/ {record}merge/?into={other}
    /customers/{customer}/merge/ /customers/{customer}/privacy/
"""
BUILDING = """
    /surveys/new/ /surveys/{survey}/questions/ /surveys/{survey}/questions/q/solved/
    /surveys/{survey}/questions/frame/ /surveys/{survey}/questions/preview/
"""


@pytest.mark.parametrize(
    "pages", [SETTING_UP, WORKING, BUILDING], ids=["setting up", "working", "building surveys"]
)
def test_nobody_stumbles_over_the_rarer_pages(desk, records, sign_in, agent, team, pages):
    rich(records[0], agent)
    sign_in(UserFactory(is_staff=True, is_superuser=True, team=team))
    webhook = WebhookEndpoint.objects.create(
        name="Store", url="https://a.example/", event_types=[]
    )
    told = webhook.deliveries.create(event="ping", body="{}", status=500, response="No")
    names = {
        "form": FormDefinition.objects.earliest("pk").pk,
        "webhook": webhook.pk,
        "delivery": told.pk,
        "policy": SLAPolicy.objects.get(code="standard").pk,
        "calendar": BusinessCalendar.objects.earliest("pk").pk,
        "team": team.pk,
        "record": records[0].get_absolute_url(),
        "other": records[1].number,
        "customer": records[0].customer_id,
        "survey": make_survey().slug,
    }
    walk(desk, pages.format(**names).split(), themes=lambda at: THEMES[at % 2 :][:1])


def fits_the_screen(page):
    return not is_wider_than_the_screen(page)


def walk(desk, paths, *, themes):
    """Each page once: axe in these themes, and whether a phone shows all of it."""
    for at, path in enumerate(paths):
        page = desk(path)
        for again, theme in enumerate(themes(at)):
            page.emulate_media(color_scheme=theme, reduced_motion="reduce")
            rules = ABOUT_COLOURS if again else ()
            assert stumbling_blocks(page, rules=rules) == [], f"{path} ({theme})"
        page.set_viewport_size(PHONE)
        # The browser needs a moment to be that narrow.
        fits = partial(fits_the_screen, page)
        wait_until(fits, seconds=5, what=f"{path} to fit a phone")
        page.set_viewport_size(DESK)


def test_pages_fit_a_phone_in_chinese_too(desk, page, records, agent):
    page.set_viewport_size(PHONE)
    rich(records[0], agent)
    customer = reverse("feedback:customer", args=[records[0].customer_id])
    for path in [*PAGES, records[0].get_absolute_url(), customer]:
        join = "&" if "?" in path else "?"
        assert not is_wider_than_the_screen(desk(f"{path}{join}lang=zh-hans")), path


def test_on_a_phone_the_bar_for_several_is_one_line(desk, page, records):
    page.set_viewport_size(PHONE)
    desk("/queue/")
    page.locator("[data-row-check]").first.check()

    bar, button = page.locator("[data-bulk-bar]"), page.get_by_role("button", name="Change …")
    expect(button).to_be_visible()
    assert bar.bounding_box()["height"] < 2 * button.bounding_box()["height"]
    button.click()

    expect(page.get_by_text("1 record is selected.")).to_be_visible()
    assert "csrf" not in page.url


def test_a_monday_morning_by_keyboard(desk, records):
    page = desk("/queue/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Matter 4")  # what is due first is first
    expect(page.get_by_text("1 of 3")).to_be_visible()

    page.keyboard.press("r")
    page.keyboard.type("We come today.")
    page.keyboard.press("Control+Enter")

    expect(page.locator("h1")).to_contain_text("Matter 2")  # the next record opens
    expect(page.get_by_text("on its way")).to_be_visible()
    assert Message.objects.get(direction=Direction.OUT).text == "We come today."

    page.keyboard.press("z")  # taken back

    expect(page.locator("h1")).to_contain_text("Matter 4")
    expect(page.locator("#composer-text")).to_have_value("We come today.")
    assert not Message.objects.filter(direction=Direction.OUT, is_recalled=False).exists()


def test_several_are_selected_and_assigned_by_keyboard(desk, records, agent):
    page = desk("/queue/")
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    expect(page.locator("[data-bulk-count]")).to_have_text("2")
    expect(page.locator("summary[data-shortcut=a]")).to_be_visible()
    page.keyboard.press("a")
    page.get_by_role("button", name="Me", exact=True).click()

    expect(page.get_by_text("2 records changed.")).to_be_visible()
    assert Feedback.objects.filter(assignee=agent).count() == 2
    page.keyboard.press("z")
    expect(page.get_by_text("Undone.")).to_be_visible()
    assert Feedback.objects.filter(assignee=agent).count() == 0


def test_enter_in_the_tag_field_adds_the_tag(desk, records):
    page = desk("/queue/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("summary[data-shortcut=t]")).to_be_visible()
    page.keyboard.press("t")
    page.locator("#bulk-tag").fill("leak")
    page.keyboard.press("Enter")

    expect(page.get_by_text("1 record changed.")).to_be_visible()
    assert Feedback.objects.get(tags__name="leak").assignee is None


def test_a_change_in_place_keeps_the_text_and_the_focus(desk, records):
    page = desk(records[0].get_absolute_url())
    page.locator("#composer-text").fill("Half a sentence")
    page.locator("#composer-text").blur()
    page.keyboard.press("s")
    page.locator(".menu[open]").get_by_role("button", name="Resolved").click()

    expect(page.get_by_text("Status changed.")).to_be_visible()
    expect(page.locator("#composer-text")).to_have_value("Half a sentence")
    expect(page.locator("#prop-status")).to_be_focused()
    page.keyboard.press("z")
    expect(page.get_by_text("Undone.")).to_be_visible()
    expect(page.locator("#composer-text")).to_have_value("Half a sentence")
    assert Feedback.objects.get(pk=records[0].pk).state == State.NEW


def test_a_text_comes_back_after_everything(desk, page, records, context, sign_in, agent):
    desk(records[0].get_absolute_url())
    page.keyboard.press("n")
    page.keyboard.type("An hour of careful words")
    page.goto("about:blank")

    desk(records[0].get_absolute_url())
    expect(page.locator("#composer-text")).to_have_value("An hour of careful words")
    expect(page.get_by_text("The customer never sees this")).to_be_visible()
    expect(page.get_by_text("Your unsent text is back.")).to_be_visible()

    # What was sent on leaving has arrived by now, and the page knows it.
    desk(records[0].get_absolute_url())
    expect(page.locator("#composer-text")).to_have_value("An hour of careful words")

    # The session ends while somebody writes.
    context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Add note").click()
    expect(page.get_by_text("Your session has ended")).to_be_visible()
    expect(page.locator("#composer-text")).to_have_value("An hour of careful words")

    page.get_by_role("button", name="Discard it").click()
    sign_in(agent)
    desk(records[0].get_absolute_url())
    expect(page.locator("#composer-text")).to_have_value("")


def test_a_blind_answer_is_held_back_and_files_stay_chosen(
    desk, records, outsider, team, tmp_path
):
    page = desk(records[0].get_absolute_url())
    plan = tmp_path / "plan.txt"
    plan.write_text("the plan")
    page.locator("#composer-text").fill("See the plan")
    page.locator("input[type=file]").set_input_files(plan)
    add_customer_message(records[0].pk, channel=Channel.EMAIL, text="It works again!")

    page.locator("#composer-text").press("Control+Enter")

    expect(page.get_by_text("It works again!")).to_be_visible()
    expect(page.get_by_text("is still here")).to_be_visible()
    expect(page.locator("#composer-text")).to_have_value("See the plan")
    assert OutgoingMessage.objects.count() == 0

    page.get_by_role("button", name="Send it all the same").click()
    expect(page.get_by_text("leaves in")).to_be_visible()
    assert Message.objects.get(direction=Direction.OUT).attachments.get().name == "plan.txt"


def test_a_stale_change_shows_both_versions_and_can_be_made_all_the_same(desk, records, team):
    page = desk(records[0].get_absolute_url())
    page.locator("#composer-text").fill("Half a sentence")
    page.locator("#composer-text").blur()
    set_priority(records[0].pk, by=member(Role.AGENT, team), priority=Priority.HIGH)
    page.keyboard.press("p")
    page.locator(".menu[open]").get_by_role("button", name="Urgent").click()

    conflict = page.locator("#record-conflict")
    expect(conflict).to_contain_text("Somebody else changed this record")
    expect(conflict.locator("tbody")).to_contain_text("High")
    conflict.get_by_role("button", name="Save mine all the same").click()

    expect(page.get_by_text("Priority changed.")).to_be_visible()
    expect(conflict).to_be_empty()
    expect(page.locator("#composer-text")).to_have_value("Half a sentence")
    assert Feedback.objects.get(pk=records[0].pk).priority == Priority.URGENT


def test_a_template_comes_by_two_colons(desk, records):
    ReplyTemplateFactory(shortcut="order", body_zh="订单 {{ order_number }} 已处理")
    ReplyTemplateFactory(shortcut="sorry", body_zh="{{ customer.name }}您好，抱歉。")
    page = desk(records[0].get_absolute_url())
    page.keyboard.press("r")
    page.keyboard.type("::sor")
    expect(page.locator("[data-template]:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    text = page.locator("#composer-text")
    expect(text).to_have_value(f"{records[0].customer.name}您好，抱歉。")

    text.fill("::ord")
    page.keyboard.press("Enter")
    expect(text).to_have_value("订单 {{ order_number }} 已处理")
    expect(page.locator("[data-unfilled]")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#composer-refusal")).to_contain_text("Order number")
    assert OutgoingMessage.objects.count() == 0


def test_a_strangers_mail_is_seen_in_its_frame_and_asks_the_network_for_nothing(
    desk, page, records, agent
):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    rich(records[0], agent)
    desk(records[0].get_absolute_url())
    page.get_by_text("As it was sent").click()

    frame = page.frame_locator("[data-mail-frame]")
    expect(frame.locator("b")).to_have_text("leaks")
    expect(frame.locator("img")).to_have_js_property("naturalWidth", 1)
    assert [url for url in asked if "tracker.example" in url] == []


def test_what_others_do_is_offered_and_does_not_move_the_page(desk, records, team):
    page = desk(records[0].get_absolute_url())
    news = page.locator("#record-news")
    add_note(records[0].pk, by=member(Role.AGENT, team), text="I call him")
    news.dispatch_event("live")

    expect(news).to_contain_text("added a note")
    expect(page.locator("#conversation")).not_to_contain_text("I call him")
    page.get_by_role("link", name="Show").click()
    expect(page.locator("#conversation")).to_contain_text("I call him")


def test_the_queue_offers_what_is_new(desk, records, team):
    page = desk("/queue/")
    FeedbackFactory(team=team, subject="Brand new")
    page.locator("#queue-news").dispatch_event("live")

    page.get_by_role("link", name="1 new – show").click()
    expect(page.get_by_text("Brand new")).to_be_visible()


def test_filters_open_in_place_and_escape_clears_them(desk, records):
    page = desk("/queue/")
    page.keyboard.press("f")
    page.get_by_label("Urgent").check()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator(".chips")).to_contain_text("Urgent")
    page.keyboard.press("Escape")
    expect(page.locator("tbody tr")).to_have_count(3)


def test_a_call_is_written_down(desk, records):
    page = desk("/queue/")
    page.keyboard.press("c")
    page.wait_for_url(f"**{reverse('feedback:new')}*")  # and until its scripts listen
    page.get_by_label("Find a customer").fill(records[0].customer.name)
    page.locator("#matches").get_by_text(records[0].customer.email).click()
    page.get_by_label("What they said").fill("The pump hums all night.")
    page.get_by_role("button", name="Write it down").click()

    expect(page.locator("h1")).to_contain_text("The pump hums all night.")
    assert Feedback.objects.last().customer == records[0].customer


def test_without_scripts_the_desk_still_works(live_server, browser, context, records):
    plain = browser.new_context(java_script_enabled=False, base_url=live_server.url)
    plain.add_cookies(context.cookies())
    page = plain.new_page()
    page.goto("/queue/")
    page.locator("[data-row-check]").first.check()
    page.get_by_role("button", name="Change …").click()
    page.get_by_label("Priority").select_option("1")
    page.get_by_role("button", name="Change", exact=True).click()
    expect(page.get_by_text("1 record changed.")).to_be_visible()

    page.goto(records[0].get_absolute_url())
    page.locator("#prop-priority").click()
    page.locator(".menu[open]").get_by_role("link", name="Change").click()
    page.get_by_role("button", name="Urgent").click()
    expect(page.locator("#prop-priority")).to_contain_text("Urgent")
    page.locator("#composer-text").fill("Hello from no script")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("on its way")).to_be_visible()
    plain.close()
