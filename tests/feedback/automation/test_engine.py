"""What rules do when something happens or time has passed, and what keeps them in bounds."""

import itertools
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import OutgoingKind, OutgoingState, Role
from accounts.models import ContactPoint, OutgoingMessage, WebhookDelivery
from accounts.services.webhooks import create_webhook
from config.kernel.conditions.errors import ConditionInvalid
from feedback.enums import Channel, Direction, NoticeKind, Priority, State, TimelineKind
from feedback.errors import AutomationRefused
from feedback.models import (
    AutomationEvent,
    AutomationPause,
    AutomationRun,
    Message,
    Notification,
    Status,
    Tag,
    Task,
)
from feedback.rules.automation import CHANGES_A_DAY, MAX_DEPTH
from feedback.selectors.story import story_of
from feedback.services.automation import (
    forget_old_runs,
    handle_events,
    resume_automation,
    run_time_rules,
)
from feedback.services.automation_rules import switch_automation
from feedback.services.conversation import add_customer_message
from feedback.services.custom_values import set_custom_values
from feedback.services.details import set_priority
from feedback.services.inbound_mail import store_raw_mail
from feedback.services.replies import add_note, send_reply
from feedback.services.sla_watch import watch_clocks
from feedback.services.workflow import change_status, resolve_feedback
from tests.conftest import member
from tests.factories import (
    CustomerFactory,
    CustomFieldFactory,
    FeedbackFactory,
    MailboxFactory,
    ReplyTemplateFactory,
    TeamFactory,
    UserFactory,
)
from tests.feedback.automation.rules import HIGH, URGENT, draft, live, note, settle
from tests.support.jobs import run_queued_jobs

pytestmark = pytest.mark.django_db


PARTS = [{"code": one, "name_zh": one, "name_en": one} for one in "ab"]


def tag(name="vip"):
    return Tag.objects.create(name=name)


def add(one):
    return {"do": "add_tag", "tag": one.pk}


def errors():
    return list(AutomationRun.objects.exclude(error="").values_list("error", flat=True))


# --- events -------------------------------------------------------------------------------------
def test_a_rule_acts_when_feedback_comes_in_and_its_story_says_which_rule_it_was():
    live("created", URGENT, when="text contains 退款", name="Refunds first")

    fits, other = FeedbackFactory(text="我要退款"), FeedbackFactory(text="漏水")
    settle(fits, other)

    assert (fits.priority, other.priority) == (Priority.URGENT, Priority.NORMAL)
    line = next(one for one in story_of(fits) if "Priority" in one.sentence)
    assert line.who == "Rule “Refunds first”"
    assert fits.timeline.get(kind=TimelineKind.PRIORITY).actor is None


def test_without_active_rules_nothing_is_even_noted():
    draft("created", URGENT)

    FeedbackFactory()

    assert not AutomationEvent.objects.exists()


@pytest.mark.parametrize(
    ("event", "cause"),
    [
        ("customer_wrote", lambda one, by: add_customer_message(
            one.pk, channel=Channel.WEB_FORM, text="Hello?")),
        ("answered", lambda one, by: send_reply(one.pk, by=by, text="Soon.")),
        ("noted", lambda one, by: add_note(one.pk, by=by, text="Hm.")),
        ("status", lambda one, by: resolve_feedback(one.pk, by=by)),
        ("priority", lambda one, by: set_priority(one.pk, by=by, priority=1)),
    ],
)  # fmt: skip
def test_each_event_sets_off_the_rules_that_wait_for_it_and_no_others(agent, team, event, cause):
    seen = tag("seen")
    feedback = FeedbackFactory(team=team)
    live(event, add(seen))
    live("category", add(tag("other")))

    cause(feedback, agent)
    settle()

    assert [one.name for one in feedback.tags.all()] == ["seen"]


def test_a_rule_asks_what_has_changed(agent):
    live("priority", note("Now urgent"), when="priority changed to urgent")
    feedback = FeedbackFactory()

    set_priority(feedback.pk, by=agent, priority=3)
    settle()
    set_priority(feedback.pk, by=agent, priority=4)
    settle()

    notes = feedback.messages.filter(direction=Direction.NOTE)
    assert [(one.text, one.author, one.author_name) for one in notes] == [
        ("Now urgent", None, "Rule")
    ]


def test_a_rule_hears_of_custom_fields_and_asks_how_they_changed(agent):
    for code, kind in (("colour", "short_text"), ("bought", "date"), ("weight", "decimal")):
        CustomFieldFactory(code=code, kind=kind, name_en=code.title())
    CustomFieldFactory(code="parts", kind="choices", options=PARTS)
    CustomFieldFactory(subject="customer", code="staff", kind="integer")
    for when in ("", "field.colour changed", "field.colour changed to Red",
                 "field.weight changed from 2.5", "field.bought changed to 2026-11-02",
                 "field.parts changed"):  # fmt: skip
        live("fields", note(when or "any"), when=when)
    feedback = FeedbackFactory()

    def noted(**values):
        set_custom_values(feedback.pk, by=agent, values=values)
        settle()
        texts = feedback.messages.filter(direction=Direction.NOTE).values_list("text", flat=True)
        found = {text.removeprefix("field.") for text in texts}
        feedback.messages.all().delete()
        return found

    assert noted(weight=2.5, colour="red") == {"any", "colour changed", "colour changed to Red"}
    assert noted(weight=2.5) == set()  # as it was: nothing happened
    assert noted(weight=3, colour=None) == {"any", "colour changed", "weight changed from 2.5"}
    changed = noted(bought="2026-11-02", parts=["a"])
    assert changed == {"any", "bought changed to 2026-11-02", "parts changed"}
    with pytest.raises(AutomationRefused, match="never happens together with"):
        draft("status", note(), when="field.colour changed")
    with pytest.raises(ConditionInvalid):  # what changes about a customer is no event
        draft("fields", note(), when="customer.field.staff changed")


def test_rules_are_asked_in_their_order_see_what_earlier_ones_did_and_one_may_be_the_last():
    vip, late = tag("vip"), tag("late")
    live("created", URGENT)
    live("created", add(vip), when="priority = urgent", stop=True)
    live("created", add(late))

    feedback = FeedbackFactory()
    settle(feedback)

    assert [one.name for one in feedback.tags.all()] == ["vip"]


def test_an_event_that_is_looked_at_twice_is_acted_on_once():
    live("created", note())
    feedback = FeedbackFactory()
    event = AutomationEvent.objects.get(feedback_id=feedback.pk)

    settle()
    AutomationEvent.objects.create(feedback_id=event.feedback_id, entry_id=event.entry_id)
    settle()

    assert feedback.messages.filter(direction=Direction.NOTE).count() == 1


def test_what_happened_long_ago_sets_nothing_off(time_machine):
    rule = live("created", URGENT)
    feedback = FeedbackFactory()
    time_machine.move_to(timezone.now() + timedelta(days=2), tick=False)

    settle(feedback)

    assert feedback.priority == Priority.NORMAL
    assert not rule.runs.exists()


def test_spam_is_left_alone():
    live("created", URGENT)

    feedback = FeedbackFactory(is_spam=True)
    settle(feedback)

    assert feedback.priority == Priority.NORMAL


def test_a_rule_does_all_or_nothing_and_the_log_says_why(team):
    stranger = UserFactory()
    live("created", URGENT, {"do": "assign_person", "person": stranger.pk})

    feedback = FeedbackFactory(team=team)
    settle(feedback)

    assert feedback.priority == Priority.NORMAL
    assert len(errors()) == 1
    assert AutomationRun.objects.get().rule.last_error == errors()[0]


def test_a_rule_whose_target_is_gone_is_passed_over_and_the_next_one_runs():
    old, new = tag("old"), tag("new")
    broken = live("created", add(old))
    live("created", add(new))
    old.delete()

    feedback = FeedbackFactory()
    settle()

    assert [one.name for one in feedback.tags.all()] == ["new"]
    broken.refresh_from_db()
    assert broken.last_error


# --- bounds -------------------------------------------------------------------------------------
def test_t10_rules_that_set_each_other_off_end_after_five():
    """Whatever slips past the check on saving: no more than five deep."""
    tags = [tag(f"t{number}") for number in range(MAX_DEPTH + 2)]
    live("created", add(tags[0]))
    # The last first: each is set off by what the one below it did, not in the same round.
    for before, after in reversed(list(itertools.pairwise(tags))):
        live("tags", add(after), when=f"tag has {before.name} and tag has no {after.name}")

    feedback = FeedbackFactory()
    for _round in range(MAX_DEPTH + 3):
        handle_events()

    assert feedback.tags.count() == MAX_DEPTH
    assert len(errors()) == 1


def test_after_a_hundred_changes_within_a_day_rules_leave_a_record_alone_and_a_note_says_so():
    lead_team = TeamFactory()
    feedback = FeedbackFactory(team=lead_team)
    rule = live("customer_wrote", note())
    AutomationRun.objects.create(
        rule=rule, feedback=feedback, key="x", event="created", changes=CHANGES_A_DAY
    )

    for text in ("One", "Two"):
        add_customer_message(feedback.pk, channel=Channel.WEB_FORM, text=text)
    settle()

    notes = feedback.messages.filter(direction=Direction.NOTE)
    assert [str(CHANGES_A_DAY) in one.text for one in notes] == [True]
    assert AutomationPause.objects.on().get().feedback == feedback
    assert resume_automation(feedback.pk, by=None)
    add_customer_message(feedback.pk, channel=Channel.WEB_FORM, text="Three")
    settle()
    assert notes.all().count() == 2


# --- automatic answers --------------------------------------------------------------------------
def replying(event="created", **more):
    template = ReplyTemplateFactory(body_en="We are on it.", body_zh="我们正在处理。")
    return live(event, {"do": "reply", "template": template.pk}, **more)


def automatic():
    return OutgoingMessage.objects.filter(kind=OutgoingKind.AUTOMATIC)


def test_t61_an_automatic_answer_is_no_answer():
    """The clocks run on, nobody has answered, and no rule takes it for an answer."""
    replying()
    live("answered", note())

    feedback = FeedbackFactory()
    before = feedback.reply_due_at
    settle(feedback)

    assert automatic().get().body_text == "我们正在处理。"
    message = feedback.messages.get(direction=Direction.OUT)
    assert (message.is_automatic, message.author) == (True, None)
    assert feedback.first_response_at is None
    assert feedback.reply_due_at == before
    assert feedback.state == State.NEW
    assert not feedback.messages.filter(direction=Direction.NOTE).exists()


@pytest.mark.parametrize("proven", [False, True])
def test_an_address_that_nothing_proves_gets_no_words_of_a_stranger(proven):
    """Who writes in somebody else's name chooses the subject (A09 of the attacks)."""
    template = ReplyTemplateFactory(body_zh="收到：{{ feedback.subject }}。")
    live("created", {"do": "reply", "template": template.pk})
    customer = CustomerFactory()
    if proven:
        customer.contact_points.update(verified_at=timezone.now())

    settle(FeedbackFactory(customer=customer, subject="WIN at evil.example"))

    mail = automatic().get()
    assert ("evil.example" in mail.subject) is proven
    assert ("evil.example" in mail.body_text) is proven


def test_machines_and_suppressed_addresses_get_no_automatic_answer(agent):
    replying("noted")
    machine, bounced = FeedbackFactory(), FeedbackFactory()
    add_customer_message(
        machine.pk, channel=Channel.EMAIL, text="Ich bin im Urlaub", is_automatic=True
    )
    ContactPoint.objects.filter(customer=bounced.customer).update(
        suppressed_at=timezone.now(), suppressed_reason="bounce"
    )

    for one in (machine, bounced):
        add_note(one.pk, by=agent, text="Hm.")
    settle()

    assert not automatic().exclude(state=OutgoingState.SUPPRESSED).exists()
    assert not Message.objects.filter(direction=Direction.OUT).exists()
    assert all(run.did[0]["left"] for run in AutomationRun.objects.all())


def test_a_mail_by_a_machine_that_began_a_record_is_not_answered():
    replying()
    mailbox = MailboxFactory()
    store_raw_mail(
        mailbox,
        b"From: shop@example.org\r\nSubject: Sale\r\nMessage-ID: <s@example.org>\r\n"
        b"List-Id: <sale.example.org>\r\n\r\nBuy!",
    )
    settle()

    assert not automatic().exists()


def test_the_same_words_are_not_sent_twice_within_a_day():
    replying("customer_wrote")
    feedback = FeedbackFactory()
    for text in ("One", "Two"):
        add_customer_message(feedback.pk, channel=Channel.WEB_FORM, text=text)

    settle()

    assert automatic().count() == 1


# --- other actions ------------------------------------------------------------------------------
def test_people_are_told_and_tasks_planned(team):
    lead = member(Role.LEAD, team)
    team.memberships.filter(user=lead).update(is_lead=True)
    person = member(Role.AGENT, team)
    live(
        "created",
        {"do": "tell_leads", "text": "A key customer"},
        {"do": "tell_person", "person": person.pk},
        {"do": "create_task", "kind": "call_back", "hours": 24, "title": "Ask how it went"},
    )

    feedback = FeedbackFactory(team=team)
    settle()

    told = Notification.objects.filter(feedback=feedback, kind=NoticeKind.RULE)
    assert sorted(told.values_list("user", flat=True)) == sorted([lead.pk, person.pk])
    assert Task.objects.get(feedback=feedback).title == "Ask how it went"
    assert any("told" in line.sentence for line in story_of(feedback))


def test_t68_who_must_only_be_told_changes_nothing(team):
    """A rule does what its actions say and nothing beside."""
    lead = member(Role.LEAD, team)
    team.memberships.filter(user=lead).update(is_lead=True)
    feedback = FeedbackFactory(team=team)
    before = (feedback.priority, feedback.status, feedback.team, feedback.assignee)
    live("noted", {"do": "tell_leads"})

    add_note(feedback.pk, by=member(Role.AGENT, team), text="Hm.")
    settle(feedback)

    assert Notification.objects.filter(user=lead, kind=NoticeKind.RULE).exists()
    assert (feedback.priority, feedback.status, feedback.team, feedback.assignee) == before
    assert feedback.messages.filter(direction=Direction.NOTE).count() == 1


def test_t66_a_missed_promise_sets_a_rule_off_once(time_machine):
    feedback = FeedbackFactory(priority=Priority.URGENT)
    run_queued_jobs()
    live("sla_breached", note("Missed"))
    time_machine.move_to(timezone.now() + timedelta(hours=30), tick=False)

    for _look in range(3):
        watch_clocks()
        settle()

    notes = feedback.messages.filter(direction=Direction.NOTE, text="Missed")
    assert (
        notes.count()
        == feedback.timeline.filter(kind=TimelineKind.SLA, data__what="breached").count()
    )
    assert notes.exists()


# --- time ---------------------------------------------------------------------------------------
def test_a_time_rule_takes_what_waited_long_enough_once_for_each_record(time_machine):
    live("time", note("Still open"), when="created older than 2 days")
    feedback = FeedbackFactory()

    assert run_time_rules() == 0
    time_machine.move_to(timezone.now() + timedelta(days=3), tick=False)
    assert [run_time_rules(), run_time_rules()] == [1, 0]
    assert feedback.messages.filter(direction=Direction.NOTE).count() == 1


def test_a_time_rule_whose_condition_it_makes_false_may_run_again(time_machine, agent):
    closed = Status.objects.default_for(State.CLOSED)
    live(
        "time",
        {"do": "set_status", "status": closed.code},
        when="state = resolved and resolved older than 7 days",
        once_per_record=False,
    )
    feedback = FeedbackFactory()
    resolve_feedback(feedback.pk, by=agent)
    time_machine.move_to(timezone.now() + timedelta(days=8), tick=False)

    assert [run_time_rules(), run_time_rules()] == [1, 0]
    feedback.refresh_from_db()
    assert feedback.state == State.CLOSED


def test_a_time_rule_takes_so_many_at_once_and_goes_on_the_next_time(time_machine):
    live("time", HIGH, when="created older than 1 day")
    for _each in range(3):
        FeedbackFactory()
    time_machine.move_to(timezone.now() + timedelta(days=2), tick=False)

    assert [run_time_rules(limit=2), run_time_rules(limit=2), run_time_rules(limit=2)] == [2, 1, 0]


def test_what_rules_did_is_forgotten_after_half_a_year_but_not_what_they_do_once(time_machine):
    live("created", URGENT)
    live("time", note("Still open"), when="created older than 2 days")
    feedback = FeedbackFactory()
    settle(feedback)
    time_machine.move_to(timezone.now() + timedelta(days=3), tick=False)
    run_time_rules()
    assert (AutomationRun.objects.count(), forget_old_runs()) == (2, 0)

    time_machine.move_to(timezone.now() + timedelta(days=181), tick=False)

    assert forget_old_runs() == 1
    assert run_time_rules() == 0
    assert feedback.messages.filter(direction=Direction.NOTE).count() == 1


def test_a_rule_that_is_switched_off_does_nothing():
    rule = live("created", URGENT)
    switch_automation(rule, on=False)

    feedback = FeedbackFactory()
    settle(feedback)

    assert feedback.priority == Priority.NORMAL


def test_the_status_that_a_rule_sets_goes_through_the_one_door(agent):
    waiting = Status.objects.default_for(State.WAITING_CUSTOMER)
    live("answered", {"do": "set_status", "status": waiting.code})
    feedback = FeedbackFactory()

    send_reply(feedback.pk, by=agent, text="Which model?")
    settle(feedback)

    assert feedback.status == waiting
    change_status(feedback.pk, status=Status.objects.default_for(State.OPEN), by=agent)


def test_a_rule_queues_a_call_of_a_webhook_once():
    endpoint, _secret = create_webhook(
        by=None, name="Shop", url="https://shop.example/hook", event_types=["task.done"]
    )
    live("created", {"do": "call_webhook", "endpoint": endpoint.pk})

    feedback = FeedbackFactory()
    settle()

    call = WebhookDelivery.objects.get(event="automation.called")
    assert call.about == f"#{feedback.number}"
    assert any("called the webhook Shop" in line.sentence for line in story_of(feedback))
