"""The addresses of the API: /api/v1/, its OpenAPI document and its reading room."""

from csp.constants import UNSAFE_INLINE
from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.defaults import server_error as server_error_page
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from accounts.access import public
from accounts.api.customers import CustomerViewSet
from accounts.api.teams import TeamViewSet
from config.kernel.api import plain_problem
from feedback.api.views import (
    CategoryViewSet,
    FeedbackViewSet,
    ProductViewSet,
    StatusViewSet,
)
from surveys.api.views import ResponseViewSet, SurveyViewSet


@public
@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    return plain_problem(request, 404, "not_found", _("There is no such address."))


def server_error(request: HttpRequest) -> HttpResponse:
    """handler500: programs get a problem document, people the page."""
    if request.path.startswith("/api/"):
        return plain_problem(request, 500, "error", _("Something went wrong on our side."))
    return server_error_page(request)


router = SimpleRouter(use_regex_path=False)
router.register("feedback", FeedbackViewSet, "feedback")
router.register("categories", CategoryViewSet, "category")
router.register("products", ProductViewSet, "product")
router.register("statuses", StatusViewSet, "status")
router.register("teams", TeamViewSet, "team")
router.register("customers", CustomerViewSet, "customer")
router.register("surveys", SurveyViewSet, "survey")
router.register("responses", ResponseViewSet, "response")

# Swagger UI brings its style in the page; nowhere else may a page do that.
docs = csp_update({"style-src": [UNSAFE_INLINE]})(
    SpectacularSwaggerSplitView.as_view(url_name="api:schema")
)

app_name = "api"
urlpatterns = [
    path("v1/schema/", SpectacularAPIView.as_view(), name="schema"),
    path("v1/", include(router.urls)),
    path("docs/", docs, name="docs"),
    re_path("", nothing_here),
]
