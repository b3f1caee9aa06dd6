from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

app_name = "feedback"


def not_yet(request: HttpRequest, **_: object) -> HttpResponse:
    raise Http404


urlpatterns = [
    path("queue/", not_yet, name="queue"),
    path("feedback/<int:number>/", not_yet, name="record"),
    path("s/<str:token>/", not_yet, name="status_page"),
]
