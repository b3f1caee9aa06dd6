"""What staff see of surveys: the list, one survey with its results, its responses."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import SignedInRequest, staff_with
from accounts.selectors.personal_data import cover_in_conversations
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.errors import DomainError
from feedback.errors import FilterNotKnown
from surveys.enums import QuestionRole, ResponseStatus
from surveys.flow.definition import parse
from surveys.forms.response_condition import ResponseConditionForm
from surveys.models import Answer, Response, Survey
from surveys.models.response import ResponseQuerySet
from surveys.selectors.answers import said_by_role, said_in, with_answers
from surveys.selectors.overview import survey_rows
from surveys.selectors.quality import times_of
from surveys.selectors.quality_words import Reason
from surveys.selectors.response_list import listed_responses, read_filters
from surveys.selectors.unfinished import said_in_draft
from surveys.views.chips import chips_of
from surveys.views.quality import DECIDE, check_shown, names_for
from surveys.views.tabs import survey_of, survey_tabs

RESPONSES_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Pages:
    """Names of addresses: what is narrowed by a condition, and where one is put together."""

    counted: str
    builder: str


LIST = Pages("surveys:responses", "surveys:response_condition")


@staff_with("surveys.view_survey")
@require_GET
def survey_list(request: SignedInRequest) -> HttpResponse:
    archived = request.GET.get("show") == "archived"
    here = reverse("surveys:list")
    context = {
        "rows": survey_rows(request.user, archived=archived),
        "archived": archived,
        "tabs": [
            {"label": pgettext("surveys", "In use"), "url": here, "current": not archived},
            {
                "label": pgettext("surveys", "Archived"),
                "url": f"{here}?show=archived",
                "current": archived,
            },
        ],
    }
    return render(request, "surveys/list.html", context)


@staff_with("surveys.view_survey")
@require_GET
def survey(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """The first of its pages that this person may open: the results, else the plan."""
    first = survey_tabs(survey_of(slug), request.user, "")[0]["url"]
    query = request.GET.urlencode()
    return redirect(f"{first}?{query}" if query else first)


@staff_with("surveys.view_response")
@require_GET
def responses(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """The responses themselves; the bars of the overview lead here."""
    found = survey_of(slug)
    try:
        chosen = read_filters(found, dict(request.GET.lists()), request.user)
    except FilterNotKnown as refusal:
        return unknown_filter(request, found, refusal, LIST)
    except ConditionInvalid:
        form = ResponseConditionForm.of_text(request.GET["condition"])
        return condition_page(request, found, form, LIST, status=400)
    listed = listed_responses(_responses(found, request), chosen)
    page = Paginator(listed, RESPONSES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "survey": found,
        "tabs": survey_tabs(found, request.user, "responses"),
        "page": page,
        "rows": [_row(response) for response in page],
        "chips": chips_of(request, chosen),
        "all_url": reverse("surveys:responses", args=[found.slug]),
        "condition_url": _address("surveys:response_condition", found, _filters(request)),
        "condition": chosen.condition,
        "export_url": _address("surveys:export", found, _filters(request)),
    }
    return render(request, "surveys/responses.html", context)


@staff_with("surveys.view_response")
@require_http_methods(["GET", "POST"])
def response_condition(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """Put together which responses are listed. The filters that are on stay in the address; the
    list itself has the condition in its own, to be kept and passed on."""
    return build_condition(request, survey_of(slug), LIST)


def build_condition(request: SignedInRequest, found: Survey, pages: Pages) -> HttpResponse:
    """The builder of conditions for any page that counts or lists responses."""
    filters = _filters(request)
    text = "".join(filters.pop("condition", [])[-1:])
    try:
        read_filters(found, filters, request.user)
    except FilterNotKnown as refusal:
        return unknown_filter(request, found, refusal, pages)
    if request.method == "GET":
        form = ResponseConditionForm.of_text(text)
        if form.is_valid():
            form = ResponseConditionForm(initial={"condition": form.tree})
        return condition_page(request, found, form, pages)
    form = ResponseConditionForm(request.POST)
    if not form.is_valid():
        return condition_page(request, found, form, pages, status=422)
    if form.cleaned_data["condition"]:
        filters["condition"] = [form.cleaned_data["condition"]]
    return redirect(_address(pages.counted, found, filters))


def condition_page(
    request: SignedInRequest,
    found: Survey,
    form: ResponseConditionForm,
    pages: Pages,
    status: int = 200,
) -> HttpResponse:
    filters = _filters(request)
    without = {name: value for name, value in filters.items() if name != "condition"}
    context = {
        "survey": found,
        "form": form,
        "form_url": _address(pages.builder, found, without),
        # A form with something in it may stand here because the list could not be shown.
        "back_url": _address(pages.counted, found, without if form.is_bound else filters),
        "without_url": _address(pages.counted, found, without),
    }
    return render(request, "surveys/response_condition.html", context, status=status)


def _filters(request: HttpRequest) -> dict[str, list[str]]:
    """Those that are on, for the address of a list that begins with its first page."""
    given = dict(request.GET.lists())
    given.pop("page", None)
    return given


def _address(name: str, found: Survey, filters: dict[str, list[str]]) -> str:
    address = reverse(name, args=[found.slug])
    return f"{address}?{urlencode(filters, doseq=True)}" if filters else address


@staff_with("surveys.view_response")
@require_GET
def response(request: SignedInRequest, slug: UUID, key: UUID) -> HttpResponse:
    """One response, answer by answer."""
    found = survey_of(slug)
    rows = with_answers(_any_of(found, request).for_list())
    rows = rows.select_related("version__times", "entered_by", "customer", "imported")
    one = get_object_or_404(rows, key=key)
    quality = check_shown(one, names_for(found))
    marks: dict[str, list[Reason]] = {}
    for reason in quality["reasons"]:
        for code in reason.where:
            marks.setdefault(code, []).append(reason)
    definition = parse(one.version.definition)
    answers = said_in_draft(one) if one.status == ResponseStatus.DRAFT else said_in(one)
    context = {
        "survey": found,
        "response": one,
        "said": [(said, marks.get(said.question.code, ())) for said in answers],
        "times": times_of(one, definition, get_language() or one.language),
        "flagged_pages": set(marks),
        "may_decide": request.user.has_perm(DECIDE),
        "corrections": one.corrections.select_related("question", "by"),
    }
    return render(request, "surveys/response.html", context | quality)


@staff_with("surveys.view_response")
@require_GET
def answer_file(request: SignedInRequest, slug: UUID, key: UUID, code: str) -> HttpResponse:
    """A file that somebody answered with; always as a download, never as something to run."""
    given = get_object_or_404(
        Answer.objects.exclude(file=None).exclude(file=""),
        response__in=_any_of(survey_of(slug), request).filter(key=key),
        question__code=code,
    )
    with default_storage.open(str(given.file), "rb") as file:
        answer = HttpResponse(file.read(), content_type="application/octet-stream")
    name = cover_in_conversations(request.user).file_name(given.text or "file")
    answer["Content-Disposition"] = content_disposition_header(True, name) or ""
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["Cache-Control"] = "private, max-age=3600"
    return answer


def _responses(found: Survey, request: SignedInRequest) -> ResponseQuerySet:
    return Response.objects.visible_to(request.user).complete().filter(survey=found)


def _any_of(found: Survey, request: SignedInRequest) -> ResponseQuerySet:
    """Also those that do not count, or are not finished: one can look at each."""
    return Response.objects.visible_to(request.user).filter(survey=found, is_test=False)


def _row(response: Response) -> dict[str, Any]:
    by_role = said_by_role(said_in(response))
    return {
        "response": response,
        "overall": by_role.get(QuestionRole.OVERALL),
        "solved": by_role.get(QuestionRole.SOLVED),
        "comment": by_role.get(QuestionRole.COMMENT),
    }


def unknown_filter(
    request: HttpRequest, found: Survey, refusal: FilterNotKnown, pages: Pages
) -> HttpResponse:
    url = reverse(pages.counted, args=[found.slug])
    return unknown_choice(request, refusal, url)


def unknown_choice(request: HttpRequest, refusal: DomainError, all_url: str) -> HttpResponse:
    """The address asks for responses by something that there is not."""
    context = {"refusal": refusal, "action": _("Show all responses"), "action_url": all_url}
    return render(request, "layout/unknown_filter.html", context, status=400)
