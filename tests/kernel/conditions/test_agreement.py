"""A list and its records, asked one by one, give the same answer."""

from random import Random

import pytest

from config.kernel.conditions.context import Actor, Context
from tests.kernel.conditions.randomly import CASES, differences
from tests.kernel.conditions.things import NOW, THINGS, Thing, create_tables, make_things

SEED = 20261122


@pytest.mark.django_db
def test_lists_and_records_agree_on_random_conditions_over_every_kind_of_column():
    create_tables()
    things = make_things(Random(SEED), 40)
    context = Context(now=NOW, actor=Actor(1))

    found, fitting = differences(Random(SEED), THINGS, things, Thing.objects.all(), context)

    assert found == []
    assert fitting > CASES / 3  # or nothing was tried
