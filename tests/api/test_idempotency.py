"""A client that heard nothing asks again, and the thing is done once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.kernel import idempotency
from config.kernel.models import IdempotencyRecord
from config.kernel.tasks import tidy_up
from feedback.models import Feedback, Message
from tests.api.test_doors import problem
from tests.api.test_feedback import NEW
from tests.factories import FeedbackFactory

pytestmark = pytest.mark.django_db


def create(api, key="order-17", body=NEW):
    return api.post("feedback/", body, Idempotency_Key=key)


def test_the_same_key_gives_the_same_answer(api):
    first, again = create(api), create(api)

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert first.get("Idempotent-Replay") is None
    assert again["Idempotent-Replay"] == "true"
    assert Feedback.objects.count() == 1


def test_the_order_of_the_members_does_not_matter(api):
    create(api)

    again = create(api, body=dict(reversed(NEW.items())))

    assert again["Idempotent-Replay"] == "true"


def test_the_same_key_for_something_else_is_refused(api):
    create(api)

    answer = create(api, body=NEW | {"text": "Something else."})

    problem(answer, 422, "idempotency_key_reused")
    assert Feedback.objects.count() == 1


def test_the_same_key_at_another_address_is_refused(api):
    record = FeedbackFactory()
    api.post(f"feedback/{record.number}/note/", {"text": "x"}, Idempotency_Key="k")

    other = FeedbackFactory()
    answer = api.post(f"feedback/{other.number}/note/", {"text": "x"}, Idempotency_Key="k")

    problem(answer, 422, "idempotency_key_reused")


def test_the_keys_of_two_programs_have_nothing_to_do_with_each_other(api, stranger_api):
    create(api)

    assert create(stranger_api).get("Idempotent-Replay") is None
    assert Feedback.objects.count() == 2


def test_a_request_that_is_still_at_work_is_not_repeated(api):
    create(api)
    IdempotencyRecord.objects.update(status=None, body=None)

    answer = create(api)

    problem(answer, 409, "in_progress")
    assert answer["Retry-After"] == "1"
    assert Feedback.objects.count() == 1


def test_a_request_whose_process_died_can_be_made_again(api):
    create(api)
    IdempotencyRecord.objects.update(
        status=None, created_at=timezone.now() - idempotency.ABANDONED_AFTER
    )

    again = create(api)

    assert again.status_code == 201
    assert again.get("Idempotent-Replay") is None


def test_what_was_refused_may_be_tried_again(api):
    problem(create(api, body={"text": ""}), 400, "invalid")
    assert IdempotencyRecord.objects.count() == 0

    assert create(api).status_code == 201


def test_a_crash_leaves_neither_the_thing_nor_its_key(api, monkeypatch):
    def crash(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("feedback.api.views.FeedbackViewSet._shown", crash)
    assert create(api).status_code == 500
    assert Feedback.objects.count() == 0
    monkeypatch.undo()

    assert create(api).status_code == 201


def test_a_reply_is_sent_once(api):
    record = FeedbackFactory()
    for _ in range(3):
        api.post(f"feedback/{record.number}/reply/", {"text": "Yes."}, Idempotency_Key="r1")

    assert Message.objects.filter(text="Yes.").count() == 1


@pytest.mark.parametrize("key", ["x" * 201, "", "tab\there", "two words", "é"])
def test_a_key_that_is_none_is_named(api, key):
    body = problem(create(api, key=key), 400, "invalid")

    assert list(body["errors"]) == ["Idempotency-Key"]


def test_answers_are_remembered_for_a_day(api):
    create(api)
    old = timezone.now() - timedelta(days=1, minutes=1)
    IdempotencyRecord.objects.update(created_at=old)

    tidy_up()

    assert IdempotencyRecord.objects.count() == 0
