from django.urls import path

from accounts.views import (
    availability,
    language,
    mail_limits,
    mail_stops,
    outbox,
    profile,
    setting_files,
    settings,
    styleguide,
    tokens,
    webhooks,
)

app_name = "accounts"

urlpatterns = [
    path("language/", language.choose_language, name="language"),
    path("outbox/", outbox.outbox, name="outbox"),
    path("outbox/<int:pk>/", outbox.caught_mail, name="caught_mail"),
    path("outbox/<int:pk>/html/", outbox.caught_html, name="caught_html"),
    path("outbox/<int:pk>/source/", outbox.caught_source, name="caught_source"),
    path("account/profile/", profile.profile, name="profile"),
    path("account/availability/", availability.availability, name="availability"),
    path("account/availability/switch/", availability.switch, name="switch_availability"),
    path("account/tokens/", tokens.tokens, name="tokens"),
    path("account/tokens/<int:pk>/revoke/", tokens.revoke, name="revoke_token"),
    path("settings/", settings.settings, name="settings"),
    path("settings/transfer/", setting_files.transfer, name="settings_transfer"),
    path("settings/export/", setting_files.export, name="export_settings"),
    path("settings/history/", settings.settings_history, name="settings_history"),
    path(
        "settings/history/<str:kind>/<int:pk>/",
        settings.setting_history,
        name="setting_history",
    ),
    path(
        "settings/history/<str:kind>/<int:pk>/<int:number>/",
        settings.restore_setting,
        name="restore_setting",
    ),
    path("settings/automatic-mail/", mail_limits.limits, name="mail_limits"),
    path("settings/automatic-mail/held/", mail_stops.held, name="mail_stops"),
    path("settings/automatic-mail/notice/", mail_stops.notice, name="mail_stop_notice"),
    path("settings/automatic-mail/<slug:what>/now/", mail_stops.change, name="change_mail_stop"),
    path("settings/automatic-mail/blocked/", mail_limits.blocked, name="blocked"),
    path("settings/automatic-mail/blocked/<int:pk>/lift/", mail_limits.lift, name="lift_block"),
    path("webhooks/", webhooks.webhooks, name="webhooks"),
    path("webhooks/new/", webhooks.new_webhook, name="new_webhook"),
    path("webhooks/<int:pk>/", webhooks.webhook, name="webhook"),
    path("webhooks/<int:pk>/edit/", webhooks.edit_webhook, name="edit_webhook"),
    path(
        "webhooks/<int:pk>/deliveries/<int:delivery_id>/",
        webhooks.delivery,
        name="webhook_delivery",
    ),
    path(
        "webhooks/<int:pk>/deliveries/<int:delivery_id>/again/",
        webhooks.resend,
        name="resend_delivery",
    ),
    path("webhooks/<int:pk>/<slug:what>/", webhooks.change, name="change_webhook"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("styleguide/public/", styleguide.styleguide_public, name="styleguide_public"),
    path("styleguide/mail/", styleguide.styleguide_mail, name="styleguide_mail"),
]
