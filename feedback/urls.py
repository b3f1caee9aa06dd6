from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path

from accounts.access import public
from feedback.views import bulk, public_form, queue, status_page

app_name = "feedback"


@public
def not_yet(request: HttpRequest, **_: object) -> HttpResponse:
    raise Http404


urlpatterns = [
    # Lists that staff work through.
    path("queue/", queue.queue, name="queue"),
    path("queue/filters/", queue.queue_filters, name="queue_filters"),
    path("queue/news/", queue.queue_news, name="queue_news"),
    path("queue/bulk/", bulk.bulk, name="bulk"),
    path("queue/bulk/menus/", bulk.bulk_menus, name="bulk_menus"),
    path("undo/<str:key>/", bulk.undo_last, name="undo"),
    # One record.
    path("feedback/new/", not_yet, name="new"),
    path("feedback/<int:number>/", not_yet, name="record"),
    # What customers open.
    path("write/", public_form.feedback_form, name="form"),
    path("write/thanks/<str:token>/", public_form.thanks, name="thanks"),
    path("s/<str:token>/", status_page.status_page, name="status_page"),
    path("s/<str:token>/close/", status_page.close, name="close"),
    path("s/<str:token>/files/<uuid:key>/", status_page.file, name="status_file"),
]
