"""Agreement of two reviewers, with the worked example of the textbooks."""

import pytest

from analytics.metrics.agreement import agreement


def test_fifty_proposals_read_by_two_people():
    # Both yes 20, both no 15, only the first yes 5, only the second yes 10: they agree on 35.
    # The first says yes to 25 of 50, the second to 30: chance gives .5 * .6 + .5 * .4 = .5.
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    found = agreement(pairs)
    assert found.n == 50
    assert found.share.value == pytest.approx(0.7)
    assert found.kappa == pytest.approx(0.4)


def test_nothing_is_said_of_nothing_and_no_kappa_of_one_answer():
    assert agreement([]) is None
    only = agreement([("y", "y")] * 3)
    assert (only.share.value, only.kappa) == (1, None)
