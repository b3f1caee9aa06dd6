"""The settings of this app, for the pages “Settings” and “History”."""

from django.utils.translation import gettext_lazy as _

from config.kernel.settings_models import SettingModel
from feedback.models import (
    AutomationRule,
    BusinessCalendar,
    Category,
    ChecklistTemplate,
    Mailbox,
    Product,
    ReopenPolicy,
    ReplyTemplate,
    RoutingRule,
    SLAPolicy,
    Status,
    Tag,
)

_CONTENT, _WORK = _("What is recorded"), _("How work flows")
_WRITING = _("Writing to customers")
FEEDBACK_SETTINGS = (
    SettingModel(Category, _CONTENT, _("What feedback is about, as a tree."), "folder-tree"),
    SettingModel(Tag, _CONTENT, _("Free words on records."), "tag"),
    SettingModel(Product, _CONTENT, _("What customers bought."), "package"),
    SettingModel(
        Status,
        _WORK,
        _("The steps of a record, and what the customer sees of them."),
        "workflow",
        page="feedback:statuses",
        edit="feedback:edit_status",
    ),
    SettingModel(
        ReopenPolicy,
        _WORK,
        _("What happens when a customer writes to a record that is done."),
        "rotate-ccw",
    ),
    SettingModel(
        RoutingRule,
        _WORK,
        _("Which team new feedback goes to."),
        "signpost",
        page="feedback:routing",
        edit="feedback:edit_rule",
    ),
    SettingModel(
        AutomationRule,
        _WORK,
        _("What is done by itself when something happens, or after a time."),
        "zap",
        page="feedback:automation",
        edit="feedback:automation_rule",
    ),
    SettingModel(
        SLAPolicy,
        _WORK,
        _("What customers are promised, by priority."),
        "timer",
        page="feedback:service_levels",
        edit="feedback:policy",
    ),
    SettingModel(
        BusinessCalendar,
        _WORK,
        _("When people work, and on which days they do not."),
        "calendar-clock",
        page="feedback:service_levels",
        edit="feedback:calendar",
    ),
    SettingModel(
        ChecklistTemplate,
        _WORK,
        _("What has to be done, step by step."),
        "list-checks",
        page="feedback:checklists",
    ),
    SettingModel(
        ReplyTemplate, _WRITING, _("Prepared answers with variables."), "message-square-text"
    ),
    SettingModel(
        Mailbox, _WRITING, _("Addresses at which customers write to us."), "mail", key="address"
    ),
)
