"""The same request many times at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from feedback.models import Feedback
from tests.api.test_feedback import NEW

PARALLEL = 6


@pytest.mark.django_db(transaction=True)
def test_however_parallel_a_key_is_used_one_record_is_made(api):
    def create(_):
        try:
            return api.post("feedback/", NEW, Idempotency_Key="order-17")
        finally:
            connection.close()

    with ThreadPoolExecutor(PARALLEL) as pool:
        answers = list(pool.map(create, range(PARALLEL)))

    assert Feedback.objects.count() == 1
    statuses = {one.status_code for one in answers}
    assert statuses <= {201, 409}
    made = [one.json()["number"] for one in answers if one.status_code == 201]
    assert set(made) == {Feedback.objects.get().number}
    assert {one.json()["code"] for one in answers if one.status_code == 409} <= {"in_progress"}
