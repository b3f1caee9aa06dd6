"""Mail that arrives for the tests of filing: through the real stages, without sending."""

from unittest.mock import patch

import pytest

from feedback.channels.email.receive import receive_raw_mail
from feedback.models import InboundMail
from tests.support.jobs import run_queued_jobs


def noop(**_):
    pass


@pytest.fixture
def no_sending():
    """Sending has its own tests; here the promise to send is what counts."""
    with patch("accounts.services.outbox.SEND", f"{__name__}.noop"):
        yield


@pytest.fixture
def arrive(no_sending, db):
    def arrives(raw: bytes, address: str = "help@huiyin.test") -> InboundMail:
        inbound = receive_raw_mail(address, raw)
        run_queued_jobs()
        inbound.refresh_from_db()
        return inbound

    return arrives
