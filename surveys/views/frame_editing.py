"""The settings of a page, and what stands around the questions: beginning, ends, quotas."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, staff_with
from config.kernel.http import toast
from surveys.errors import DraftHasChanged, NothingToChange
from surveys.flow.editing import NotThere, is_outline, page_of
from surveys.forms.frame import (
    GROUPS,
    OUTCOMES,
    Entries,
    Mixing,
    TextsForm,
    destinations,
    end_choices,
    end_fields,
    ends_of,
    jumps_of,
    quotas_of,
)
from surveys.forms.logic_rows import LogicRows
from surveys.selectors.outline import names_before
from surveys.services import building
from surveys.views.building import CHANGE
from surveys.views.tabs import survey_of

QUOTA_FIELDS = ("code", "limit", "end")


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_page(request: SignedInRequest, slug: UUID, code: str) -> HttpResponse:
    survey = survey_of(slug)
    raw = building.current_version(survey.pk).definition
    if not is_outline(raw):
        raise Http404
    try:
        page = page_of(raw, code)
    except NotThere as gone:
        raise Http404 from gone
    data = request.POST if request.method == "POST" else None
    codes = [one["code"] for one in raw["pages"]]
    following = codes[codes.index(code) + 1] if code != codes[-1] else None
    before, after = names_before(raw, page=code), names_before(raw, page=following)
    form = TextsForm(
        data, names={"title": _("Title of the page")}, given=page, languages=raw["languages"]
    )
    when = (
        LogicRows.read("when", data, before)
        if data is not None
        else LogicRows.of("when", str(page.get("when") or ""), before)
    )
    jumps = Entries("jump", ("to",), after, page.get("jumps") or [], data)
    context: dict[str, Any] = {
        "survey": survey,
        "number": codes.index(code) + 1,
        "form": form,
        "logic": when,
        "jumps": jumps,
        "destinations": destinations(raw, code),
        "seen": building.mark_of(building.settings_of_page(page)),
    }
    status = 200
    if data is not None and data.get("do", "save") == "save" and form.is_valid():
        wanted = form.typed() | {"when": when.text, "jumps": jumps_of(jumps)}
        wanted = {name: value for name, value in wanted.items() if value}
        try:
            building.save_page(
                survey.pk, code, settings=wanted, seen=data.get("seen"), by=request.user
            )
        except (DraftHasChanged, NothingToChange) as refusal:
            context["refusal"], status = refusal.message, 409
        else:
            toast(request, _("Saved."))
            return redirect(reverse("surveys:questions", args=[slug]) + f"#page-{code}")
    return render(request, "surveys/builder/page.html", context, status=status)


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_frame(request: SignedInRequest, slug: UUID) -> HttpResponse:
    survey = survey_of(slug)
    raw = building.current_version(survey.pk).definition
    if not is_outline(raw):
        raise Http404
    data = request.POST if request.method == "POST" else None
    languages = raw["languages"]
    titles = {
        "title": _("Title"),
        "intro": _("Introduction"),
        "thanks": _("Thanks at the end"),
    }
    form = TextsForm(data, names=titles, given=raw.get("texts") or {}, languages=languages)
    names = names_before(raw)
    ends = Entries("end", end_fields(languages), names, raw.get("ends") or [], data)
    quotas = Entries("quota", QUOTA_FIELDS, names, raw.get("quotas") or [], data)
    mixing = Mixing.of(raw, data)
    wanted = languages if data is None else data.getlist("languages")
    spoken = [code for code, _name in settings.LANGUAGES if code in wanted] or languages
    context: dict[str, Any] = {
        "survey": survey,
        "form": form,
        "mixing": mixing,
        "every_language": [(code, name, code in spoken) for code, name in settings.LANGUAGES],
        "groups": GROUPS,
        "ends": ends,
        "quotas": quotas,
        "languages": languages,
        "outcomes": OUTCOMES,
        "end_choices": end_choices(raw),
        "seen": building.mark_of(building.frame_of(raw)),
    }
    status = 200
    if data is not None and data.get("do", "save") == "save" and form.is_valid():
        frame = {
            "languages": spoken,
            "texts": form.typed(),
            "ends": ends_of(ends, languages),
            "quotas": quotas_of(quotas),
            "shuffle_pages": mixing.typed(),
        }
        frame = {name: value for name, value in frame.items() if value}
        try:
            building.save_frame(survey.pk, frame=frame, seen=data.get("seen"), by=request.user)
        except (DraftHasChanged, NothingToChange) as refusal:
            context["refusal"], status = refusal.message, 409
        else:
            toast(request, _("Saved."))
            return redirect("surveys:questions", slug=slug)
    return render(request, "surveys/builder/frame.html", context, status=status)
