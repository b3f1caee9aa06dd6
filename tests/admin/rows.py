"""One row of each model that the admin shows, made the short way."""

from collections.abc import Callable
from itertools import count
from uuid import uuid4

from django.utils import timezone

from accounts.enums import ConsentChannel, ConsentPurpose, OutgoingKind
from accounts.models import CustomerTag, MailLimits, MailStop, Organisation, PersonalDataRules
from accounts.services.api_tokens import issue_token
from accounts.services.customers import record_consent
from accounts.services.outbox import queue_mail
from analytics.enums import AlertKind, MeasureKind
from analytics.models import Alert, AlertRule
from analytics.services.measures import propose_measure
from analytics.services.problems import make_problem
from analytics.services.publications import draft_publication
from analytics.services.thanks import decide_praise, thank_colleague
from feedback.enums import CommitmentKind, LinkSide
from feedback.models import (
    AutomationRule,
    Category,
    ChecklistTemplate,
    CompensationLimit,
    FormDefinition,
    NegativeRule,
    RetentionRule,
    RetentionRun,
    RoutingRule,
    SavedView,
    Signature,
    Skill,
    SLAEvent,
    Status,
    Tag,
    TeamDistribution,
)
from feedback.rules.commitments import Said
from feedback.services.automation_rules import save_automation
from feedback.services.categories import save_category
from feedback.services.commitments import make_commitment
from feedback.services.following import follow
from feedback.services.followup import plan_call_back
from feedback.services.inbound_mail import store_raw_mail
from feedback.services.links import link_feedback
from feedback.services.negative import mark_negative
from feedback.services.quality_traces import start_trace
from feedback.services.reopening import set_reopening
from feedback.services.retention import save_rule as save_retention_rule
from feedback.services.routing_rules import save_rule
from feedback.services.statuses import save_status
from feedback.services.suggestions import hand_in_suggestion
from tests.factories import (
    CustomerFactory,
    CustomFieldFactory,
    FeedbackFactory,
    MacroFactory,
    MailboxFactory,
    ProductFactory,
    ReplyTemplateFactory,
    TeamFactory,
    UserFactory,
)
from tests.feedback.sla.promises import calendar, policy, promise
from tests.surveys.rows import SURVEY_ROWS

number = count(1)


def token():
    return issue_token(user=UserFactory(), name="Till", scopes=["feedback:read"])[0]


def consent():
    return record_consent(
        CustomerFactory().pk,
        purpose=ConsentPurpose.SURVEY,
        given=True,
        channel=ConsentChannel.WEB_FORM,
    )


def outgoing():
    return queue_mail(
        kind=OutgoingKind.REPLY,
        tag="t1",
        to_address=f"li{next(number)}@example.org",
        subject="Re: leak",
        body_text="We will come.",
    )


def organisation() -> Organisation:
    return Organisation.objects.create(name=f"Company {next(number)}", domain="example.org")


def status():
    return save_status(Status(code=f"s{next(number)}", state="open", name_zh="等", name_en="W"))


def retention_rule():
    rule = RetentionRule(name_zh="旧", name_en="Old", after_days=9, action="anonymise")
    return save_retention_rule(rule)


def category():
    n = next(number)
    return save_category(
        Category(code=f"c{n}", name_zh="漏水", name_en="Leak", parent=Category.objects.first())
    )


def inbound_mail():
    return store_raw_mail(MailboxFactory(team=TeamFactory()), b"Subject: leak\r\n\r\nIt leaks.")


def routing_rule():
    rule = RoutingRule(name_zh="退款", name_en=f"Refunds {next(number)}", set_team=TeamFactory())
    rule.condition = ["is", "channel", "email"]
    return save_rule(rule)


def automation_rule():
    rule = AutomationRule(name_zh="提醒", name_en=f"Remind {next(number)}", event="created")
    rule.actions = [{"do": "set_priority", "priority": 4}]
    return save_automation(rule)


def skill():
    return Skill.objects.create(
        user=UserFactory(), tag=Tag.objects.create(name=f"tag {next(number)}")
    )


def record():
    return FeedbackFactory(team=TeamFactory())


def message():
    return record().messages.get()


def timeline_entry():
    return record().timeline.get()


def clock():
    return record().clocks.get(metric="first_response")


def clock_event():
    one = clock()
    return SLAEvent.objects.create(
        clock=one, feedback=one.feedback, kind="warned", due_at=one.due_at
    )


def negative_case():
    feedback = record()
    mark_negative(feedback.pk, by=UserFactory())
    return feedback.negative_case


def commitment():
    said = Said(CommitmentKind.SOLUTION, "Send a filter")
    return make_commitment(record().pk, by=UserFactory(), said=said, owner=None)


def follower():
    return follow(record().pk, by=UserFactory())


def link():
    one, other = record(), record()
    return link_feedback(one.pk, other_id=other.pk, side=LinkSide.RELATED, by=UserFactory())


def mail_limits():
    MailLimits.objects.get_or_create()
    return MailLimits.objects.get()


def problem():
    return make_problem(by=UserFactory(), title=f"Leaks {next(number)}")


def measure():
    kind = MeasureKind.PRODUCT
    return propose_measure(problem().pk, by=UserFactory(), kind=kind, title="Seal it")


def publication():
    return draft_publication(by=UserFactory(), language="en", words={"title_en": "Sealed"})


def alert():
    day, rule = timezone.localdate(), AlertRule.objects.get(code="negative")
    return Alert.objects.create(
        rule=rule, kind=rule.kind, series=next(number), day=day, last_day=day
    )


def alert_rule():
    return AlertRule.objects.create(kind=AlertKind.NEGATIVE, name=f"Watch {next(number)}")


ROWS: dict[str, Callable] = {
    "analytics.Alert": alert,
    "analytics.AlertRule": alert_rule,
    "analytics.Measure": measure,
    "analytics.PraiseDecision": lambda: decide_praise(record(), is_praise=True, by=UserFactory()),
    "analytics.Problem": problem,
    "analytics.Thanks": lambda: thank_colleague(UserFactory(), by=UserFactory(), text="Fine"),
    "analytics.Publication": publication,
    "feedback.BusinessCalendar": calendar,
    "feedback.ChecklistTemplate": ChecklistTemplate.objects.first,
    "feedback.NegativeCase": negative_case,
    "feedback.NegativeRule": NegativeRule.objects.first,
    "feedback.QualityTrace": lambda: start_trace(record().pk, by=UserFactory()),
    "feedback.Commitment": commitment,
    "feedback.CompensationLimit": CompensationLimit.objects.first,
    "feedback.SLAClock": clock,
    "feedback.SLAEvent": clock_event,
    "feedback.SLAPolicy": lambda: policy(promise()),
    "accounts.ApiToken": token,
    "accounts.Consent": consent,
    "accounts.CustomField": CustomFieldFactory,
    "accounts.Customer": lambda: CustomerFactory(organisation=organisation()),
    "accounts.CustomerTag": lambda: CustomerTag.objects.create(name=f"tag {next(number)}"),
    "accounts.MailLimits": mail_limits,
    "accounts.PersonalDataRules": lambda: PersonalDataRules.objects.get_or_create()[0],
    "accounts.MailStop": lambda: MailStop.objects.create(
        stopped_by=UserFactory(), resumed_at=timezone.now()
    ),
    "accounts.Organisation": organisation,
    "accounts.OutgoingMessage": outgoing,
    "accounts.Team": TeamFactory,
    "accounts.User": lambda: UserFactory(team=TeamFactory()),
    "feedback.Category": category,
    "feedback.Feedback": record,
    "feedback.FeedbackLink": link,
    "feedback.FormDefinition": FormDefinition.objects.first,
    "feedback.Follower": follower,
    "feedback.InboundMail": inbound_mail,
    "feedback.Macro": MacroFactory,
    "feedback.Mailbox": lambda: MailboxFactory(team=TeamFactory()),
    "feedback.Message": message,
    "feedback.Product": ProductFactory,
    "feedback.ReplyTemplate": lambda: ReplyTemplateFactory(team=TeamFactory()),
    "feedback.RetentionRule": retention_rule,
    "feedback.RetentionRun": lambda: RetentionRun.objects.create(
        rule_name="Old", action="anonymise", numbers=[1]
    ),
    "feedback.ReopenPolicy": lambda: set_reopening(TeamFactory(), on_answer="reopen"),
    "feedback.AutomationRule": automation_rule,
    "feedback.RoutingRule": routing_rule,
    "feedback.Skill": skill,
    "feedback.SavedView": lambda: SavedView.objects.create(
        name_en="Mine", view="open", owner=UserFactory()
    ),
    "feedback.Signature": lambda: Signature.objects.create(user=UserFactory(), body_en="Li"),
    "feedback.Status": status,
    "feedback.Suggestion": lambda: (
        hand_in_suggestion(
            by=UserFactory(), subject="Paper", text="Less of it", language="en", key=uuid4().hex
        ).suggestion
    ),
    "feedback.Tag": lambda: Tag.objects.create(name=f"tag {next(number)}"),
    "feedback.Task": lambda: plan_call_back(record(), reason="low_score"),
    "feedback.TeamDistribution": lambda: TeamDistribution.objects.create(team=TeamFactory()),
    "feedback.TimelineEntry": timeline_entry,
    **SURVEY_ROWS,
}
