"""The whole loop in a browser, with real mail in and out: a customer writes, hears from us,
answers by mail, is helped, is asked how it went, and the dashboard moves."""

import itertools
import re
from datetime import timedelta
from email.message import EmailMessage

import pytest
from django.utils import timezone

from accounts.enums import Role
from accounts.models import OutgoingMessage
from accounts.tasks import send_due_mail
from feedback.channels.email.imap import poll_mailbox
from feedback.enums import State
from feedback.models import Feedback
from surveys.models import Collector, Invitation, Response
from surveys.tasks import send_due_invitations
from tests.conftest import member
from tests.e2e.conftest import stumbling_blocks
from tests.factories import MailboxFactory, ReplyTemplateFactory, TeamFactory
from tests.support import dovecot
from tests.support.jobs import run_queued_jobs

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(dovecot.BINARY is None, reason=dovecot.MISSING),
]

CUSTOMER = "han@example.org"
SAID = {
    "zh": {
        "problem": "换了滤芯以后一直漏水，厨房都湿了。",
        "answer": "韩梅梅您好，我们明天上午派师傅上门。",
        "mail": "好的，我明天上午在家。",
        "praise": "师傅很专业，谢谢！",
    },
    "en": {
        "problem": "It leaks since I changed the filter; the kitchen is wet.",
        "answer": "Dear Han, our fitter comes tomorrow morning.",
        "mail": "Fine, I shall be at home.",
        "praise": "The fitter knew his trade, thank you!",
    },
}


@pytest.fixture
def browser_context_args(browser_context_args, language, live_server):
    locale = "zh-CN" if language == "zh" else "en-GB"
    return {**browser_context_args, "base_url": live_server.url, "locale": locale}


@pytest.fixture(scope="module")
def imap_port():
    with dovecot.imap_server() as port:
        yield port


@pytest.fixture
def company(live_server, settings, smtp_server, imap_port, language, monkeypatch):
    """A team with an agent and a mailbox; mail leaves at once, the survey asks at once."""
    settings.SITE_URL = live_server.url
    settings.RECALL_SECONDS = 0
    # The browser fills in a form faster than any person.
    monkeypatch.setattr("feedback.forms.public.TOO_QUICK", timedelta(0))
    team = TeamFactory(name_zh="售后组", name_en="After-sales")
    agent = member(Role.AGENT, team)
    agent.set_password("open sesame please")
    agent.save()
    member(Role.LEAD, team)
    ReplyTemplateFactory(shortcut="sorry")
    Collector.objects.update(delay=timedelta(0))
    MailboxFactory(
        address="help@huiyin.test",
        team=team,
        imap_host="127.0.0.1",
        imap_port=imap_port,
        imap_tls=False,
        username=f"help-{language}",
        password="secret",
    )
    return agent


@pytest.fixture
def assert_accessible(language):
    """One theme after the other from page to page, and in the other language the other one:
    both walks together see every page in both."""
    schemes = itertools.cycle(("light", "dark") if language == "zh" else ("dark", "light"))

    def accessible(page):
        scheme = next(schemes)
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        assert stumbling_blocks(page) == [], f"{page.url} ({scheme})"

    return accessible


def work():
    """What the worker does, until nothing is left to do."""
    for _ in range(5):
        run_queued_jobs()
        send_due_mail()
    run_queued_jobs()


def last_mail_to(smtp_server, address):
    return smtp_server.takes(address)[-1].mail


def link_in(mail, what):
    text = mail.get_body(("plain",)).get_content()
    return re.search(rf"https?://\S+/{what}/\S+", text).group(0)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_loop(  # noqa: PLR0915 - one story
    page, company, smtp_server, imap_port, language, assert_accessible
):
    said = SAID[language]

    # A customer writes and is told that it arrived.
    page.goto("/write/")
    assert_accessible(page)
    page.locator("[name=category]").first.check()
    page.fill("[name=text]", said["problem"])
    page.fill("[name=name]", "韩梅梅")
    page.fill("[name=email]", CUSTOMER)
    page.click("main form [type=submit]")
    page.wait_for_url("**/write/thanks/**")
    assert_accessible(page)
    feedback = Feedback.objects.get()
    assert f"#{feedback.number}" in page.inner_text("main")
    work()
    acknowledgement = last_mail_to(smtp_server, CUSTOMER)
    assert acknowledgement["Auto-Submitted"] == "auto-replied"
    page.goto(link_in(acknowledgement, "s"))
    assert said["problem"] in page.inner_text("main")
    assert_accessible(page)

    # An agent finds it in the queue and answers.
    page.goto("/account/login/")
    assert_accessible(page)
    page.fill("[name=login]", company.email)
    page.fill("[name=password]", "open sesame please")
    page.click("main form [type=submit], form.form-login [type=submit]")
    page.goto("/queue/")
    assert_accessible(page)
    page.click(f"a[href*='/feedback/{feedback.number}/']")
    page.wait_for_url(f"**/feedback/{feedback.number}/**")
    assert_accessible(page)
    page.fill("#composer-text", said["answer"])
    page.click("#composer [name=do][value=send]")
    page.wait_for_function("() => !document.querySelector('#composer-text')?.value")
    work()
    answer = last_mail_to(smtp_server, CUSTOMER)
    assert said["answer"] in answer.get_body(("plain",)).get_content()
    assert answer["In-Reply-To"] is None or answer["References"]

    # The customer answers by mail; it lands in the record.
    reply = EmailMessage()
    reply["From"], reply["To"] = CUSTOMER, "help@huiyin.test"
    reply["Subject"] = f"Re: {answer['Subject']}"
    reply["Message-ID"] = f"<reply-{language}@example.org>"
    reply["In-Reply-To"] = answer["Message-ID"]
    reply.set_content(said["mail"])
    dovecot.deliver(imap_port, f"help-{language}", reply.as_bytes())
    mailbox = MailboxFactory._meta.model.objects.get()
    # A busy server may refuse once; the schedule would simply come again.
    assert any(poll_mailbox(mailbox.pk) for _ in range(5)), mailbox.last_error
    work()
    page.goto(f"/feedback/{feedback.number}/")
    assert said["mail"] in page.inner_text("main")

    # It is solved, and the customer is asked.
    page.fill("#composer-text", said["answer"])
    page.click("#composer .btn-split summary")
    page.click("#composer [name=do][value=resolve]")
    page.wait_for_function("() => !document.querySelector('#composer-text')?.value")
    feedback.refresh_from_db()
    assert feedback.state == State.RESOLVED
    work()
    Invitation.objects.update(send_at=timezone.now())
    send_due_invitations()
    work()
    invitation = last_mail_to(smtp_server, CUSTOMER)
    assert "List-Unsubscribe" in invitation
    page.goto(link_in(invitation, "a"))
    assert_accessible(page)
    for dimension in ("overall", "functional", "service", "emotional"):
        page.locator(f"label:has([name={dimension}][value='5'])").first.click()
    page.locator("label:has([name=solved])").first.click()
    page.fill("[name=comment]", said["praise"])
    page.click("#answers [type=submit]")
    page.wait_for_load_state()
    assert_accessible(page)
    assert Response.objects.complete().count() == 1
    work()
    feedback.refresh_from_db()
    assert feedback.satisfaction == 5

    # And the dashboard shows it.
    page.goto("/")
    assert "100" in page.inner_text("main")
    assert_accessible(page)
    assert OutgoingMessage.objects.exclude(state="sent").count() == 0
