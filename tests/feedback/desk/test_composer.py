"""Writing: answers, notes, templates; what is refused keeps the text; what left can come back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import AfterReply, OutgoingState
from accounts.models import ContactPoint, OutgoingMessage
from feedback.enums import Channel, Direction, State
from feedback.models import Attachment, Feedback, Message, ReplyTemplate, Upload
from feedback.services.attachments import IncomingFile
from feedback.services.conversation import add_customer_message
from feedback.services.details import set_priority
from feedback.services.drafts import keep_files
from feedback.services.replies import send_reply
from feedback.services.reply_templates import remove_template
from tests.factories import FeedbackFactory, ReplyTemplateFactory

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def record(team):
    return FeedbackFactory(team=team)


def url_of(feedback):
    return reverse("feedback:compose", args=[feedback.number])


def writing(feedback, text, do="send", **more):
    now = Feedback.objects.get(pk=feedback.pk)
    last = now.timeline.last()
    return {"text": text, "do": do, "version": now.version, "seen": last.pk} | more


@pytest.mark.parametrize(
    ("do", "state"),
    [("send", State.OPEN), ("wait", State.WAITING_CUSTOMER), ("resolve", State.RESOLVED)],
)
def test_an_answer_goes_out_and_moves_the_record(agent_client, agent, record, do, state):
    response = agent_client.post(url_of(record), writing(record, "We come today.", do))

    assert response.status_code == 302
    record.refresh_from_db()
    assert record.state == state
    message = record.messages.get(direction=Direction.OUT)
    assert (message.text, message.author) == ("We come today.", agent)
    assert message.outgoing.to_address == record.customer.email


def test_a_note_stays_inside(agent_client, record):
    response = agent_client.post(url_of(record), writing(record, "Careful", "note"), follow=True)

    assert "Note added." in response.content.decode()
    assert record.messages.get(direction=Direction.NOTE).text == "Careful"
    assert OutgoingMessage.objects.count() == 0


# T88
@pytest.mark.parametrize(
    ("do", "direction"), [("note", Direction.NOTE), ("resolve", Direction.OUT)]
)
def test_what_is_sent_twice_by_a_double_click_is_there_once(agent_client, record, do, direction):
    page = writing(record, "Careful", do)

    answers = [agent_client.post(url_of(record), page) for _ in range(2)]

    assert [one.status_code for one in answers] == [302, 302]
    assert record.messages.filter(direction=direction).count() == 1
    assert OutgoingMessage.objects.count() == (do != "note")


def test_the_same_words_written_again_later_are_another_note(agent_client, record):
    for _ in range(2):
        agent_client.post(url_of(record), writing(record, "Nobody there", "note"))

    assert record.messages.filter(direction=Direction.NOTE).count() == 2


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("text", "words"),
    [("  ", "Write something first"), ("Dear {{ customer.nmae }}", "customer.nmae")],
)
def test_a_refused_answer_says_why_and_keeps_the_text(agent_client, record, text, words, headers):
    response = agent_client.post(url_of(record), writing(record, text), headers=headers)

    assert response.status_code == 422
    page = response.content.decode()
    assert words in page
    if not headers:
        assert f">{text}</textarea>" in page
    assert OutgoingMessage.objects.count() == 0


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_blind_answer_is_held_back_once(agent_client, outsider, record, headers):
    data = writing(record, "We come today.")
    add_customer_message(record.pk, channel=Channel.EMAIL, text="Forget it, it works again")

    response = agent_client.post(url_of(record), data, headers=headers)

    assert response.status_code == 409
    page = response.content.decode()
    assert "Your text has not been sent and is still here" in page
    assert "Forget it, it works again" in page
    assert f'name="version" value="{data["version"] + 1}"' in page
    assert OutgoingMessage.objects.count() == 0
    if not headers:
        assert ">We come today.</textarea>" in page

    sent = agent_client.post(url_of(record), writing(record, "We come today."), headers=headers)
    assert sent.status_code in {200, 302}
    assert OutgoingMessage.objects.count() == 1


def test_a_note_is_never_held_back(agent_client, outsider, record):
    data = writing(record, "Careful", "note")
    set_priority(record.pk, by=outsider, priority=4)

    assert agent_client.post(url_of(record), data).status_code == 302


def test_files_go_with_the_answer(agent_client, record):
    files = [SimpleUploadedFile("plan.pdf", b"%PDF-1.4"), SimpleUploadedFile("a.txt", b"hello")]

    agent_client.post(url_of(record), writing(record, "See the plan", files=files))

    assert sorted(Attachment.objects.values_list("name", flat=True)) == ["a.txt", "plan.pdf"]
    assert len(OutgoingMessage.objects.get().attachments) == 2


def test_a_file_that_is_too_big_is_refused(agent_client, record, monkeypatch):
    monkeypatch.setattr("feedback.forms.public.MAX_BYTES", 3)
    data = writing(record, "See", files=[SimpleUploadedFile("a.txt", b"hello")])

    response = agent_client.post(url_of(record), data)

    assert response.status_code == 422
    page = response.content.decode()
    assert "a.txt" in page
    assert "Please choose your files again" in page


@pytest.mark.parametrize(
    ("where", "goes_to"),
    [
        (AfterReply.STAY, "/feedback/{first}/?list=view%3Dopen&at=1"),
        (AfterReply.NEXT, "/feedback/{second}/?list=view%3Dopen&at=1"),
        (AfterReply.LIST, "/queue/?view=open"),
    ],
)
def test_after_an_answer_one_goes_where_one_chose(agent_client, agent, team, where, goes_to):
    agent.after_reply = where
    agent.save(update_fields=["after_reply"])
    first, second = sorted(
        FeedbackFactory.create_batch(2, team=team), key=lambda one: one.reply_due_at
    )
    data = writing(first, "Done", "resolve", list="view=open", at="1")
    wanted = goes_to.format(first=first.number, second=second.number)

    response = agent_client.post(url_of(first), data)
    assert response.url == wanted
    assert "1 of 1" in agent_client.get(wanted).content.decode() or where == AfterReply.LIST


def test_htmx_is_told_where_to_go(agent_client, record):
    response = agent_client.post(url_of(record), writing(record, "Hello"), headers=HTMX)

    assert response.headers["HX-Redirect"] == record.get_absolute_url()


def test_a_recalled_answer_comes_back_into_the_editor_with_its_files(
    agent_client, record, settings
):
    settings.RECALL_SECONDS = 60
    files = [SimpleUploadedFile("plan.txt", b"the plan")]
    agent_client.post(url_of(record), writing(record, "Too early", files=files))
    message = record.messages.get(direction=Direction.OUT)
    recall = reverse("feedback:recall", args=[record.number, message.pk])

    page = agent_client.post(recall, follow=True).content.decode()

    assert ">Too early</textarea>" in page
    assert "taken back" in page
    key = str(Upload.objects.get(draft__feedback=record).key)
    assert f'name="again" value="{key}" checked' in page
    assert message.outgoing.__class__.objects.get().state == OutgoingState.CANCELLED

    agent_client.post(url_of(record), writing(record, "Now", again=[key]))
    sent = record.messages.get(direction=Direction.OUT, is_recalled=False)
    with sent.attachments.get().file.open("rb") as file:
        assert file.read() == b"the plan"


def test_an_answer_that_left_cannot_be_recalled(agent_client, agent, record):
    message = send_reply(record.pk, by=agent, text="Gone")
    OutgoingMessage.objects.update(state=OutgoingState.SENDING, lease_until="2026-11-22T00:00Z")
    recall = reverse("feedback:recall", args=[record.number, message.pk])

    page = agent_client.post(recall, follow=True).content.decode()

    assert "already on its way" in page
    assert not Message.objects.get(pk=message.pk).is_recalled


def test_files_of_other_texts_are_not_sent(agent_client, agent, outsider, record):
    other = FeedbackFactory(team=record.team)
    for one, by in ((other, agent), (record, outsider)):
        keep_files(one.pk, by=by, files=[IncomingFile("secret.txt", b"secret")])
    keys = [str(one.key) for one in Upload.objects.all()]

    response = agent_client.post(url_of(record), writing(record, "Hello", again=keys))

    assert response.status_code == 422
    assert not Attachment.objects.exists()


def test_templates_read_as_the_customer_will_read_them(agent_client, record, team):
    ReplyTemplateFactory(shortcut="sorry", body_zh="{{ customer.name }}您好：{{ status_link }}")
    ReplyTemplateFactory(shortcut="order", body_zh="订单 {{ order_number }}")
    url = reverse("feedback:templates", args=[record.number])

    text = agent_client.get(url, headers=HTMX).content.decode()

    assert f"{record.customer.name}您好：" in text
    assert record.status_token in text
    assert "To fill in: Order number" in text
    assert "::sorry" in text
    assert "::received" not in text  # that one went out by itself
    assert "::sorry" in agent_client.get(url).content.decode()
    assert "::order" not in agent_client.get(url, {"q": "sorry"}).content.decode()


def test_a_template_fills_the_editor_without_a_script(agent_client, record):
    template = ReplyTemplateFactory()

    page = agent_client.get(record.get_absolute_url(), {"template": template.pk}).content.decode()

    assert f">{record.customer.name}您好，非常抱歉。</textarea>" in page


def test_without_an_address_there_is_only_the_note(agent_client, record):
    ContactPoint.objects.filter(customer=record.customer).delete()

    page = agent_client.get(record.get_absolute_url()).content.decode()

    assert "This customer has no e-mail address. Call them, and note what was said." in page
    assert 'value="resolve"' not in page.split('id="composer"')[1].split("</form>")[0]
    response = agent_client.post(url_of(record), writing(record, "Hello"))
    assert response.status_code == 422


def test_a_session_that_ended_gives_the_text_back(client, record):
    response = client.post(url_of(record), writing(record, "An hour of careful words."))

    assert response.status_code == 401
    assert "An hour of careful words." in response.content.decode()


def test_how_often_a_template_was_used_is_counted(agent_client, record):
    template = ReplyTemplateFactory()

    page = agent_client.get(record.get_absolute_url(), {"template": template.pk}).content.decode()
    assert f'name="template" value="{template.pk}"' in page
    agent_client.post(url_of(record), writing(record, "Sorry", template=[template.pk]))

    assert ReplyTemplate.objects.with_usage().get(pk=template.pk).used == 1
    assert not remove_template(template)  # archived: what was written from it is counted
