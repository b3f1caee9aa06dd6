from datetime import timedelta

import pytest

from accounts.services.webhooks import create_webhook
from accounts.tasks import tell_webhooks
from tests.support.jobs import run_queued_jobs
from tests.support.receiver import receiver

EVERYTHING = [
    "feedback.created", "feedback.message_created", "feedback.status_changed",
    "feedback.assigned", "feedback.updated", "feedback.merged", "feedback.rated",
    "feedback.overdue", "task.created", "task.updated", "task.done", "customer.created",
    "customer.updated", "survey.response_submitted",
]  # fmt: skip


@pytest.fixture
def machine(settings):
    with receiver() as here:
        settings.FETCH_INTERNAL_HOSTS = [here.host]
        yield here


@pytest.fixture
def endpoint(db, machine):
    """A webhook for everything; its secret is in `secret`."""
    made, secret = create_webhook(by=None, name="Shop", url=machine.url(), event_types=EVERYTHING)
    made.shown = secret
    return made


def tell_now():
    """What the worker does in the next seconds."""
    tell_webhooks()
    run_queued_jobs()


@pytest.fixture
def later(clock):
    def go(**span):
        clock.shift(timedelta(**span))
        tell_now()

    return go
