"""New feedback goes where the rules say, once, and says why."""

import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import Availability, Role
from accounts.services.availability import AvailabilityRefused, set_availability
from feedback.enums import Distribution, Priority, TimelineKind
from feedback.errors import RuleNotUsable
from feedback.models import Category, RoutingRule, Tag, TimelineEntry
from feedback.selectors.story import story_of
from feedback.services.assignment import assign_feedback
from feedback.services.routing import route_feedback
from feedback.services.routing_rules import (
    ensure_routing,
    move_rule,
    remove_rule,
    save_rule,
    switch_rule,
)
from feedback.services.tags import merge_tags
from tests.conftest import member
from tests.factories import (
    CustomerFactory,
    FeedbackFactory,
    MailboxFactory,
    TeamFactory,
    UserFactory,
)
from tests.feedback.routing.rules import catch_all, members, rule, works
from tests.support.jobs import queued, run_queued_jobs

pytestmark = pytest.mark.django_db


def arrived(**more):
    """A record that came in, after the jobs it led to."""
    feedback = FeedbackFactory(**more)
    run_queued_jobs()
    feedback.refresh_from_db()
    return feedback


def story(feedback):
    return [line.sentence for line in story_of(feedback)]


def test_a_rule_sends_new_feedback_and_its_story_says_why(team):
    rule("text contains 退款", set_team=team, set_priority=Priority.HIGH, tags=["refund"])

    feedback = arrived(text="我要退款")

    assert feedback.team == team
    assert feedback.priority == Priority.HIGH
    assert [tag.name for tag in feedback.tags.all()] == ["refund"]
    routed = next(line for line in story(feedback) if "Routed" in line)
    assert routed == f"Routed by the rule “Rule”; team {team.name_en}"


def test_rules_hold_for_every_channel_because_they_run_after_intake(team):
    rule("channel in (email, phone, wechat)", set_team=team)

    taken = [arrived(channel=channel).team for channel in ("email", "phone", "wechat", "chat")]

    assert taken == [team, team, team, None]


def test_routing_twice_is_routing_once(team):
    one = rule("channel = web_form", set_team=team)
    feedback = arrived()

    route_feedback(feedback.pk)

    one.refresh_from_db()
    assert one.hits == 1
    assert feedback.timeline.filter(kind=TimelineKind.ROUTED).count() == 1


def test_a_broken_rule_is_passed_over_and_named_and_the_next_one_is_asked(team, caplog):
    broken = rule("channel = web_form", set_team=TeamFactory())
    RoutingRule.objects.filter(pk=broken.pk).update(condition=["is", "gone", "x"])
    rule("channel = web_form", set_team=team)

    with caplog.at_level(logging.WARNING):
        feedback = arrived()

    assert feedback.team == team
    assert f"Routing rule {broken.pk} is passed over" in caplog.text
    assert feedback.timeline.get(kind=TimelineKind.ROUTED).data["skipped"] == [broken.pk]
    assert "passed over" in story(feedback)[-2]


def test_a_rule_to_an_archived_team_or_somebody_who_left_is_passed_over(team):
    gone = TeamFactory()
    left = UserFactory()
    rule("channel = web_form", set_team=gone)
    rule("channel = web_form", set_assignee=left)
    gone.archived_at = timezone.now()
    gone.save()
    left.is_active = False
    left.save()

    assert arrived().assignee is None


def test_no_rule_can_keep_feedback_from_coming_in(team):
    rule("channel = web_form", set_team=team)

    feedback = FeedbackFactory()

    assert feedback.pk
    assert ("feedback.tasks.route_new_feedback", {"feedback_id": feedback.pk}) in queued()


def test_what_is_left_goes_to_the_team_of_the_last_rule(team):
    last = catch_all()
    last.set_team = team
    save_rule(last)

    feedback = arrived()

    assert feedback.team == team
    assert "No routing rule took it" in story(feedback)[-2]


def test_the_last_rule_does_not_take_from_the_team_of_a_category_or_mailbox(team):
    last = catch_all()
    last.set_team = TeamFactory()
    save_rule(last)
    category = Category.objects.get(code="service")
    category.team = team
    category.save()

    by_category = arrived(category=category)
    by_mailbox = arrived(mailbox=MailboxFactory(team=team))

    assert [by_category.team, by_mailbox.team] == [team, team]
    assert "by its category" in story(by_category)[-1]
    assert "by its mailbox" in story(by_mailbox)[-1]


def test_a_team_that_somebody_chose_stays(team):
    rule("channel = web_form", set_team=TeamFactory())

    assert arrived(team=team).team == team


def test_what_a_person_did_meanwhile_stays(team, agent):
    rule("channel = web_form", set_team=TeamFactory(), set_priority=Priority.URGENT)
    feedback = FeedbackFactory()
    assign_feedback(feedback.pk, by=agent, assignee=agent, team=team)

    run_queued_jobs()

    feedback.refresh_from_db()
    assert (feedback.assignee, feedback.team) == (agent, team)
    assert feedback.priority == Priority.URGENT


def test_spam_is_not_routed(team):
    rule("channel = web_form", set_team=team)

    assert arrived(is_spam=True).team is None


# --- people ------------------------------------------------------------------------------------
def test_a_key_customer_goes_to_their_manager_in_the_managers_team(team):
    manager = member(Role.AGENT, team)
    works(team, Distribution.ROUND_ROBIN)
    customer = CustomerFactory(tier="key", owner=manager)
    elsewhere = MailboxFactory(team=TeamFactory())

    feedback = arrived(customer=customer, mailbox=elsewhere)

    assert (feedback.assignee, feedback.team) == (manager, team)
    assert f"given to {manager.name} (the customer's success manager)" in story(feedback)[-1]


def test_who_is_out_of_office_is_stood_in_for(team):
    out, substitute = members(team, 2)
    set_availability(out.pk, availability=Availability.OUT, substitute=substitute)
    rule("channel = web_form", set_team=team, set_assignee=out)

    feedback = arrived()

    assert feedback.assignee == substitute
    assert "stands in" in story(feedback)[-1]


def test_people_who_stand_in_for_each_other_get_nothing(team):
    one, other = members(team, 2)
    set_availability(one.pk, availability=Availability.OUT, substitute=other)
    set_availability(other.pk, availability=Availability.OUT, substitute=one)
    rule("channel = web_form", set_team=team, set_assignee=one)

    assert arrived().assignee is None


def test_who_is_back_on_a_day_is_back_on_that_day(agent, team, clock):
    back = timezone.now() + timedelta(days=3)
    set_availability(agent.pk, availability=Availability.OUT, available_again_at=back)
    rule("channel = web_form", set_team=team, set_assignee=agent)

    assert arrived().assignee is None
    clock.shift(timedelta(days=3))
    assert arrived().assignee == agent


def test_an_absence_that_makes_no_sense_is_refused(agent):
    with pytest.raises(AvailabilityRefused):
        set_availability(agent.pk, availability=Availability.OUT, substitute=agent)
    with pytest.raises(AvailabilityRefused):
        set_availability(
            agent.pk, availability=Availability.OUT, available_again_at=timezone.now()
        )


# --- keeping rules -----------------------------------------------------------------------------
def test_rules_are_asked_in_their_order_and_the_order_can_be_changed(team):
    first, second = TeamFactory(), TeamFactory()
    rule("channel = web_form", set_team=first)
    later = rule("channel = web_form", set_team=second)
    assert arrived().team == first

    move_rule(later, earlier=True)

    assert arrived().team == second


@pytest.mark.parametrize(
    ("text", "does"),
    [
        ("channel = email", {}),  # does nothing
        ("", {"set_priority": 4}),  # takes everything
        ("channel = email", {"set_assignee": True, "to_manager": True}),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(agent, text, does):
    if "set_assignee" in does:
        does = does | {"set_assignee": agent}
    with pytest.raises(RuleNotUsable):
        rule(text, **does)


def test_a_person_who_may_not_see_the_team_is_refused(agent):
    with pytest.raises(RuleNotUsable):
        rule("channel = email", set_team=TeamFactory(), set_assignee=agent)


def test_there_is_always_a_last_rule():
    last = catch_all()
    for refused in (
        lambda: remove_rule(last),
        lambda: switch_rule(last, on=False),
        lambda: move_rule(last, earlier=True),
    ):
        with pytest.raises(RuleNotUsable):
            refused()
    ensure_routing()

    assert RoutingRule.objects.filter(is_catch_all=True).count() == 1
    assert list(RoutingRule.objects.in_order())[-1] == last


def test_a_used_rule_is_archived_and_an_unused_one_is_deleted(team):
    used = rule("channel = web_form", set_team=team)
    unused = rule("channel = email", set_team=team)
    feedback = arrived()
    used.refresh_from_db()

    assert [remove_rule(used), remove_rule(unused)] == [False, True]
    assert "Rule" in story(feedback)[-2]
    assert arrived().team is None


def test_merging_a_tag_keeps_what_rules_add(team, admin):
    one = rule("channel = web_form", set_team=team, tags=["refnd"])
    right = Tag.objects.create(name="refund")

    merge_tags(one.add_tags.get(), into=right, by=admin)

    assert list(one.add_tags.all()) == [right]


def test_the_story_of_many_rules_costs_one_look(team, django_assert_num_queries):
    rule("channel = web_form", set_team=team, stop=False)
    rule("channel = web_form", set_priority=4)
    feedback = arrived()

    with django_assert_num_queries(2):  # entries, names
        story_of(feedback)
    assert TimelineEntry.objects.filter(kind=TimelineKind.ROUTED).count() == 1
