"""The settings of this app, for the pages “Settings” and “History”."""

from django.utils.translation import gettext_lazy as _

from accounts.models import CustomField, Organisation, Team, User, WebhookEndpoint
from config.kernel.settings_models import SettingModel

_PEOPLE, _SYSTEMS, _CONTENT = _("People"), _("Other systems"), _("What is recorded")
ACCOUNT_SETTINGS = (
    SettingModel(User, _PEOPLE, _("Who works here, and in which role."), "user-cog"),
    SettingModel(Team, _PEOPLE, _("Who shares a queue and sees its records."), "users"),
    SettingModel(Organisation, _PEOPLE, _("Companies that customers belong to."), "building-2"),
    SettingModel(
        CustomField,
        _CONTENT,
        _("What is asked beyond what every record and customer has."),
        "text-cursor-input",
        page="feedback:custom_fields",
    ),
    SettingModel(
        WebhookEndpoint,
        _SYSTEMS,
        _("Other systems that are told at once when something happens here."),
        "webhook",
        page="accounts:webhooks",
        edit="accounts:webhook",
        words=["webhook", "API"],
    ),
)
