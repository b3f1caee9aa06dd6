"""Keying in what stands on forms of paper, and deciding where two people read something else."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import toast
from config.kernel.numbers import row_id
from config.kernel.tokens import new_secret
from surveys.enums import PaperState, VersionState
from surveys.errors import FieldsRefused
from surveys.flow.definition import parse
from surveys.flow.keying import differences, not_asked, read_keyed
from surveys.flow.paper import Form, without_demands
from surveys.flow.walk import read_answers
from surveys.forms.papers import KeyedForm, WhichForm, typed_in
from surveys.models import PaperBatch, PaperForm, Survey, SurveyVersion
from surveys.selectors.circumstances import circumstances_of
from surveys.services.papers import decide_form, enter_form
from surveys.views.papers import ENTER
from surveys.views.tabs import survey_of

KNOWN = dict(settings.LANGUAGES)


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page of one form as it came, or as it is shown first."""

    survey: Survey
    batch: PaperBatch | None
    which: WhichForm
    keyed: KeyedForm
    language: str
    key: str
    is_other: bool = False  # the page that was sent asked the questions of another version


@staff_with(ENTER)
@require_http_methods(["GET", "POST"])
def enter(request: SignedInRequest, slug: UUID) -> HttpResponse:
    """All questions of one form in the order of the paper. Answers where none was to be given
    are shown once before they are left out."""
    survey = survey_of(slug)
    which = WhichForm(request.POST or None, initial={"serial": request.GET.get("form", "")})
    is_sent = which.is_valid()
    serial = which.cleaned_data["serial"] if is_sent else None
    batch = _batch(request, survey, serial)
    version = _version(survey, batch)
    if version is None:
        toast(request, _("This survey was never published; there is nothing to enter."))
        return redirect("surveys:papers", slug=slug)
    definition = parse(version.definition)
    language = _language(request)
    form = Form(definition, [language])
    typed = typed_in(dict(request.POST.lists()))
    key = request.POST.get("key", "")[:40] or new_secret(16)
    sheet = Sheet(survey, batch, which, KeyedForm(form, typed), language, key)
    if request.method == "GET":
        return _page(request, sheet)
    if is_sent and _was_another(request, survey, version):
        return _page(request, replace(sheet, is_other=True), status=422)
    return _save(request, sheet) if is_sent else _page(request, sheet, status=422)


def _save(request: SignedInRequest, sheet: Sheet) -> HttpResponse:
    typed, form = sheet.keyed.typed, sheet.keyed.form
    unexpected = _unexpected(form, typed, sheet.language)
    if unexpected - set(request.POST.get("seen", "").split()):
        return _page(request, replace(sheet, keyed=KeyedForm(form, typed, {}, unexpected)), 422)
    serial = sheet.which.cleaned_data["serial"]
    try:
        entered = enter_form(
            sheet.survey.pk,
            serial=serial,
            fields=typed,
            language=sheet.language,
            by=request.user,
            batch_id=sheet.batch.pk if sheet.batch else None,
            key=sheet.key,
        )
    except FieldsRefused as refusal:
        keyed = KeyedForm(form, typed, refusal.errors, unexpected)
        return _page(request, replace(sheet, keyed=keyed), 422)
    except DomainError as refusal:
        sheet.which.add_error("serial", str(refusal.message))
        return _page(request, sheet, 409)
    toast(request, _said(entered, has_number=serial is not None))
    here = reverse("surveys:enter_paper", args=[sheet.survey.slug])
    return redirect(f"{here}?batch={entered.batch_id}&lang_of_form={sheet.language}")


def _unexpected(form: Form, typed: Mapping[str, str], language: str) -> frozenset[str]:
    """Codes of questions that were answered though they were not to be; none while there are
    faults of another kind to look at."""
    read = read_keyed(form, typed)
    if read.errors:
        return frozenset()
    about = circumstances_of(None, language)
    walk = read_answers(without_demands(form.definition), read.answers, about)
    return frozenset(not_asked(read, walk.shown, form.definition))


def _said(form: PaperForm, *, has_number: bool) -> str:
    """What became of it, in a line."""
    values = {"number": form.number}
    if form.state == PaperState.ONCE and not has_number:
        return _("Write %(number)s on it: somebody else enters it a second time.") % values
    if form.state == PaperState.ONCE:
        return _("%(number)s is kept; somebody else enters it a second time.") % values
    if form.state == PaperState.DIFFERS:
        return _("%(number)s is kept; the two entries differ, which is decided next.") % values
    if not has_number:
        return _("Entered. Write %(number)s on it, so that it is not entered again.") % values
    return _("%(number)s is entered.") % values


def _batch(request: SignedInRequest, survey: Survey, serial: int | None) -> PaperBatch | None:
    """That of the number, that of the address, or the newest."""
    mine = PaperBatch.objects.select_related("version").filter(survey=survey)
    if serial is not None and (found := mine.filter(forms__serial=serial).first()):
        return found
    pk = row_id(request.POST.get("batch", "") or request.GET.get("batch", ""))
    named = mine.filter(pk=pk).first() if pk is not None else None
    return named or mine.first()


def _was_another(request: SignedInRequest, survey: Survey, version: SurveyVersion) -> bool:
    """The number leads to another version than the one whose questions were on the page: fields
    of the same name may ask something else."""
    pk = row_id(request.POST.get("batch", ""))
    shown = PaperBatch.objects.filter(survey=survey, pk=pk).first() if pk is not None else None
    return shown is not None and shown.version_id != version.pk


def _version(survey: Survey, batch: PaperBatch | None) -> SurveyVersion | None:
    if batch is not None:
        return batch.version
    return survey.versions.filter(state=VersionState.PUBLISHED).first()


def _language(request: SignedInRequest) -> str:
    """In which the form was filled in; kept from one form to the next."""
    wishes = (
        request.POST.get("language"),
        request.GET.get("lang_of_form"),
        get_language(),
    )
    return next((one for one in wishes if one in KNOWN), settings.LANGUAGE_CODE)


def _page(request: SignedInRequest, sheet: Sheet, status: int = 200) -> HttpResponse:
    context = {
        "survey": sheet.survey,
        "batch": sheet.batch,
        "batches": PaperBatch.objects.filter(survey=sheet.survey)[:20],
        "which": sheet.which,
        "keyed": sheet.keyed,
        "seen": " ".join(sorted(sheet.keyed.unexpected)),
        "language": sheet.language,
        "languages": settings.LANGUAGES,
        "key": sheet.key,
        "is_other": sheet.is_other,
    }
    return render(request, "surveys/paper_enter.html", context, status=status)


# --- two entries that differ --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that two people read differently."""

    name: str
    number: int | None
    question: str
    part: str
    first: str
    second: str
    keys: list[tuple[str, str]]
    error: str = ""
    which: str = ""  # what was chosen: 1, 2, other
    typed: str = ""

    def said(self, typed: str) -> str:
        """With the words of the boxes beside the numbers."""
        words = dict(self.keys)
        parts = [f"{one} {words[one]}" if one in words else one for one in typed.split(",")]
        return " · ".join(parts) if words else typed

    @property
    def first_said(self) -> str:
        return self.said(self.first)

    @property
    def second_said(self) -> str:
        return self.said(self.second)


@staff_with(ENTER)
@require_http_methods(["GET", "POST"])
def decide(request: SignedInRequest, slug: UUID, pk: int) -> HttpResponse:
    """What two people read, side by side; what is right is chosen or keyed in anew."""
    form = get_object_or_404(
        PaperForm.objects.select_related("batch__survey", "batch__version"),
        batch__survey__slug=slug,
        serial=pk,  # the number on the form
        state=PaperState.DIFFERS,
    )
    entries = list(form.entries.select_related("by"))
    errors: dict[str, str] = {}
    typed = typed_in(dict(request.POST.lists()))
    if request.method == "POST":
        chosen = {
            name: typed.get(name, "")
            if how == "other"
            else entries[how == "2"].fields.get(name, "")
            for name in differences(entries[0].fields, entries[1].fields)
            if (how := request.POST.get(f"which.{name}", "1"))
        }
        try:
            decide_form(form.pk, fields=chosen, by=request.user)
        except FieldsRefused as refusal:
            errors = refusal.errors
        except DomainError as refusal:  # decided meanwhile, by somebody else
            toast(request, str(refusal.message))
            return redirect("surveys:papers", slug=slug)
        else:
            toast(request, _("%(number)s is entered.") % {"number": form.number})
            return redirect("surveys:papers", slug=slug)
    context = {
        "survey": form.batch.survey,
        "form": form,
        "first": entries[0],
        "second": entries[1],
        "rows": [
            replace(
                row,
                which=request.POST.get(f"which.{row.name}", ""),
                typed=typed.get(row.name, ""),
            )
            for row in _rows(form, errors)
        ],
    }
    return render(request, "surveys/paper_decide.html", context, status=422 if errors else 200)


def _rows(form: PaperForm, errors: dict[str, str]) -> list[Difference]:
    first, second = (entry.fields for entry in form.entries.all())
    differing = set(differences(first, second))
    paper = Form(parse(form.batch.version.definition), [get_language() or "en"])
    return [
        Difference(
            name=blank.name,
            number=question.number,
            question=" / ".join(question.text),
            part=" / ".join(blank.words),
            first=first.get(blank.name, ""),
            second=second.get(blank.name, ""),
            keys=[(box.key, " / ".join(box.words)) for box in blank.boxes if box.words],
            error=errors.get(blank.name, ""),
        )
        for question in paper.questions
        for blank in question.blanks
        if blank.name in differing
    ]
