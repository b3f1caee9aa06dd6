"""A set of rules that would never come to rest is found before it is saved."""

import pytest

from feedback.rules.automation import CHANGED, Doing, loop_in

NOTED, ANSWERED = "noted", "answered"


def sets(pk, on=CHANGED, **fields):
    return Doing(pk, on, sets=fields)


def adds(pk, on, *events):
    return Doing(pk, on, adds=frozenset(events))


@pytest.mark.parametrize(
    ("rules", "loop"),
    [
        ([sets(1, priority=4)], ()),
        ([sets(1, priority=4), sets(2, team=1)], ()),
        ([sets(1, priority=4), sets(2, priority=1)], (1, 2)),
        ([sets(1, on="received", priority=4), sets(2, priority=1)], ()),
        ([adds(1, NOTED, NOTED)], (1,)),
        ([adds(1, NOTED, ANSWERED), adds(2, ANSWERED, NOTED)], (1, 2)),
        ([adds(1, "received", NOTED), adds(2, NOTED, ANSWERED)], ()),
        ([adds(1, "", NOTED), sets(2, on=NOTED, priority=4)], ()),
        ([sets(1, on=NOTED, team=1), adds(2, CHANGED, NOTED)], ()),
        ([sets(3, priority=4), sets(4, team=1), sets(5, team=2)], (3, 4, 5)),
    ],
)
def test_rules_that_never_come_to_rest_are_named(rules, loop):
    assert loop_in(rules) == loop


def test_without_rules_there_is_no_loop():
    assert loop_in([]) == ()
