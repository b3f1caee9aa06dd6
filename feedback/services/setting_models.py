"""The settings of this app, for the pages “Settings” and “History” and for export and import."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import CustomField
from config.kernel.settings_models import Part, Parts, SettingModel
from feedback.enums import EscalateOn, EscalationKind, Metric, ViewScope
from feedback.models import (
    AutomationRule,
    BusinessCalendar,
    CalendarDay,
    CalendarWindow,
    Category,
    ChecklistTemplate,
    CompensationLimit,
    FormDefinition,
    HolidayFeed,
    Macro,
    Mailbox,
    NegativeRule,
    Product,
    PushAddress,
    ReopenPolicy,
    ReplyTemplate,
    RetentionRule,
    RoutingRule,
    RoutingTag,
    SavedView,
    Signature,
    SLAEscalation,
    SLAPolicy,
    SLATarget,
    Status,
    Tag,
    TeamDistribution,
)
from feedback.services.automation_rules import bring_back_automation, save_automation
from feedback.services.calendars import CalendarNotUsable, replace_days, save_calendar
from feedback.services.categories import archive_category, save_category
from feedback.services.checklists import bring_back_checklist, save_checklist
from feedback.services.compensation_limits import save_limit
from feedback.services.custom_fields import bring_back_custom_field, put_away_custom_field
from feedback.services.custom_fields import save_custom_field as save_field
from feedback.services.form_definitions import bring_back_form, put_away_form, save_form
from feedback.services.macros import save_macro
from feedback.services.mailboxes import save_mailbox
from feedback.services.negative import save_negative_rule
from feedback.services.products import save_product
from feedback.services.reopening import set_reopening
from feedback.services.reply_templates import TextMissing, save_template
from feedback.services.retention import save_rule as save_retention_rule
from feedback.services.routing_rules import save_distribution, save_rule
from feedback.services.saved_views import save_view
from feedback.services.setting_contents import (
    ACTIONS,
    CHANGES,
    CODES,
    FILTERS,
    NUMBERS,
    OBJECTS,
    OPTIONS,
    SHOWN_WHEN,
)
from feedback.services.signatures import save_signature
from feedback.services.sla_policies import (
    Escalation,
    Promise,
    bring_back_policy,
    save_policy,
)
from feedback.services.statuses import archive_status, save_status
from feedback.services.tags import save_tag


# --- services as the registry calls them ------------------------------------------------------
def _save_reopening(rule: ReopenPolicy, _parts: Parts, _by: Any) -> ReopenPolicy:
    return set_reopening(
        rule.team,
        on_answer=rule.on_answer,
        days=rule.days,
        keeps_assignee=rule.keeps_assignee,
        close_after_days=rule.close_after_days,
    )


def _save_routing(rule: RoutingRule, parts: Parts, by: Any) -> RoutingRule:
    return save_rule(rule, tags=[row["tag"].name for row in parts["tags"]], by=by)


def _save_policy(policy: SLAPolicy, parts: Parts, _by: Any) -> SLAPolicy:
    promises = [Promise(**row | {"metric": Metric(row["metric"])}) for row in parts["targets"]]
    escalations = [
        Escalation(EscalateOn(row["on"]), EscalationKind(row["kind"]), row["metric"], row["team"])
        for row in parts["escalations"]
    ]
    return save_policy(policy, promises=promises, escalations=escalations)


def _save_calendar(calendar: BusinessCalendar, parts: Parts, _by: Any) -> BusinessCalendar:
    week: list[list[tuple[int, int]]] = [[] for _day in range(7)]
    for row in parts["windows"]:
        if not 0 <= row["weekday"] < 7:
            raise CalendarNotUsable(_("A weekday is a number from 0 (Monday) to 6."))
        week[row["weekday"]].append((row["starts"], row["ends"]))
    for row in parts["days"]:
        _ensure_spans(row["spans"])
        if calendar.pk is None and row["source"].startswith("feed-"):
            row["source"] = "import"  # the number of a feed means another one here
    saved = save_calendar(calendar, week=[tuple(sorted(day)) for day in week])
    replace_days(saved, parts["days"])
    return saved


def _ensure_spans(spans: Any) -> None:
    pairs = isinstance(spans, list) and all(
        isinstance(one, list) and len(one) == 2 and all(type(at) is int for at in one)
        for one in spans
    )
    if not pairs:
        raise CalendarNotUsable(_("Hours of a day are pairs of minutes."))


def _save_mailbox(mailbox: Mailbox, _parts: Parts, _by: Any) -> Mailbox:
    """A new one fetches nothing before somebody gave its password."""
    if mailbox.pk is None:
        mailbox.is_active = False
    return save_mailbox(mailbox)


def _save_signature(signature: Signature, _parts: Parts, _by: Any) -> Any:
    if not (signature.body_zh.strip() or signature.body_en.strip()):
        raise TextMissing
    return save_signature(
        user=signature.user,
        team=signature.team,
        body_zh=signature.body_zh,
        body_en=signature.body_en,
    )


def _save_view(view: SavedView, _parts: Parts, by: Any) -> SavedView:
    return save_view(view, by=by)


_CONTENT, _WORK = gettext_lazy("What is recorded"), gettext_lazy("How work flows")
_WRITING, _CARE = gettext_lazy("Writing to customers"), gettext_lazy("Promises and care")
_BY_NAME = ("name_en",)
_COUNTS = ("hits", "last_hit_at")

FEEDBACK_SETTINGS = (
    SettingModel(
        Category,
        _CONTENT,
        gettext_lazy("What feedback is about, as a tree."),
        "folder-tree",
        save=lambda one, _parts, _by: save_category(one),
        left=("path",),
        keeps_archived=True,
        archive=archive_category,
    ),
    SettingModel(
        Tag,
        _CONTENT,
        gettext_lazy("Free words on records."),
        "tag",
        key=("name",),
        save=lambda one, _parts, _by: save_tag(one),
        keeps_archived=True,
    ),
    SettingModel(
        Product,
        _CONTENT,
        gettext_lazy("What customers bought."),
        "package",
        save=lambda one, _parts, _by: save_product(one),
        keeps_archived=True,
    ),
    SettingModel(
        CustomField,
        _CONTENT,
        gettext_lazy("What is asked beyond what every record and customer has."),
        "text-cursor-input",
        key=("subject", "code"),
        save=lambda one, _parts, _by: save_field(one),
        left=("changed_at",),
        contents={"options": OPTIONS, "shown_when": SHOWN_WHEN},
        keeps_archived=True,
        archive=put_away_custom_field,
        bring_back=bring_back_custom_field,
        page="feedback:custom_fields",
        edit="feedback:edit_custom_field",
        menu=gettext_lazy("Fields and forms"),
        needs="accounts.change_customfield",
        also=("/forms/",),
    ),
    SettingModel(
        FormDefinition,
        _CONTENT,
        gettext_lazy("What customers are asked, and where."),
        "clipboard-list",
        save=lambda one, _parts, _by: save_form(one),
        left=("is_default",),
        contents={"categories": CODES, "priorities": NUMBERS, "fields": OBJECTS},
        keeps_archived=True,
        archive=put_away_form,
        bring_back=bring_back_form,
        page="feedback:forms",
        edit="feedback:edit_form",
    ),
    SettingModel(
        Status,
        _WORK,
        gettext_lazy("The steps of a record, and what the customer sees of them."),
        "workflow",
        save=lambda one, _parts, _by: save_status(one),
        keeps_archived=True,
        archive=archive_status,
        page="feedback:statuses",
        edit="feedback:edit_status",
        menu=gettext_lazy("Workflow"),
        also=("/workflow/",),
    ),
    SettingModel(
        ReopenPolicy,
        _WORK,
        gettext_lazy("What happens when a customer writes to a record that is done."),
        "rotate-ccw",
        key=("team",),
        save=_save_reopening,
        page="feedback:reopening",
    ),
    SettingModel(
        RoutingRule,
        _WORK,
        gettext_lazy("Which team new feedback goes to."),
        "signpost",
        key=_BY_NAME,
        marked="is_catch_all",
        save=_save_routing,
        left=_COUNTS,
        parts=(Part("tags", RoutingTag, "routingrule", ("tag",)),),
        page="feedback:routing",
        edit="feedback:edit_rule",
        menu=gettext_lazy("Routing"),
    ),
    SettingModel(
        TeamDistribution,
        _WORK,
        gettext_lazy("How the records of a team find somebody."),
        "users-round",
        key=("team",),
        save=lambda one, _parts, _by: save_distribution(one),
        left=("last_given_to",),
        page="feedback:routing",
    ),
    SettingModel(
        AutomationRule,
        _WORK,
        gettext_lazy("What is done by itself when something happens, or after a time."),
        "zap",
        key=_BY_NAME,
        save=lambda one, _parts, _by: save_automation(one),
        # Only what was tried here goes live here.
        left=("is_active", "tried", "tried_at", "last_error", *_COUNTS),
        contents={"actions": ACTIONS},
        bring_back=bring_back_automation,
        when_new=gettext_lazy("It is switched off: try it on the last records, then switch on."),
        page="feedback:automation",
        edit="feedback:automation_rule",
        menu=gettext_lazy("Automation"),
    ),
    SettingModel(
        ChecklistTemplate,
        _WORK,
        gettext_lazy("What has to be done, step by step."),
        "list-checks",
        key=_BY_NAME,
        save=lambda one, _parts, _by: save_checklist(one),
        bring_back=bring_back_checklist,
        page="feedback:checklists",
    ),
    SettingModel(
        SavedView,
        _WORK,
        gettext_lazy("Lists that teams or everybody have beside the queue."),
        "bookmark",
        key=("scope", "team", "name_zh", "name_en"),
        save=_save_view,
        left=("owner",),
        contents={"filters": FILTERS},
        shared=~Q(scope=ViewScope.PERSONAL),
        page="feedback:saved_views",
    ),
    SettingModel(
        BusinessCalendar,
        _CARE,
        gettext_lazy("When people work, and on which days they do not."),
        "calendar-clock",
        save=_save_calendar,
        parts=(
            Part("windows", CalendarWindow, "calendar", ("weekday", "starts")),
            Part("days", CalendarDay, "calendar", ("date",)),
        ),
        page="feedback:service_levels",
        edit="feedback:calendar",
    ),
    SettingModel(
        HolidayFeed,
        _CARE,
        gettext_lazy("Addresses from which the special days of a calendar are fetched."),
        "rss",
        key=("calendar",),
        stays=gettext_lazy("An address can hold a key: enter it where it is to be used."),
        hidden=("url",),
        page="feedback:service_levels",
    ),
    SettingModel(
        SLAPolicy,
        _CARE,
        gettext_lazy("What customers are promised, by priority."),
        "timer",
        save=_save_policy,
        parts=(
            Part("targets", SLATarget, "policy", ("priority", "metric")),
            Part("escalations", SLAEscalation, "policy", ("on", "metric", "kind")),
        ),
        bring_back=bring_back_policy,
        page="feedback:service_levels",
        edit="feedback:policy",
        menu=gettext_lazy("Service levels"),
        also=("/working-hours/",),
    ),
    SettingModel(
        CompensationLimit,
        _CARE,
        gettext_lazy("Up to what a role grants compensation without asking."),
        "coins",
        key=("role",),
        save=lambda one, _parts, _by: save_limit(one),
    ),
    SettingModel(
        NegativeRule,
        _CARE,
        gettext_lazy("Which feedback is negative, and what must be done about it."),
        "frown",
        save=lambda one, _parts, _by: save_negative_rule(one),
        page="feedback:negative_rule",
        menu=gettext_lazy("Negative feedback"),
        needs="feedback.change_negativerule",
    ),
    SettingModel(
        RetentionRule,
        _CARE,
        gettext_lazy("How long settled records are kept as they are."),
        "archive",
        key=_BY_NAME,
        save=lambda one, _parts, _by: save_retention_rule(one),
        # Somebody looks at what it would do here first.
        left=("is_active",),
        when_new=gettext_lazy("It is switched off: look at what it would do, then switch it on."),
        page="feedback:retention",
    ),
    SettingModel(
        ReplyTemplate,
        _WRITING,
        gettext_lazy("Prepared answers with variables."),
        "message-square-text",
        key=("shortcut",),
        save=lambda one, _parts, _by: save_template(one),
        left=("owner",),
        shared=Q(owner=None),
        page="feedback:reply_templates",
        menu=gettext_lazy("Templates"),
        also=("/signatures/",),
        needs="feedback.reply_feedback",
    ),
    SettingModel(
        Macro,
        _WRITING,
        gettext_lazy("Several changes at once, perhaps with an answer."),
        "wand-sparkles",
        key=_BY_NAME,
        save=lambda one, _parts, _by: save_macro(one),
        left=("owner", "used"),
        contents={"changes": CHANGES},
        shared=Q(owner=None),
        page="feedback:macros",
        menu=gettext_lazy("Macros"),
        needs="feedback.change_feedback",
    ),
    SettingModel(
        Signature,
        _WRITING,
        gettext_lazy("What stands below the answers of a team."),
        "signature",
        key=("team",),
        save=_save_signature,
        left=("user",),
        shared=Q(user=None),
        page="feedback:signatures",
    ),
    SettingModel(
        Mailbox,
        _WRITING,
        gettext_lazy("Addresses at which customers write to us."),
        "mail",
        key=("address",),
        save=_save_mailbox,
        hidden=("last_error",),
        left=(
            "is_active", "uid_validity", "last_uid", "unread_until", "fetching_uid", "fetch_tries",
            "polled_at", "succeeded_at", "lease_until", "access_token_until", "token_lease_until",
        ),
        when_new=gettext_lazy("It is switched off: enter its password, then switch it on."),
        page="feedback:mailboxes",
        edit="feedback:edit_mailbox",
        menu=gettext_lazy("Mailboxes"),
    ),
    SettingModel(
        PushAddress,
        _WRITING,
        gettext_lazy("Where mail providers bring the mail of a mailbox by HTTP."),
        "inbox",
        key=("mailbox",),
        stays=gettext_lazy("Its secret is made where it is used and shown once."),
        hidden=("signing_key", "received_at", "refused_at", "refusal"),
        page="feedback:mailboxes",
    ),
)  # fmt: skip
