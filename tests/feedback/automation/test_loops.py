"""A set of rules that would never come to rest is found before it is saved."""

import pytest

from feedback.rules.automation import Doing, becomes_false, loop_in

NOTED, ANSWERED = "noted", "answered"
URGENT = ("is", "priority", "urgent")


def sets(pk, on="priority", when=("and",), **fields):
    return Doing(pk, on, sets=fields, when=when)


def adds(pk, on, *events):
    return Doing(pk, on, adds=frozenset(events))


@pytest.mark.parametrize(
    ("rules", "loop"),
    [
        ([sets(1, priority="high")], ()),
        ([sets(1, priority="high"), sets(2, on="assigned", team=1)], ()),
        ([sets(1, priority="high"), sets(2, priority="low")], (1, 2)),
        ([sets(1, priority="high"), sets(2, priority="low", when=URGENT)], ()),
        ([sets(1, on="created", priority="high"), sets(2, priority="low")], ()),
        ([sets(1, on="tags", **{"tag:1": True}), sets(2, on="tags", **{"tag:1": False})], (1, 2)),
        ([adds(1, NOTED, NOTED)], (1,)),
        ([adds(1, NOTED, ANSWERED), adds(2, ANSWERED, NOTED)], (1, 2)),
        ([adds(1, "created", NOTED), adds(2, NOTED, ANSWERED)], ()),
        ([adds(1, "", NOTED), sets(2, on=NOTED, priority="high")], ()),
        ([sets(1, on=NOTED, team=1), adds(2, "assigned", NOTED)], ()),
        (
            [
                sets(3, on="assigned", priority="high"),
                sets(4, team=1),
                sets(5, team=2, on="assigned"),
                sets(6, team=2),
            ],
            (3, 4, 5, 6),
        ),
    ],
)
def test_rules_that_never_come_to_rest_are_named(rules, loop):
    assert loop_in(rules) == loop


def test_without_rules_there_is_no_loop():
    assert loop_in([]) == ()


@pytest.mark.parametrize(
    ("tree", "sets", "wanted"),
    [
        (["is", "status", "open"], {"status": "done"}, True),
        (["is", "status", "open"], {"status": "open"}, False),
        (["and", ["is", "channel", "web"], ["in", "status", ["open"]]], {"status": "x"}, True),
        (["or", ["is", "channel", "web"], ["is", "status", "open"]], {"status": "x"}, False),
        (["ge", "priority", "high"], {"priority": "low"}, True),
        (["ge", "priority", "high"], {"priority": "urgent"}, False),
        (["empty", "assignee"], {"assignee": 3}, True),
        (["has_none", "tag", [4]], {"tag:4": True}, True),
        (["has_any", "tag", [4, 5]], {"tag:4": False}, False),
        (["older_than", "created", [2, "days"]], {"status": "x"}, False),
    ],
)
def test_whether_a_change_makes_a_condition_false(tree, sets, wanted):
    assert becomes_false(tree, sets) is wanted
