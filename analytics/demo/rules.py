"""Rules of automation that the demo company has: two that work, one that waits to be tried."""

from feedback.enums import RuleEvent, State
from feedback.models import AutomationRule, Status, Tag
from feedback.selectors.automation import digest_of
from feedback.services.automation_rules import save_automation


def make_rules() -> list[int]:
    """Their keys."""
    refunds = AutomationRule(
        name_zh="提到退款：优先处理",
        name_en="Refunds first",
        event=RuleEvent.CREATED,
        condition=["contains", "text", ["退款", "退货", "refund"]],
        actions=[{"do": "set_priority", "priority": 3}, *_tagged("退款")],
    )
    missed = AutomationRule(
        name_zh="逾期：提醒主管",
        name_en="Missed promises to the lead",
        event=RuleEvent.SLA_BREACHED,
        condition=["ge", "priority", "high"],
        actions=[{"do": "tell_leads", "text": ""}],
    )
    closing = AutomationRule(
        name_zh="解决两周后关闭",
        name_en="Close two weeks after it was resolved",
        event=RuleEvent.TIME,
        condition=["and", ["is", "state", "resolved"], ["older_than", "resolved", [14, "days"]]],
        actions=[{"do": "set_status", "status": Status.objects.default_for(State.CLOSED).code}],
        once_per_record=False,
    )
    for rule in (refunds, missed, closing):
        save_automation(rule)
    for rule in (refunds, missed):
        rule.is_active, rule.tried = True, digest_of(rule)
        save_automation(rule)
    return [one.pk for one in (refunds, missed, closing)]


def _tagged(name: str) -> list[dict[str, object]]:
    tag = Tag.objects.filter(archived_at=None, name__contains=name).order_by("pk").first()
    return [{"do": "add_tag", "tag": tag.pk}] if tag is not None else []
