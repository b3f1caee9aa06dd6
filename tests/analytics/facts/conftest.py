from datetime import timedelta
from random import Random

import pytest

from accounts.models import Organisation
from analytics.metrics.periods import Period
from analytics.selectors.window import today
from feedback.enums import Channel, JourneyStage, State
from feedback.models import Feedback, Status
from tests.factories import ProductFactory


@pytest.fixture
def year(year):
    """A busy year, with more records that only have dates, and with what services do not give."""
    dice = Random(5)
    products = [None, *(ProductFactory() for _ in range(2))]
    year.customers[2].organisation = Organisation.objects.create(name="华兴")
    year.customers[2].save(update_fields=["organisation"])
    Feedback.objects.bulk_create(one_more(year, dice) for _ in range(200))
    for record in Feedback.objects.all():
        record.sentiment = dice.choice([None, dice.randint(-100, 100)])
        record.journey_stage = dice.choice(["", *JourneyStage.values])
        record.product = dice.choice(products)
        record.language = dice.choice(["zh-hans", "en"])
        record.save(update_fields=["sentiment", "journey_stage", "product", "language"])
    return year


def one_more(year, dice: Random) -> Feedback:
    came = year.now - timedelta(days=dice.random() * 420)
    answered = came + timedelta(hours=dice.random() * 60)
    solved = dice.choice([None, answered + timedelta(hours=dice.random() * 90)])
    state = State.RESOLVED if solved else State.NEW
    rated = dice.choice([None, dice.randint(1, 5)])
    return Feedback(
        channel=dice.choice(Channel.values),
        customer=dice.choice(year.customers),
        category=dice.choice(year.categories),
        team=dice.choice([None, *year.teams]),
        status=Status.objects.default_for(state),
        state=state,
        priority=dice.choice([1, 2, 3, 4]),
        received_at=came,
        first_response_at=dice.choice([None, answered]),
        last_staff_message_at=dice.choice([answered, year.now]),
        resolved_at=solved,
        reopened_count=dice.choice([0, 0, 1]),
        satisfaction=rated,
        satisfaction_at=rated and answered + timedelta(hours=100),
    )


def days_back(year, days: int, last: int = 0) -> Period:
    """From so many days ago to so many."""
    end = today(year.now) - timedelta(days=last)
    return Period(end - timedelta(days=days - 1), end)
