"""A draft gone through as people will: page by page, with its logic, its checks and its ends, by
the very code of the answer page. Nothing is stored: each page brings along what was answered."""

import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from accounts.access import SignedInRequest
from surveys.enums import CollectorChannel
from surveys.flow.definition import Definition
from surveys.flow.walk import Circumstances, answers_in_form, presets
from surveys.forms.browser import browser_data
from surveys.forms.paging import UNSEEN, Paging, changes_of
from surveys.forms.sheet import Sheet, Stamp
from surveys.models import Collector, Survey
from surveys.questions.files import KeptFile
from surveys.services.answer_files import FIELD, file_questions
from surveys.services.drafting import with_changes
from surveys.views.answer_ways import Way

LONGEST = 200_000  # characters of what a page brings along
FILE = "rehearsed/"  # in the place of a file: its size and its name, and nothing kept


def rehearsed(
    request: SignedInRequest, survey: Survey, definition: Definition, language: str
) -> HttpResponse:
    """One page of it, or how it ends. `page` in the address jumps, answers in it are given."""
    context = {"survey": survey, "way": _way(survey), "language": language}
    if not any(definition.elements()):
        return render(request, "surveys/builder/rehearsal_end.html", context | {"is_empty": True})
    circumstances = Circumstances(timezone.localdate().isoformat(), language)
    stamp = Stamp.read(request.POST.get("stamp", "")) or Stamp.new(1)

    def paging(answers: Mapping[str, Any], at: str, errors: Mapping[str, str]) -> Paging:
        sheet = Sheet(definition, language, _with_files(answers), {}, stamp, circumstances)
        found = Paging(sheet, errors=errors)
        return found.opened(at) if at else found

    if request.method == "GET":
        wanted = request.GET.get("page", "")
        known = wanted if any(page.code == wanted for page in definition.pages) else ""
        chosen = presets(definition, dict(request.GET.lists()))
        return _page(request, paging(chosen, known, {}), chosen, context | {"wanted": known})
    answers = _answered(request, definition)
    now = paging(answers, definition.page_named(request.POST.get("page", "")).code, {})
    if request.POST.get("go") == "back":
        before = now.before or now.page
        return _page(request, paging(answers, before.code, {}), answers, context)
    has_more = now.has_more(request.POST.get("asks", ""))
    if has_more or now.faults:
        again = paging(answers, now.page.code, {} if has_more else now.faults)
        problem = {"problem": "more"} if has_more else {}
        return _page(request, again, answers, context | problem, status=200 if has_more else 422)
    if now.after is not None:
        return _page(request, paging(answers, now.after.code, {}), answers, context)
    return _end(request, now, context)


def _way(survey: Survey) -> Way:
    """A link that leads nowhere."""
    return Way(Collector(survey=survey, channel=CollectorChannel.LINK))


def _answered(request: SignedInRequest, definition: Definition) -> dict[str, Any]:
    """What was brought along, with what this page changes."""
    brought = _brought(request.POST.get("brought", ""), definition)
    page = definition.page_named(request.POST.get("page", ""))
    posted = answers_in_form(definition, dict(request.POST.lists()))
    for element in file_questions(definition):
        upload = request.FILES.get(FIELD.format(code=element.code))
        if upload is not None:
            posted[element.code] = f"{FILE}{upload.size}/{upload.name}"
    changes = changes_of(page, posted, request.POST.get("asks", ""), is_first=not brought)
    return with_changes(brought, changes)


def _brought(written: str, definition: Definition) -> dict[str, Any]:
    try:
        found = json.loads(written[:LONGEST] or "{}")
    except ValueError:
        return {}
    codes = {element.code for element in definition.elements()}
    is_fitting = isinstance(found, dict)
    return {code: raw for code, raw in found.items() if code in codes} if is_fitting else {}


def _with_files(answers: Mapping[str, Any]) -> dict[str, Any]:
    return {code: _as_file(raw) for code, raw in answers.items()}


def _as_file(raw: Any) -> Any:
    if not isinstance(raw, str) or not raw.startswith(FILE):
        return raw
    size, _slash, name = raw.removeprefix(FILE).partition("/")
    return KeptFile(key=raw, name=name, path=raw, size=int(size) if size.isdecimal() else 0)


def _page(
    request: SignedInRequest,
    paging: Paging,
    answers: Mapping[str, Any],
    context: dict[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    wanted = context.get("wanted")
    page = context | {
        "sheet": paging.sheet,
        "paging": paging,
        "flow": browser_data(paging),
        "brought": json.dumps(dict(answers), ensure_ascii=False),
        "is_elsewhere": bool(wanted) and wanted != paging.page.code,
        "again": f"{request.path}?lang={context['language']}",
    }
    return render(request, "surveys/builder/rehearsal.html", page, status=status)


def _end(request: SignedInRequest, paging: Paging, context: dict[str, Any]) -> HttpResponse:
    sheet = paging.sheet
    end = sheet.walk.end
    page = context | {
        "sheet": sheet,
        "words": sheet.thanks,
        "end": end,
        "quotas": sheet.walk.quotas,
        "skipped": len(sheet.walk.errors),
        # What nobody sees, and what would be stored all the same.
        "unseen": [
            (sheet.words(one.text), sheet.words.said.get(one.code, ""))
            for one in sheet.definition.elements()
            if one.type in UNSEEN
        ],
        "again": f"{request.path}?lang={context['language']}",
    }
    return render(request, "surveys/builder/rehearsal_end.html", page)
