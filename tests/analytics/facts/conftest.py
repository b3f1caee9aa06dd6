from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from accounts.models import Organisation
from analytics.metrics.periods import Period
from analytics.selectors.window import today
from feedback.enums import JourneyStage
from feedback.models import Feedback, Product
from tests.analytics.busy_year import BusyYear


@pytest.fixture
def year(clock):
    """A busy year whose records also have what its services do not give."""
    year = BusyYear(clock, seed=11)
    year.happens(120)
    dice = Random(5)
    products = [
        None,
        *(
            Product.objects.create(code=f"p{n}", name_zh=f"产品 {n}", name_en=f"P{n}")
            for n in (1, 2)
        ),
    ]
    organisation = Organisation.objects.create(name="华兴")
    year.customers[2].organisation = organisation
    year.customers[2].save(update_fields=["organisation"])
    for record in Feedback.objects.all():
        Feedback.objects.filter(pk=record.pk).update(
            sentiment=dice.choice([None, dice.randint(-100, 100)]),
            journey_stage=dice.choice(["", *JourneyStage.values]),
            product=dice.choice(products),
            language=dice.choice(["zh-hans", "en"]),
        )
    return year


def days_back(year, days: int, last: int = 0) -> Period:
    """From so many days ago to so many."""
    end = today(year.now) - timedelta(days=last)
    return Period(end - timedelta(days=days - 1), end)


def now():
    return timezone.now()
