"""What comes in is read at once: the record gets what it lacks, each text keeps what was found."""

from datetime import timedelta

import numpy as np
import pytest
from django.utils import timezone

from analytics.enums import ModelState, TextTask
from analytics.models import ReadingProgress, TextModel, TextReading
from analytics.rules.labels import label_of
from analytics.selectors import lessons, near_duplicates
from analytics.services import concluding, reading
from analytics.services.readers import current_reader
from analytics.services.reading import read_feedback, read_message, read_response
from analytics.services.reading_backlog import read_backlog
from analytics.tasks import read_new_feedback
from analytics.text.comparison import is_frozen
from config.kernel.text.model import Model, part
from config.kernel.text.model_file import packed
from config.kernel.text.similarity import fingerprint
from config.kernel.text.similarity import packed as packed_print
from feedback.enums import Channel, Doubt, Mood, State, TimelineKind
from feedback.models import Assessment, Category, Feedback, Message, NearDuplicate, Status
from feedback.services.anonymising import anonymise_record
from feedback.services.assessing import wait_for_reading
from feedback.services.conversation import add_customer_message
from feedback.services.workflow import change_status
from surveys.models import Response
from surveys.services.answering import submit_response
from surveys.services.correcting import correct_response
from tests.factories import FeedbackFactory
from tests.factories.surveys import call_back_survey, open_link
from tests.support.jobs import run_queued_jobs

pytestmark = pytest.mark.django_db

LEAK = "净水器装好第三天就漏水，太让人失望了！我的电话是 13812345678，请马上退款。"


@pytest.fixture(autouse=True)
def _nothing_is_remembered():
    near_duplicates.forget()
    yield
    near_duplicates.forget()


@pytest.fixture
def refund(db):
    return Category.objects.get(code="service-refund")


@pytest.fixture
def delivery(db):
    return Category.objects.get(code="service-delivery")


def at_work(refund, delivery, threshold=0.9):
    """A model that knows one word of each category."""
    weights = [[9.0, -9.0], [-9.0, 9.0]]
    knows = part(["退款", "快递"], [1.0, 1.0], weights)
    labels = (label_of(refund.pk), label_of(delivery.pk))
    numbers, description = packed(Model(labels, (knows,), bias=np.zeros(2, np.float32)))
    return TextModel.objects.create(
        task=TextTask.CATEGORY, version=1, state=ModelState.LIVE, file=numbers,
        description=description, digest=description["sha256"], threshold=threshold,
    )  # fmt: skip


def arrived(text, **more):
    feedback = FeedbackFactory(text=text, category=None, **more)
    run_queued_jobs()
    feedback.refresh_from_db()
    return feedback


def test_feedback_is_read_before_it_is_routed(refund, delivery):
    at_work(refund, delivery)
    feedback = arrived(LEAK)
    kinds = [one.kind for one in feedback.timeline.order_by("pk")]
    assert kinds.index(TimelineKind.ASSESSED) < kinds.index(TimelineKind.ROUTED)
    assert feedback.category == refund
    assert feedback.sentiment < 0


def test_a_text_keeps_what_was_found_and_no_personal_data():
    feedback = arrived(LEAK)
    read = TextReading.objects.get(feedback=feedback)
    assert (read.mood, read.language) == (Mood.NEGATIVE, "zh")
    assert "退款" in read.words
    assert not any("1381" in word for word in read.words)
    kind, start, end = read.personal[0]
    assert (kind, LEAK[start:end]) == ("phone", "13812345678")
    assert Assessment.objects.get(pk=feedback.pk).personal == {"phone": 1}


def test_what_the_model_is_not_sure_of_waits_for_people(refund, delivery):
    at_work(refund, delivery, threshold=1.1)
    feedback = arrived(LEAK)
    assert feedback.category is None
    assert [one.doubt for one in Assessment.objects.to_review()] == [Doubt.CATEGORY]
    assert Assessment.objects.get(pk=feedback.pk).alternatives[0][0] == refund.pk


def test_without_any_model_the_words_tell_the_mood():
    feedback = arrived("The courier was friendly and everything works great, thank you!")
    assert Assessment.objects.get(pk=feedback.pk).mood == Mood.POSITIVE
    assert feedback.category is None


def test_nearly_the_same_is_found_among_what_came_before():
    first = arrived(LEAK)
    second = arrived(LEAK.replace("第三天", "第二天"))
    pair = NearDuplicate.objects.get()
    assert (pair.feedback, pair.earlier) == (second, first)
    assert pair.similarity > 0.9


def test_a_record_that_became_known_after_a_later_one_is_found():
    marks = packed_print(fingerprint(LEAK))
    late, later, last = (FeedbackFactory(text=LEAK) for _time in range(3))
    for feedback, known in ((later, [later]), (late, [late, later])):
        TextReading.objects.create(
            feedback=feedback, message=feedback.messages.get(), said_at=timezone.now(), marks=marks
        )
        found = near_duplicates.near_texts(last.pk, LEAK, marks)
        assert {pk for pk, _same in found} == {one.pk for one in known}


def test_how_the_customer_feels_is_how_they_feel_in_what_they_wrote_last():
    feedback = arrived(LEAK)
    praise = "师傅来修好了，非常感谢，服务很好！"
    add_customer_message(feedback.pk, channel=Channel.EMAIL, text=praise)
    run_queued_jobs()
    feedback.refresh_from_db()
    assert feedback.sentiment > 0
    assert TextReading.objects.filter(feedback=feedback).count() == 2


def test_answers_in_words_are_read():
    link = open_link(call_back_survey())
    answers = {"overall": 2, "solved": "no", "comment": "客服态度很差，问题没有解决。"}
    response = submit_response(link.pk, answers=answers, language="zh-hans").response
    run_queued_jobs()
    read = TextReading.objects.get(response=response)
    assert read.mood == Mood.NEGATIVE


def test_feedback_that_cannot_be_read_is_routed_all_the_same(monkeypatch):
    def breaks(*_args, **_more):
        raise RuntimeError("no")

    monkeypatch.setattr(reading, "read_text", breaks)
    monkeypatch.setattr("analytics.tasks.logger.disabled", True)
    feedback = arrived(LEAK)
    assert feedback.timeline.filter(kind=TimelineKind.ROUTED).exists()


def test_texts_of_before_are_read_newest_first_and_once():
    for number in range(3):
        FeedbackFactory(text=f"{LEAK} {number}", category=None)
    assert read_backlog(seconds=30) == 3
    assert Assessment.objects.count() == TextReading.objects.count() == 3
    assert read_backlog(seconds=30) == 0
    ReadingProgress.objects.update(reader=0)
    assert read_backlog(seconds=30) == 0


def test_what_was_settled_long_ago_is_read_for_figures_only(refund, delivery):
    at_work(refund, delivery)
    feedback = FeedbackFactory(text=LEAK, category=None)
    before = timezone.now() - timedelta(days=90)
    Feedback.objects.filter(pk=feedback.pk).update(state=State.CLOSED, received_at=before)
    assert read_feedback(feedback.pk)
    feedback.refresh_from_db()
    assert feedback.category is None
    assert not Assessment.objects.to_review().exists()
    assert not feedback.timeline.filter(kind=TimelineKind.ASSESSED).exists()


def test_an_anonymised_record_has_no_readings_left():
    feedback = arrived(LEAK)
    anonymise_record(feedback.pk, even_open=True)
    run_queued_jobs()
    assert not TextReading.objects.filter(feedback=feedback).exists()
    assert Message.objects.filter(feedback=feedback).exists()


def test_of_what_is_covered_no_piece_is_kept_as_a_word():
    feedback = arrived("漏水了，电话13800138000，邮箱me@zhangsan.com，请退款")
    kept = TextReading.objects.get(feedback=feedback).words
    assert {"漏水", "退款"} <= set(kept)
    assert not {"138", "8000", "zhangsan", "com", "m"} & set(kept)


def test_a_number_at_the_border_of_what_is_read_is_found_as_a_whole(monkeypatch):
    monkeypatch.setattr(concluding, "LONGEST", 10)
    text = reading.read_text("我的电话13800138000，请回", current_reader())
    assert (text.text, text.cleaned) == ("我的电话13800138000", "我的电话138****8000")


def test_lessons_show_no_half_of_a_number_at_their_border(monkeypatch):
    monkeypatch.setattr(lessons, "LONGEST", 10)
    # Until one comes that is not kept apart for measuring.
    while is_frozen(str(FeedbackFactory(subject="-", text="我的电话13800138000，请回").pk)):
        pass
    assert lessons.unsorted_texts() == ["-\n我的电话138****8000"]


def erased_while_read(monkeypatch, erase):
    """What happens between reading the words and keeping what was found."""
    read = reading.read_text

    def slowly(*given):
        found = read(*given)
        erase()
        return found

    monkeypatch.setattr(reading, "read_text", slowly)


@pytest.mark.parametrize("by_message", [False, True])
def test_words_that_are_erased_while_they_are_read_do_not_come_back(monkeypatch, by_message):
    feedback = FeedbackFactory(text=LEAK, category=None)
    erased_while_read(
        monkeypatch, lambda: anonymise_record(feedback.pk, even_open=True, delete_texts=True)
    )
    message = feedback.messages.get()
    assert not (read_message(message.pk) if by_message else read_feedback(feedback.pk))
    assert not TextReading.objects.exists()
    assert not Assessment.objects.exists()


def test_answers_that_are_gone_or_were_a_test_leave_no_reading(monkeypatch):
    link = open_link(call_back_survey())
    answers = {"overall": 2, "solved": "no", "comment": "客服态度很差，问题没有解决。"}
    response = submit_response(link.pk, answers=answers, language="zh-hans").response
    assert read_response(response.pk) == 1
    Response.objects.filter(pk=response.pk).update(is_test=True)
    assert read_response(response.pk) == 0
    assert not TextReading.objects.exists()
    Response.objects.filter(pk=response.pk).update(is_test=False)
    erased_while_read(monkeypatch, lambda: response.answers.exclude(text=None).update(text=""))
    assert read_response(response.pk) == 0
    assert not TextReading.objects.exists()


def test_what_was_taken_for_spam_is_read_when_it_turns_out_to_be_none(agent):
    feedback = arrived(LEAK, is_spam=True)
    add_customer_message(
        feedback.pk, channel=Channel.WEB_FORM, text="还在等你们的退款，太失望了。"
    )
    run_queued_jobs()
    TextReading.objects.all().delete()  # as if all had come before anything was read
    assert not Assessment.objects.filter(mood=Mood.NEGATIVE).exists()
    change_status(feedback.pk, status=Status.objects.default_for(State.OPEN), by=agent)
    run_queued_jobs()
    assert Assessment.objects.get(pk=feedback.pk).mood == Mood.NEGATIVE
    assert TextReading.objects.filter(feedback=feedback).count() == 2


def test_a_corrected_answer_is_read_again_at_once(agent):
    link = open_link(call_back_survey())
    answers = {"overall": 2, "solved": "no", "comment": "客服态度很差，问题没有解决。"}
    response = submit_response(link.pk, answers=answers, language="zh-hans").response
    run_queued_jobs()
    assert TextReading.objects.get(response=response).mood == Mood.NEGATIVE
    correct_response(
        response.pk, answers={"comment": "客服很热情，非常满意！"}, reason="misheard", by=agent
    )
    run_queued_jobs()
    assert TextReading.objects.get(response=response).mood == Mood.POSITIVE


def test_what_is_never_read_is_not_waited_for(agent_client, team):
    feedback = FeedbackFactory(text="Out of office", category=None, team=team)
    feedback.messages.update(is_automatic=True)
    run_queued_jobs()
    assert wait_for_reading(feedback.pk, seconds=0)
    page = agent_client.get(feedback.get_absolute_url()).content.decode()
    assert "As the machine read it" not in page
    read_new_feedback(feedback_id=0)  # gone meanwhile: no matter


def test_one_bad_text_does_not_stop_the_reading_of_older_ones(monkeypatch):
    texts = [FeedbackFactory(text=f"{LEAK} {number}", category=None) for number in range(3)]
    read = reading.read_text

    def breaks(text, *more):
        if text.endswith(" 1"):
            raise RuntimeError("no")
        return read(text, *more)

    monkeypatch.setattr(reading, "read_text", breaks)
    monkeypatch.setattr("analytics.services.reading_backlog.logger.disabled", True)
    read_backlog(seconds=30)
    assert set(Assessment.objects.values_list("pk", flat=True)) == {texts[0].pk, texts[2].pk}
