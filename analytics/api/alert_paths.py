"""Where programs find alerts and their rules."""

from django.urls import path

from analytics.api.alerts import AlertRulesViewSet, AlertsViewSet

_rules = AlertRulesViewSet.as_view({"get": "list", "post": "create"})
_rule = AlertRulesViewSet.as_view(
    {"get": "retrieve", "patch": "partial_update", "delete": "destroy"}
)

ALERTS = [
    path("v1/alerts/", AlertsViewSet.as_view({"get": "list"}), name="alerts"),
    path("v1/alerts/<int:pk>/", AlertsViewSet.as_view({"get": "retrieve"}), name="alert-detail"),
    path(
        "v1/alerts/<int:pk>/acknowledge/",
        AlertsViewSet.as_view({"post": "acknowledge"}),
        name="alert-acknowledge",
    ),
    path(
        "v1/alerts/<int:pk>/dismiss/",
        AlertsViewSet.as_view({"post": "dismiss"}),
        name="alert-dismiss",
    ),
    path(
        "v1/alerts/<int:pk>/reopen/",
        AlertsViewSet.as_view({"post": "reopen"}),
        name="alert-reopen",
    ),
    path("v1/alert-rules/", _rules, name="alert-rules"),
    path("v1/alert-rules/<int:pk>/", _rule, name="rule-detail"),
]
