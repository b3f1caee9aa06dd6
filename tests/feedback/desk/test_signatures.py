"""What stands below an answer: the signature, and what went before."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import ContactKind
from accounts.models import ContactPoint, Membership
from accounts.outbox.mime import compose
from feedback.channels.email.visible_reply import visible_reply
from feedback.enums import Channel, Direction, Quoting
from feedback.models import Message, Signature
from feedback.rules.quoting import CHARACTERS, MESSAGES, TOGETHER, Quoted, bounded
from feedback.services.attachments import IncomingFile
from feedback.services.conversation import add_customer_message
from feedback.services.merging import merge_feedback
from feedback.services.replies import add_note, recall_reply, send_reply
from feedback.services.reply_templates import VariablesUnknown
from feedback.services.scheduling import schedule_reply, send_scheduled_now
from feedback.services.signatures import save_signature
from tests.api.conftest import ApiClient
from tests.factories import CustomerFactory, FeedbackFactory, MailboxFactory

pytestmark = pytest.mark.django_db
MINE = reverse("feedback:signatures")


@pytest.fixture
def record(team):
    return FeedbackFactory(team=team, text="换了滤芯以后一直漏水。")


def test_ones_own_signature_beats_the_teams_and_the_language_is_the_records(agent, team, record):
    answer = send_reply(record.pk, by=agent, text="a")
    assert (answer.signature, answer.outgoing.body_text) == ("", "a")

    save_signature(team=team, body_zh="{{ team.name }}", body_en="We")
    assert send_reply(record.pk, by=agent, text="b").signature == team.name_zh

    save_signature(user=agent, body_zh="", body_en="{{ agent.name }}[[, {{ product.name }}]]")
    answer = send_reply(record.pk, by=agent, text="c")
    assert (answer.text, answer.signature) == ("c", agent.name)
    assert answer.outgoing.body_text == f"c\n\n-- \n{agent.name}"
    assert send_reply(record.pk, by=agent, text="d", is_signed=False).signature == ""
    # Taken back, the text comes without it: it is put below again when it goes.
    recall_reply(answer.pk, by=agent)
    assert record.drafts.get().text == "c"


def test_in_a_record_without_a_team_nobody_elses_signature_is_taken(agent, outsider):
    save_signature(user=outsider, body_zh="他", body_en="They")

    assert send_reply(FeedbackFactory().pk, by=agent, text="x").signature == ""


def test_it_is_shown_below_the_editor_and_left_out_of_one_answer(agent, agent_client, record):
    save_signature(user=agent, body_zh="王敏 敬上", body_en="")
    page = agent_client.get(record.get_absolute_url()).content.decode()
    assert "王敏 敬上" in page
    write = {"text": "x", "do": "send", "signature_shown": "1"}
    address = reverse("feedback:compose", args=[record.number])

    agent_client.post(address, write)
    agent_client.post(address, write | {"signed": "on"})

    sent = Message.objects.filter(direction=Direction.OUT).order_by("pk")
    assert [one.signature for one in sent] == ["", "王敏 敬上"]
    assert "王敏 敬上" in agent_client.get(record.get_absolute_url()).content.decode()


def test_a_scheduled_answer_remembers_whether_it_is_signed(agent, record):
    save_signature(user=agent, body_zh="敬上", body_en="")
    later = timezone.now() + timedelta(days=1)

    for is_signed in (True, False):
        draft = schedule_reply(record.pk, by=agent, text="x", send_at=later, is_signed=is_signed)
        assert send_scheduled_now(draft.pk, by=agent).signature == ("敬上" if is_signed else "")


def test_people_write_their_own_and_leads_their_teams(agent, agent_client, outsider_client, team):
    typed = {"body_zh": "{{ agent.name }}", "body_en": ""}
    assert agent_client.post(MINE, typed).status_code == 302
    assert Signature.objects.get(user=agent).body_zh == "{{ agent.name }}"
    wrong = agent_client.post(MINE, {"body_zh": "{{ agent.nmae }}", "body_en": "x"})
    assert (wrong.status_code, "agent.nmae" in wrong.content.decode()) == (422, True)
    with pytest.raises(VariablesUnknown):
        save_signature(user=agent, body_zh="{{ password }}", body_en="")

    ours = reverse("feedback:team_signature", args=[team.pk])
    assert agent_client.get(ours).status_code == 404
    Membership.objects.filter(user=agent).update(is_lead=True)
    assert agent_client.post(ours, typed).status_code == 302
    assert outsider_client.get(ours).status_code == 404
    agent_client.post(MINE, {"body_zh": " ", "body_en": ""})
    assert not Signature.objects.filter(user=agent).exists()


def test_a_program_reads_and_writes_signatures(agent, team):
    api = ApiClient(agent, ["feedback:read", "feedback:write"])

    assert api.get("signatures/mine/").json() == {"body_zh": "", "body_en": ""}
    written = api.send("PUT", "signatures/mine/", {"body_en": "Li"})
    assert written.json() == {"body_zh": "", "body_en": "Li"}
    assert api.get(f"signatures/{team.pk}/").status_code == 404
    assert api.get("signatures/other/").status_code == 404


@pytest.fixture
def conversation(agent, record):
    """A customer's message, ours, a note, an automatic reply, a third party's, a recalled one."""
    send_reply(record.pk, by=agent, text="FIRST ANSWER", files=[IncomingFile("a.txt", b"x")])
    add_note(record.pk, by=agent, text="NOTE: never tell them")
    for text, more in [
        ("AUTOMATIC", {"is_automatic": True}),
        ("THIRD", {"is_third_party": True}),
    ]:
        Message.objects.create(
            feedback=record, direction=Direction.IN, channel=Channel.EMAIL, text=text, **more
        )
    add_customer_message(record.pk, channel=Channel.EMAIL, text="SECOND & <b>LETTER</b>")
    recall_reply(send_reply(record.pk, by=agent, text="RECALLED").pk, by=agent)
    return record


def quoting(policy):
    return MailboxFactory(quoting=policy)


@pytest.mark.parametrize(
    ("policy", "quoted"),
    [
        (Quoting.NONE, []),
        (Quoting.LAST, ["SECOND & <b>LETTER</b>"]),
        (Quoting.ALL, ["SECOND & <b>LETTER</b>", "FIRST ANSWER", "换了滤芯以后一直漏水。"]),
    ],
)
def test_below_an_answer_stands_what_the_mailbox_says_and_never_a_note(
    agent, conversation, policy, quoted
):
    """T86: notes, automatic mail, other people's words and what was taken back never leave."""
    quoting(policy)

    mail = send_reply(conversation.pk, by=agent, text="THIRD ANSWER").outgoing

    lines = [line.removeprefix("> ") for line in mail.body_text.splitlines() if line[:1] == ">"]
    assert lines == quoted
    for words in ("NOTE", "AUTOMATIC", "RECALLED", "THIRD\n"):
        assert words not in mail.body_text + mail.body_html
    parsed = message_from_bytes(compose(mail), policy=default)
    if not quoted:
        assert parsed.get_content_type() == "text/plain"
        return
    html = parsed.get_body(["html"]).get_content()
    assert html.count("<blockquote>") == len(quoted)
    assert "SECOND &amp; &lt;b&gt;LETTER&lt;/b&gt;" in html
    assert list(parsed.iter_attachments()) == []  # what was attached before is not sent again
    assert quoted[0] in parsed.get_body(["plain"]).get_content()


def test_after_a_merge_no_customer_reads_what_another_one_wrote(agent, team, record):
    """T86: neither through the record that was merged, nor through a foreign address."""
    quoting(Quoting.ALL)
    other = FeedbackFactory(team=team, customer=CustomerFactory(), text="SOMEBODY ELSE'S WORDS")
    merge_feedback(other.pk, into_id=record.pk, by=agent, customers_may_differ=True)
    add_customer_message(
        record.pk, channel=Channel.EMAIL, text="FROM ELSEWHERE", sender_address="x@example.net"
    )
    ContactPoint.objects.create(
        customer=record.customer, kind=ContactKind.EMAIL, value="second@example.org"
    )
    add_customer_message(
        record.pk, channel=Channel.EMAIL, text="MY OTHER ADDRESS",
        sender_address="Second@example.org",
    )  # fmt: skip

    mail = send_reply(record.pk, by=agent, text="x").outgoing

    for words in ("SOMEBODY", "ELSEWHERE"):
        assert words not in mail.body_text + mail.body_html
    assert "> MY OTHER ADDRESS" in mail.body_text


def test_what_is_quoted_is_bounded():
    many = [Quoted("on", "漏" * 10 * CHARACTERS) for _ in range(3 * MESSAGES)]

    kept = bounded(many)

    assert len(kept) <= MESSAGES
    assert sum(len(one.text) for one in kept) <= TOGETHER + len(kept)
    assert kept[0].text == "漏" * CHARACTERS + "…"
    assert len(bounded([Quoted("on", "x")] * 50)) == MESSAGES


def test_an_answer_with_quotes_comes_back_without_them(agent, conversation):
    """What a customer's program sends back below their answer is recognised as ours."""
    quoting(Quoting.ALL)
    mail = send_reply(conversation.pk, by=agent, text="THIRD ANSWER").outgoing
    _answer, _, rest = mail.body_text.partition("\n\n")

    assert visible_reply(f"谢谢！\n\n{rest}").strip() == "谢谢！"
