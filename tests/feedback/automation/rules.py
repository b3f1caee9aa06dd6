"""Rules for the tests of automation."""

from config.kernel.conditions.parsing import parse
from config.kernel.conditions.vocabulary import vocabulary
from feedback.models import AutomationRule
from feedback.services.automation import handle_events
from feedback.services.automation_rules import save_automation, switch_automation, try_automation
from tests.factories import UserFactory
from tests.support.jobs import run_queued_jobs


def draft(event, *actions, when="", **more):
    """A stored rule that is off; `when` is its condition written down."""
    condition = parse(when, vocabulary("feedback")).tree
    names = {"name_zh": "规则", "name_en": more.pop("name", "Rule")}
    rule = AutomationRule(event=event, condition=condition, actions=list(actions), **names, **more)
    return save_automation(rule)


def live(event, *actions, **more):
    """A rule that was tried and is on."""
    rule = draft(event, *actions, **more)
    try_automation(rule, by=UserFactory(is_superuser=True))
    switch_automation(rule, on=True)
    return rule


def settle(*records):
    """Jobs and rules have done what there was to do."""
    run_queued_jobs()
    handle_events()
    for record in records:
        record.refresh_from_db()


URGENT = {"do": "set_priority", "priority": 4}
HIGH = {"do": "set_priority", "priority": 3}


def note(text="Look at this"):
    return {"do": "add_note", "text": text}
