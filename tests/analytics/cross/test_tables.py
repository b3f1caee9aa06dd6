"""Every cell of a table leads to a list of as many, whatever it is told apart by; layers add up,
and values are made of sums."""

from random import Random

import pytest

from accounts.enums import FieldKind, FieldSubject, Role
from accounts.models import CustomerTag
from analytics.metrics.periods import last_days
from analytics.selectors.choice import teams_of
from analytics.selectors.cross.asking import read_cross
from analytics.selectors.cross.table import cross_tables
from analytics.selectors.facts.measuring import measure
from analytics.selectors.facts.question import asked
from analytics.selectors.window import today
from feedback.models import Feedback, Tag
from surveys.models import Question, Response
from tests.analytics.facts.conftest import year  # noqa: F401 - a fixture
from tests.analytics.facts.test_measuring import Lists
from tests.conftest import member
from tests.factories import CustomFieldFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(year):  # noqa: F811
    """With tags, custom fields of records and customers, and answers about records."""
    dice = Random(3)
    tags = [Tag.objects.create(name=name) for name in ("赔付", "媒体")]
    kinds = [CustomerTag.objects.create(name=name) for name in ("pilot", "abroad")]
    options = [
        {"code": code, "name_zh": code, "name_en": code} for code in ("red", "green", "blue")
    ]
    CustomFieldFactory(code="colour", kind=FieldKind.CHOICE, options=options)
    CustomFieldFactory(code="parts", kind=FieldKind.CHOICES, options=options)
    CustomFieldFactory(
        subject=FieldSubject.CUSTOMER, code="abroad", kind=FieldKind.YES_NO, options=[]
    )
    for customer in year.customers:
        customer.tags.set(dice.sample(kinds, dice.randint(0, 2)))
        customer.custom = dice.choice([{}, {"abroad": True}, {"abroad": False}])
        customer.save(update_fields=["custom"])
    for record in Feedback.objects.all():
        record.tags.set(dice.sample(tags, dice.randint(0, 2)))
        parts = dice.sample(["red", "green", "blue"], dice.randint(1, 3))
        record.custom = dice.choice([{}, {"colour": "red"}, {"colour": "blue", "parts": parts}])
        record.save(update_fields=["custom"])
    return year


def made(user, year, **words):  # noqa: F811
    params = {name: [text] for name, text in words.items()}
    asking = read_cross(params, user, teams=teams_of(user), today=today(year.now))
    return cross_tables(user, asking, year.now)


def disagreements(lists, cross):
    return [
        (cell.count, lists.count(cell.url), cell.url)
        for table in cross.tables
        for line in table.cells
        for cell in line
        if cell.url and lists.count(cell.url) != cell.count
    ]


def test_every_cell_is_the_count_of_its_list_by_everything_there_is(world):
    """Of somebody who sees everything, and of an agent of one team, who sees less."""
    question = Question.objects.get(code="overall", survey__kind="csat")
    assert Response.objects.complete().exclude(feedback=None).count() > 10
    totals = []
    for user in (member(Role.ADMIN), world.agents[0]):
        lists, linked = Lists(user), 0
        cross = made(user, world, period="365", answers=str(question.survey.slug))
        names = [name for group in cross.asking.offered.groups() for name, _words in group.choices]
        assert {"status", "tag", "customer_tag", "month", "hour", "field.colour"} < set(names)
        assert {"field.parts", "customer.field.abroad", f"answer.{question.pk}"} < set(names)
        for at, name in enumerate(names):
            other = names[at - 1]
            if {name, other} == {"category", "branch"}:
                other = "team"
            for more in ({}, {"known": "1", "most": "5"}):
                cross = made(user, world, period="365", rows=name, columns=other, **more)
                assert disagreements(lists, cross) == [], (name, other, more)
                linked += sum(bool(c.url) for line in cross.tables[0].cells for c in line)
        totals.append(made(user, world, period="365").tables[0].total.count)
        assert linked > 300
    assert totals[0] > totals[1] > 0


def test_layers_add_up_and_values_are_made_of_sums(world):
    user = member(Role.ADMIN)
    lists = Lists(user)
    cross = made(user, world, period="365", rows="team", columns="channel", layers="tag")
    assert len(cross.tables) > 2
    assert disagreements(lists, cross) == []
    alone = made(user, world, period="365", rows="team", columns="channel")
    layered = made(user, world, period="365", rows="team", columns="channel", layers="mood")
    assert sum(table.total.count for table in layered.tables) == alone.tables[0].total.count
    for metric in ("csat", "mood", "resolution_time", "reopened", "backlog"):
        cross = made(user, world, period="365", metric=metric, rows="team", columns="weekday")
        assert disagreements(lists, cross) == [], metric
        (table,) = cross.tables
        assert table.test is None or metric == "backlog"
    # A mean of the whole, not of the rows' means.
    (csat,) = made(user, world, period="365", metric="csat", rows="team", columns="hour").tables
    whole = measure(user, asked("csat", last_days(365, today(world.now))), now=world.now).total
    assert csat.total.measured == whole.measured
