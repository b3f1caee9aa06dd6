"""The four roles as groups: what each of them may do, kept the same by every `setup`."""

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from accounts.enums import Role

_READ = [
    "feedback.view_feedback",
    "accounts.view_customer",
    "accounts.view_customfield",
    "feedback.view_formdefinition",
    "surveys.view_response",
    "analytics.view_problem",
    "analytics.view_measure",
    "analytics.view_report",
    "analytics.view_publication",
    "analytics.view_alert",
]
_PUBLICATIONS = [f"analytics.{verb}_publication" for verb in ("add", "change", "delete")]
_REPORTS = [f"analytics.{verb}_report" for verb in ("add", "change", "delete")]
_WORK = [
    *_READ,
    "feedback.add_feedback",
    "feedback.change_feedback",
    "feedback.reply_feedback",
    "accounts.change_customer",
    "accounts.add_customer",
    "feedback.change_task",
    "analytics.review_readings",
    "analytics.add_problemevidence",
    "accounts.reveal_personal_data",
    "surveys.add_response",
    # At an event: who came, and what they said.
    "surveys.view_gathering",
    *(f"surveys.{verb}_booking" for verb in ("view", "add", "change")),
    *(f"surveys.{verb}_gatheringnote" for verb in ("view", "add")),
]
# What to do about an alert, and what is watched.
_ALERTS = [
    "analytics.change_alert",
    *(f"analytics.{verb}_alertrule" for verb in ("view", "add", "change", "delete")),
]
# Dashboards of one's own need no more than to see feedback.
_BOARDS = [
    "analytics.share_dashboard",
    *(f"analytics.{verb}_timelinenote" for verb in ("add", "change", "delete")),
]
_LEAD = [
    *_WORK,
    *(f"accounts.{verb}_organisation" for verb in ("view", "add", "change")),
    "surveys.view_survey",
    *(f"surveys.{verb}_gathering" for verb in ("add", "change", "delete")),
    "surveys.view_paperbatch",
    "surveys.add_paperbatch",
    "analytics.change_topic",
    *_BOARDS,
    *_ALERTS,
    "analytics.change_problem",
    "analytics.approve_measure",
    *_REPORTS,
    "analytics.approve_report",
    *_PUBLICATIONS,
    "analytics.check_publication",
    "analytics.publish_publication",
    "feedback.share_savedview",
    "feedback.view_replytemplate",
    "feedback.add_replytemplate",
    "feedback.change_replytemplate",
    "feedback.delete_replytemplate",
    "feedback.view_macro",
    "feedback.add_macro",
    "feedback.change_macro",
    "feedback.delete_macro",
    "feedback.view_slapolicy",
    "feedback.view_businesscalendar",
    "feedback.view_reopenpolicy",
    "feedback.change_reopenpolicy",
    "feedback.reopen_closed_feedback",
    "feedback.add_legalhold",
    *(f"feedback.{verb}_status" for verb in ("view", "add", "change", "delete")),
    "feedback.view_checklisttemplate",
    "feedback.change_checklisttemplate",
    "feedback.change_negativerule",
    *(f"feedback.{verb}_routingrule" for verb in ("view", "add", "change")),
    "feedback.view_automationrule",
    "feedback.view_teamdistribution",
    "feedback.change_teamdistribution",
]
_SURVEYS = [
    f"surveys.{verb}_{model}"
    for model in (
        "survey",
        "surveyversion",
        "collector",
        "invitation",
        "question",
        "choice",
        "reward",
        "responseimport",
        "gathering",
        "booking",
        "gatheringnote",
        "paperbatch",
        "questionbankitem",
    )
    for verb in ("view", "add", "change", "delete")
]
_CONFIGURED = {
    "accounts": [
        "user", "team", "membership", "organisation", "customer", "contactpoint", "apitoken",
        "consent", "customertag", "customfield", "privacyrequest",
        "webhookendpoint", "webhookdelivery", "maillimits", "personaldatarules",
    ],
    "feedback": [
        "status", "category", "tag", "product", "replytemplate", "macro", "signature",
        "mailbox", "pushaddress", "inboundmail",
        "businesscalendar", "slapolicy", "holidayfeed", "compensationlimit", "reopenpolicy",
        "retentionrule",
        "checklisttemplate", "negativerule",
        "routingrule", "teamdistribution", "skill",
        "savedview", "automationrule", "formdefinition",
    ],
    "surveys": [
        "survey", "surveyversion", "collector", "question", "choice", "invitation", "reward",
        "responseimport",
        "gathering", "booking", "gatheringnote",
        "paperbatch", "questionbankitem",
    ],
}  # fmt: skip

PERMISSIONS: dict[Role, list[str]] = {
    Role.AGENT: _WORK,
    Role.LEAD: [*_LEAD, "feedback.delete_feedback"],
    # Analysts are the market researchers too: they plan surveys, write and send them.
    Role.ANALYST: [
        *_READ,
        "accounts.view_every_team",
        *_SURVEYS,
        "surveys.change_response",  # whether it counts
        "analytics.review_readings",
        "analytics.view_textmodel",
        "analytics.change_topic",
        *_BOARDS,
        *_ALERTS,
        "analytics.add_problemevidence",
        "analytics.change_problem",
        *_REPORTS,
        *_PUBLICATIONS,
    ],
    Role.ADMIN: [
        *_LEAD,
        "analytics.view_textmodel",
        "analytics.change_textmodel",
        "analytics.view_readingrules",
        "analytics.change_readingrules",
        "analytics.view_textwording",
        "analytics.change_textwording",
        "analytics.view_thanks",
        "analytics.view_praisedecision",
        "feedback.view_suggestion",
        "analytics.view_publicpage",
        "analytics.change_publicpage",
        "surveys.change_response",
        "feedback.delete_feedback",
        "accounts.see_personal_data",
        "accounts.view_every_team",
        "accounts.view_outgoingmessage",
        "accounts.change_outgoingmessage",  # send it again
        "feedback.view_retentionrun",
        *(
            f"{app}.{verb}_{model}"
            for app, models in _CONFIGURED.items()
            for model in models
            for verb in ("view", "add", "change", "delete")
        ),
    ],
}


@transaction.atomic
def ensure_roles() -> None:
    """Make the four groups and give them at least their permissions; what an admin added to a
    group stays. Raises LookupError for a permission that does not exist."""
    for role, names in PERMISSIONS.items():
        group, _ = Group.objects.get_or_create(name=role.value)
        found = []
        for name in dict.fromkeys(names):
            app, _, codename = name.partition(".")
            permission = Permission.objects.filter(
                content_type__app_label=app, codename=codename
            ).first()
            if permission is None:
                raise LookupError(f"There is no permission {name}.")
            found.append(permission)
        group.permissions.add(*found)
