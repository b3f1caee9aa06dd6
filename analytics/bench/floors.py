"""What the bare framework costs on this machine: every figure is read beside these."""

import secrets
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.views.decorators.csrf import csrf_exempt

from accounts.access import public
from accounts.models import Team
from feedback.models import Feedback, Message, Status, Tag

QUERIES, CPU = "X-Bench-Queries", "X-Bench-Cpu-Ms"
PAGE = """<!DOCTYPE html><title>Floor</title><p>{{ request.user }}</p><table>{% for row in rows %}
<tr><td>#{{ row.number }}</td><td><a href="{{ row.get_absolute_url }}">{{ row.subject }}</a></td>
<td>{{ row.customer.name }}</td><td>{{ row.status.code }}</td>
<td>{{ row.received_at|date:"c" }}</td></tr>{% endfor %}</table>"""


def say_costs(get_response: Callable[[HttpRequest], HttpResponse]) -> Any:
    """Middleware: says in headers how many queries the answer took, sessions and all, and how
    much of a processor, which does not depend on what else the machine is doing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        counted = [0]

        def count(execute: Any, *args: Any) -> Any:
            counted[0] += 1
            return execute(*args)

        start = time.process_time()
        with connection.execute_wrapper(count):
            response = get_response(request)
        response[CPU] = f"{(time.process_time() - start) * 1000:.3f}"
        response[QUERIES] = str(counted[0])
        return response

    return middleware


@cache
def _page() -> Any:
    return engines["django"].from_string(PAGE)


@public
def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok")


@public
def one_query(request: HttpRequest) -> HttpResponse:
    return HttpResponse(Status.objects.order_by("pk")[0].code)


@public
def rows_25(request: HttpRequest) -> HttpResponse:
    """A page of a list as anybody would write it: signed in, 25 rows, a template."""
    rows = Feedback.objects.select_related("customer", "status").order_by("-id")[:25]
    return HttpResponse(_page().render({"rows": rows}, request))


@public
def bare_search(request: HttpRequest) -> HttpResponse:
    """The newest 25 that hold a word, as anybody would ask PostgreSQL, in the same template."""
    rows = Feedback.objects.raw(
        "SELECT f.* FROM feedback_feedback f JOIN feedback_searchentry e ON e.feedback_id = f.id"
        " WHERE e.tokens @@ %s::tsquery AND f.state NOT IN ('spam', 'merged')"
        " ORDER BY f.received_at DESC LIMIT 25",
        [f"'{request.GET['q']}'"],
    ).prefetch_related("customer", "status")
    return HttpResponse(_page().render({"rows": rows}, request))


@public
def texts_of_a_month(request: HttpRequest) -> HttpResponse:
    """How many texts sound how, as anybody would ask PostgreSQL."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mood, count(*), avg(sentiment) FROM analytics_textreading"
            " WHERE said_at >= now() - interval '30 days' GROUP BY mood"
        )
        return HttpResponse(str(cursor.fetchall()))


@public
def three_queries(request: HttpRequest) -> HttpResponse:
    """A record, its messages, the teams; signed in, with a template."""
    record = Feedback.objects.select_related("customer", "status").order_by("-id")[0]
    messages, teams = list(Message.objects.filter(feedback=record)), list(Team.objects.all())
    context = {"rows": [record], "messages": messages, "teams": teams}
    return HttpResponse(_page().render(context, request))


@public
@csrf_exempt
def one_insert(request: HttpRequest) -> HttpResponse:
    Tag.objects.create(name=secrets.token_hex(8))
    return HttpResponse("ok")
