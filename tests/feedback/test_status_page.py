"""What a customer sees and does through the link in the acknowledgement."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import OutgoingMessage
from feedback.enums import Channel, State
from feedback.forms import public
from feedback.models import Feedback, Message, Status
from feedback.services.attachments import IncomingFile
from feedback.services.conversation import add_customer_message
from feedback.services.replies import add_note, send_reply
from feedback.services.workflow import change_status, resolve_feedback
from tests.factories import FeedbackFactory, UserFactory
from tests.support.tables import everything_stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def visitor():
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def feedback(db):
    return FeedbackFactory()


@pytest.fixture
def stamp(clock):
    made = public.new_stamp()
    clock.shift(timedelta(minutes=1))
    return made


def link(feedback, rest=""):
    return f"/s/{feedback.status_token}/{rest}"


def move(feedback, state):
    change_status(feedback.pk, status=Status.objects.default_for(state), by=UserFactory())


def test_the_link_shows_what_was_said_but_no_notes(visitor, feedback):
    send_reply(feedback.pk, by=UserFactory(), text="师傅明天上门")
    add_note(feedback.pk, by=UserFactory(), text="难缠的客户")

    page = visitor.get(link(feedback)).content.decode()

    assert "换了滤芯以后一直漏水。" in page
    assert "师傅明天上门" in page
    assert "难缠的客户" not in page


@pytest.mark.parametrize(
    "token",
    ["", "1001", "1001-", "x-y", "²-1", "99999999999999999999-a", "{number}-" + "0" * 20],
)
def test_without_the_true_signature_there_is_nothing_to_see(visitor, feedback, token):
    assert visitor.get(f"/s/{token.format(number=feedback.number)}/").status_code == 404


def test_an_old_link_stops_working_when_the_link_is_renewed(visitor, feedback):
    old = link(feedback)
    Feedback.objects.filter(pk=feedback.pk).update(link_epoch=2)

    assert visitor.get(old).status_code == 404


def test_an_answer_is_filed_once_and_makes_it_our_turn(visitor, feedback, stamp):
    move(feedback, State.WAITING_CUSTOMER)

    for _ in range(2):
        visitor.post(link(feedback), {"text": "型号是 X3", "stamp": stamp})

    feedback.refresh_from_db()
    assert feedback.messages.filter(text="型号是 X3").count() == 1
    assert feedback.state == State.OPEN


def test_the_same_answer_sent_again_does_not_count_against_the_limit(
    visitor, feedback, stamp, monkeypatch
):
    monkeypatch.setattr("feedback.views.status_page.PER_HOUR", 1)
    cache.clear()
    answer = {"text": "型号是 X3", "stamp": stamp}

    statuses = [visitor.post(link(feedback), answer).status_code for _ in range(3)]

    assert statuses == [302, 302, 302]
    assert feedback.messages.filter(text="型号是 X3").count() == 1


def test_an_answer_to_something_settled_opens_it_again(visitor, feedback, stamp):
    resolve_feedback(feedback.pk, by=UserFactory())

    visitor.post(link(feedback), {"text": "又漏了", "stamp": stamp})

    feedback.refresh_from_db()
    assert feedback.state == State.OPEN
    assert feedback.reopened_count == 1


def test_an_answer_to_a_closed_matter_begins_a_new_one_and_shows_its_page(
    visitor, feedback, stamp
):
    move(feedback, State.CLOSED)
    said = {"text": "还有一个问题", "stamp": stamp}

    response = visitor.post(link(feedback), said, follow=True)
    visitor.post(link(feedback), said)  # pressed twice: still one

    later = Message.objects.get(text="还有一个问题").feedback
    assert later.follow_up_of == feedback
    assert f"#{later.number}" in response.content.decode()
    assert OutgoingMessage.objects.filter(dedupe_key=f"ack:{later.pk}").count() == 1


def test_an_empty_answer_is_named(visitor, feedback, stamp):
    assert visitor.post(link(feedback), {"text": " ", "stamp": stamp}).status_code == 422


def test_the_customer_can_say_that_it_is_settled(visitor, feedback):
    visitor.post(link(feedback, "close/"))

    feedback.refresh_from_db()
    assert feedback.state == State.RESOLVED


# T82
def test_opening_links_changes_nothing(visitor, feedback):
    before = everything_stored()

    for ask in (visitor.get, visitor.head):
        assert ask(link(feedback)).status_code == 200
        assert ask(f"/write/thanks/{feedback.status_token}/").status_code == 200
        assert ask(link(feedback, "close/")).status_code == 405

    assert everything_stored() == before


# A02, A03, T75
def test_files_open_by_the_same_link_only(visitor, feedback):
    message = add_customer_message(
        feedback.pk,
        channel=Channel.WEB_FORM,
        text="see picture",
        files=[IncomingFile("a.svg", b"<svg onload='alert(1)'/>")],
    )
    attachment = message.attachments.get()
    other = FeedbackFactory()

    response = visitor.get(link(feedback, f"files/{attachment.key}/"))

    assert response.getvalue() == b"<svg onload='alert(1)'/>"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Type"] == "application/octet-stream"
    assert "sandbox" in response["Content-Security-Policy"]
    assert visitor.get(link(other, f"files/{attachment.key}/")).status_code == 404


def test_a_file_of_a_note_does_not_open(visitor, feedback):
    note = add_note(
        feedback.pk, by=UserFactory(), text="intern", files=[IncomingFile("x.txt", b"secret")]
    )

    assert visitor.get(link(feedback, f"files/{note.attachments.get().key}/")).status_code == 404


def test_the_page_is_not_stored_and_tells_no_other_site_where_we_were(visitor, feedback):
    response = visitor.get(link(feedback))

    assert "no-store" in response["Cache-Control"]
    # Other sites see no trace of the link that opens the page.
    assert response["Referrer-Policy"] in {"same-origin", "no-referrer"}


def test_a_hidden_step_shows_the_customer_only_that_it_goes_on(visitor, feedback):
    Status.objects.filter(state=State.WAITING_THIRD).update(
        customer_label_zh="", customer_label_en=""
    )
    move(feedback, State.WAITING_THIRD)

    page = visitor.get(link(feedback), headers={"Accept-Language": "en"}).content.decode()

    assert "third party" not in page
    assert "In progress" in page


def test_a_merged_record_leads_on_for_its_own_customer_only(visitor, feedback):
    same = FeedbackFactory(customer=feedback.customer, subject="the other matter")
    foreign = FeedbackFactory(subject="somebody else's matter")
    Feedback.objects.filter(pk=feedback.pk).update(merged_into=same)
    assert "the other matter" in visitor.get(link(feedback), follow=True).content.decode()

    Feedback.objects.filter(pk=feedback.pk).update(merged_into=foreign)
    assert "somebody else" not in visitor.get(link(feedback), follow=True).content.decode()
