"""Where programs find thanks, suggestions of staff and the week."""

from django.urls import path

from analytics.api.culture import ThanksViewSet, WeekViewSet

CULTURE = [
    path("v1/thanks/", ThanksViewSet.as_view({"get": "list", "post": "create"}), name="thanks"),
    path("v1/week/", WeekViewSet.as_view({"get": "retrieve"}), name="week"),
]
