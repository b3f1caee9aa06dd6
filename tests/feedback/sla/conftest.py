import pytest

from feedback.enums import Metric
from tests.feedback.sla.promises import WEDNESDAY, policy, promise


@pytest.fixture
def wednesday(clock):
    clock.move_to(WEDNESDAY)


@pytest.fixture
def promised():
    """Working hours: first answer 4, next 4, news every 7.5 (a day), solved within 15."""
    return policy(
        promise(Metric.FIRST_RESPONSE, 4),
        promise(Metric.NEXT_RESPONSE, 4),
        promise(Metric.PROGRESS_UPDATE, 7.5),
        promise(Metric.RESOLUTION, 15),
    )
