"""The first migration of an app replaces those of before, and once more those made since. Where an
installation stands is told by its records alone; whatever it has, it goes on from there."""

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

BEGINNING = "0001_the_beginning"
# What the beginnings replaced when they were first made: they recorded themselves, too.
FIRST = {"accounts": 27, "feedback": 43, "surveys": 7, "analytics": 2, "kernel": 5}
ALL = 9999


@pytest.fixture(scope="module")
def order():
    """Each migration by itself with what it needs, in an order in which they can be run."""
    graph = MigrationLoader(None, replace_migrations=False).graph
    found = {}
    for leaf in sorted(graph.leaf_nodes()):
        found |= dict.fromkeys(graph.forwards_plan(leaf))
    return {
        one: {parent.key for parent in graph.node_map[one].parents if parent.key[1] != BEGINNING}
        for one in found
        if one[1] != BEGINNING
    }


def what_is_left(order, upto):
    """What `migrate` would do where each app stands at the given number, and what needs more than
    that was not run either: (what it runs, what of the old ones that covers, what is missing)."""
    have = set()
    for (app, name), needs in order.items():
        if int(name[:4]) <= upto.get(app, ALL) and needs <= have:
            have.add((app, name))
    begun = {
        (app, BEGINNING)
        for app, last in FIRST.items()
        if all(one in have for one in order if one[0] == app and int(one[1][:4]) <= last)
    }
    records = MigrationRecorder(connection).Migration.objects
    records.all().delete()
    records.bulk_create(records.model(app=app, name=name) for app, name in have | begun)
    executor = MigrationExecutor(connection)
    executor.loader.check_consistent_history(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    assert not any(backwards for _, backwards in plan)
    covered = [key for one, _ in plan for key in one.replaces or [(one.app_label, one.name)]]
    return [str(one) for one, _ in plan], sorted(covered), sorted(set(order) - have)


@pytest.mark.django_db
def test_nothing_is_left_where_all_of_before_were_run(order):
    runs, _, _ = what_is_left(order, {})

    assert runs == []


@pytest.mark.django_db
def test_an_empty_database_sees_only_the_beginning_and_what_came_after_it(order):
    runs, covered, missing = what_is_left(order, dict.fromkeys({app for app, _ in order}, 0))

    assert {f"{app}.{BEGINNING}" for app in FIRST} <= set(runs)
    assert "feedback.0001_first" not in runs
    assert covered == missing


@pytest.mark.django_db
@pytest.mark.parametrize(
    "upto",
    [
        pytest.param(FIRST, id="as the first beginnings left it"),
        pytest.param({"accounts": 28}, id="accounts behind"),
        pytest.param({"feedback": 47}, id="feedback behind"),
        pytest.param({"surveys": 29}, id="surveys behind"),
        pytest.param({"analytics": 8}, id="analytics behind"),
        pytest.param(
            {"accounts": 28, "feedback": 47, "surveys": 29, "analytics": 8}, id="all behind"
        ),
        pytest.param(
            {"accounts": 20, "feedback": 30, "surveys": 0, "analytics": 0}, id="long ago"
        ),
    ],
)
def test_who_stands_between_goes_on_one_by_one(order, upto):
    runs, covered, missing = what_is_left(order, upto)

    assert covered == missing != []
    behind = [app for app, number in upto.items() if number > 0 and app != "kernel"]
    assert not {f"{app}.{BEGINNING}" for app in behind} & set(runs)
