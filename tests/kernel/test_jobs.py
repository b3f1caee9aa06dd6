import pytest
from django.db import transaction

from config.kernel.jobs import enqueue, enqueue_routine
from config.kernel.models import Beat, IdempotencyRecord
from config.kernel.tasks import tidy_up
from tests.support.jobs import queued, run_queued_jobs


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("ask", [enqueue, enqueue_routine])
def test_the_job_disappears_with_a_rolled_back_transaction(ask):
    with transaction.atomic():
        ask("tests.support.chores.mark", name="never")
        transaction.set_rollback(True)

    assert queued() == []


def test_words_that_mean_something_to_the_queue_reach_the_job_as_they_are(db):
    enqueue("tests.support.chores.mark", name="group")
    enqueue("builtins.dict", group=1, timeout=2, hook="x", save=False, cluster="y", sync=True)

    assert queued()[1][1] == {
        "group": 1,
        "timeout": 2,
        "hook": "x",
        "save": False,
        "cluster": "y",
        "sync": True,
    }
    run_queued_jobs()
    assert Beat.objects.filter(pk="group").exists()


def test_what_is_not_json_is_refused_where_it_is_asked_for(db):
    with pytest.raises(TypeError):
        enqueue("tests.support.chores.mark", name=object())


def test_tidying_up_removes_what_has_expired_and_nothing_else(db, time_machine):
    time_machine.move_to("2026-11-20 10:00 +00:00")
    IdempotencyRecord.objects.create(owner="a", key="old", request_digest="x")
    time_machine.move_to("2026-11-22 10:00 +00:00")
    IdempotencyRecord.objects.create(owner="a", key="new", request_digest="x")

    tidy_up()

    assert [record.key for record in IdempotencyRecord.objects.all()] == ["new"]
