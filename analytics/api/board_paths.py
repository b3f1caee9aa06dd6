"""The addresses of metrics, cross analysis and dashboards; config.api has them among its own."""

from django.urls import path

from analytics.api.cross import CrossAnalysisViewSet
from analytics.api.metrics import BoardsViewSet, MetricsViewSet

_metrics = MetricsViewSet.as_view({"get": "list"})
_metric = MetricsViewSet.as_view({"get": "retrieve"})
_dashboards = BoardsViewSet.as_view({"get": "list"})
_dashboard = BoardsViewSet.as_view({"get": "retrieve"})
_cross = CrossAnalysisViewSet.as_view({"get": "retrieve"})

BOARDS = [
    path("v1/metrics/", _metrics, name="metrics"),
    path("v1/metrics/<slug:key>/", _metric, name="metric"),
    path("v1/cross-analysis/", _cross, name="cross-analysis"),
    path("v1/dashboards/", _dashboards, name="dashboards"),
    path("v1/dashboards/<slug:key>/", _dashboard, name="dashboard"),
]
