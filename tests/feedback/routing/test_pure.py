import pytest

from feedback.enums import Distribution
from feedback.rules.distribution import Member, who_is_next
from feedback.rules.routing import Rule, decide


def decided(*rules, fitting=None, has_team=False, has_manager=False):
    ids = {one.id for one in rules} if fitting is None else fitting
    return decide(rules, ids, has_team=has_team, has_manager=has_manager)


def test_the_first_rule_that_fits_decides_and_the_others_are_not_asked():
    routed = decided(
        Rule(1, team=10), Rule(2, team=20, priority=4), Rule(3, team=30), fitting={2, 3}
    )

    assert (routed.rules, routed.team, routed.priority) == ((2,), 20, 4)


def test_a_rule_that_does_not_stop_lets_later_ones_add_but_not_change():
    routed = decided(
        Rule(1, team=10, tags=(1,), stop=False), Rule(2, team=20, priority=3, tags=(2, 1))
    )

    assert (routed.team, routed.team_by) == (10, 1)
    assert (routed.priority, routed.priority_by) == (3, 2)
    assert routed.tags == (1, 2)


def test_what_no_rule_took_goes_by_the_last_one_and_only_there():
    last = Rule(9, team=90, is_catch_all=True)

    assert decided(Rule(1, team=10), last, fitting={9}).team == 90
    assert decided(Rule(1, priority=4, stop=False), last).team is None


def test_the_last_rule_leaves_a_record_with_the_team_it_has():
    assert decided(Rule(9, team=90, is_catch_all=True), has_team=True).team is None


def test_a_manager_is_named_only_where_there_is_one():
    rules = Rule(1, to_manager=True, stop=False), Rule(2, assignee=5)

    assert decided(*rules, has_manager=True).person_by == 1
    assert decided(*rules).assignee == 5


@pytest.mark.parametrize(("after", "wanted"), [(None, 1), (1, 2), (2, 3), (3, 1), (99, 1)])
def test_turns_go_round(after, wanted):
    three = [Member(3), Member(1), Member(2)]

    assert who_is_next(Distribution.ROUND_ROBIN, three, after=after).user_id == wanted


def test_the_fewest_open_records_win_and_equals_take_turns():
    some = [Member(1, open=2), Member(2, open=1), Member(3, open=1)]

    assert who_is_next(Distribution.LEAST_OPEN, some, after=None).user_id == 2
    assert who_is_next(Distribution.LEAST_OPEN, some, after=2).user_id == 3


def test_nobody_gets_more_than_they_may_have():
    full = [Member(1, open=2, most=2), Member(2, open=7, most=7)]

    assert who_is_next(Distribution.LEAST_OPEN, full, after=None) is None
    assert who_is_next(Distribution.ROUND_ROBIN, [*full, Member(3, open=50)], after=1).user_id == 3


def test_who_knows_the_most_tags_is_asked_first():
    some = [Member(1, skills=1), Member(2, skills=2, open=9), Member(3, skills=2, open=9, most=9)]

    chosen = who_is_next(Distribution.LEAST_OPEN, some, after=None, by_skill=True)

    assert chosen.user_id == 2


def test_by_hand_is_by_hand():
    assert who_is_next(Distribution.MANUAL, [Member(1)], after=None) is None
