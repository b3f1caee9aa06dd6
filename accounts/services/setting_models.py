"""The settings of this app, for the pages “Settings” and “History” and for export and import."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import (
    CustomerTag,
    MailLimits,
    Membership,
    Organisation,
    PersonalDataRules,
    Team,
    User,
    WebhookEndpoint,
)
from accounts.models.access_events import RoleGrant
from accounts.services.customer_tags import save_customer_tag
from accounts.services.organisations import save_organisation
from accounts.services.personal_data import save_personal_data_rules
from accounts.services.suppression import save_mail_limits
from accounts.services.teams import save_team
from accounts.services.webhooks import CHANGEABLE, change_webhook, create_webhook, pause_webhook
from config.kernel.settings_models import Part, Parts, SettingModel

_PEOPLE, _SYSTEMS = _("People"), _("Other systems")


def _save_webhook(endpoint: WebhookEndpoint, _parts: Parts, by: Any) -> WebhookEndpoint:
    """A new one gets a secret of its own and tells nobody anything before somebody looked."""
    given = {name: getattr(endpoint, name) for name in sorted(CHANGEABLE)}
    if endpoint.pk:
        return change_webhook(endpoint.pk, **given)
    made, _secret = create_webhook(by=by, **given)
    return pause_webhook(made.pk)


ACCOUNT_SETTINGS = (
    SettingModel(
        User,
        _PEOPLE,
        _("Who works here, and in which role."),
        "user-cog",
        key=("email",),
        stays=_("People are invited by mail and choose their own password."),
        parts=(
            Part("roles", RoleGrant, "user", ("group",)),
            Part("teams", Membership, "user", ("team",)),
        ),
    ),
    SettingModel(
        Team,
        _PEOPLE,
        _("Who shares a queue and sees its records."),
        "users",
        key=("name_en",),
        save=lambda team, _parts, _by: save_team(team),
        keeps_archived=True,
    ),
    SettingModel(
        Organisation,
        _PEOPLE,
        _("Companies that customers belong to."),
        "building-2",
        key=("name",),
        save=lambda one, _parts, _by: save_organisation(one),
        stays=_("Organisations are data about customers."),
        keeps_archived=True,
        page="feedback:organisations",
        edit="feedback:edit_organisation",
    ),
    SettingModel(
        CustomerTag,
        _PEOPLE,
        _("Words that staff put on customers."),
        "tags",
        key=("name",),
        save=lambda tag, _parts, _by: save_customer_tag(tag),
        keeps_archived=True,
    ),
    SettingModel(
        MailLimits,
        _("Mail"),
        _("How much automatic mail may go out, and which addresses get none."),
        "mail-warning",
        save=lambda one, _parts, _by: save_mail_limits(one),
        page="accounts:mail_limits",
        also=("/settings/automatic-mail/",),
        words=[_("Blocked addresses"), _("bounces")],
        menu=_("Automatic mail"),
    ),
    SettingModel(
        PersonalDataRules,
        _PEOPLE,
        _("What tells who somebody is, and where it is covered in texts."),
        "eye-off",
        save=lambda one, _parts, _by: save_personal_data_rules(one),
        page="accounts:personal_data",
        also=("/settings/personal-data/",),
        words=[_("privacy"), _("phones"), "PII"],
        menu=_("Personal data"),
    ),
    SettingModel(
        WebhookEndpoint,
        _SYSTEMS,
        _("Other systems that are told at once when something happens here."),
        "webhook",
        key=("name",),
        save=_save_webhook,
        left=(
            "former_until", "is_active", "paused_because", "failures", "failing_since",
            "rests_until", "busy_until", "succeeded_at", "created_by", "created_at",
        ),
        when_new=_(
            "It is paused and has a new secret: give that to the other system, then resume it."
        ),
        page="accounts:webhooks",
        edit="accounts:webhook",
        words=["webhook", "API"],
        menu=_("Webhooks"),
    ),
)  # fmt: skip
