"""Invitations by e-mail: whom, what they say, when; who was invited and what became of it."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_with
from config.kernel.errors import DomainError
from config.kernel.http import toast
from surveys.distribution.email import write_reminder, write_sample
from surveys.enums import CollectorChannel, InvitationState
from surveys.forms.mailing import (
    FAULTS,
    AddressListForm,
    MailingForm,
    OnePersonForm,
    WaveForm,
)
from surveys.models import Collector, Invitation
from surveys.rules.letters import VARIABLES
from surveys.selectors.audience import condition_of, preview_of
from surveys.selectors.invitations import (
    audience_in_words,
    listed_invitations,
    states_there,
    wave_rows,
)
from surveys.services.invitees import invite_addresses, withdraw_invitation
from surveys.services.mailings import (
    cancel_wave,
    is_repeated,
    mailing_of,
    order_wave,
    save_mailing,
)
from surveys.services.reminding import remind_now
from surveys.services.trials import send_trial
from surveys.services.waves import Made
from surveys.views.tabs import survey_tabs

LOOK, CHANGE, INVITE = (
    "surveys.view_collector", "surveys.change_collector", "surveys.add_invitation",
)  # fmt: skip
PER_PAGE, BAD_ROWS_SHOWN, PEOPLE_SHOWN = 50, 50, 10
LANGUAGES = (("zh-hans", "中文"), ("en", "English"))


@staff_with(LOOK)
@require_GET
def mailing(request: SignedInRequest, slug: UUID, pk: int) -> HttpResponse:
    return _page(request, _collector(slug, pk))


def _page(
    request: SignedInRequest,
    one: Collector,
    *,
    wave_form: WaveForm | None = None,
    person_form: OnePersonForm | None = None,
) -> HttpResponse:
    mailing = mailing_of(one)
    state = request.GET.get("state", "")
    wave = request.GET.get("wave", "")
    listed = listed_invitations(
        one,
        request.user,
        state=state if state in InvitationState.values else "",
        wave=int(wave) if wave.isdecimal() and len(wave) < 5 else None,
    )
    tree, waves = condition_of(mailing), wave_rows(one)
    context = {
        "survey": one.survey,
        "tabs": survey_tabs(one.survey, request.user, "collectors"),
        "collector": one,
        "mailing": mailing,
        "is_repeated": is_repeated(mailing),
        "audience": audience_in_words(tree),
        "waves": waves,
        "states": states_there(one, request.user),
        "state": state,
        "wave": wave,
        "page": Paginator(listed, PER_PAGE).get_page(request.GET.get("page")),
        "wave_form": wave_form or WaveForm(initial={"seen": len(waves)}),
        "person_form": person_form or OnePersonForm(),
        "may_change": request.user.has_perm(CHANGE),
        "may_invite": request.user.has_perm(INVITE),
        "sees_people": request.user.has_perm("accounts.view_customer"),
    }
    refused = any(form is not None and form.errors for form in (wave_form, person_form))
    return render(request, "surveys/mailing.html", context, status=422 if refused else 200)


@staff_with(CHANGE)
@require_http_methods(["GET", "POST"])
def edit_mailing(request: SignedInRequest, slug: UUID, pk: int) -> HttpResponse:
    one = _collector(slug, pk)
    form = MailingForm(request.POST or None, instance=mailing_of(one))
    if form.is_valid():
        save_mailing(form.instance)
        toast(request, _("Saved."))
        return redirect("surveys:mailing", slug=slug, pk=pk)
    context = {"survey": one.survey, "collector": one, "form": form, "variables": VARIABLES}
    status = 422 if form.errors else 200
    return render(request, "surveys/mailing_edit.html", context, status=status)


@staff_with(LOOK)
@never_cache
@require_GET
def preview(request: SignedInRequest, slug: UUID, pk: int) -> HttpResponse:
    """What would become of a wave that begins now, and the mail in both languages; loaded into
    the page."""
    one = _collector(slug, pk)
    mailing = mailing_of(one)
    found = preview_of(mailing)
    sees_people = request.user.has_perm("accounts.view_customer")
    name = found.first.name if found.first and sees_people else ""
    context = {
        "found": found,
        "samples": [
            (label, write_sample(mailing, language=language, name=name))
            for language, label in LANGUAGES
        ]
        if one.survey.versions.filter(state="published").exists()
        else [],
    }
    return render(request, "surveys/_mailing_preview.html", context)


@staff_with(CHANGE, INVITE)
@require_POST
def send(request: SignedInRequest, slug: UUID, pk: int, what: str) -> HttpResponse:
    """begin, cancel, trial."""
    one = _collector(slug, pk)
    try:
        match what:
            case "begin":
                form = WaveForm(request.POST)
                if not form.is_valid():
                    return _page(request, one, wave_form=form)
                order_wave(one.pk, **form.cleaned_data)
                toast(request, _("The wave is planned; you see below how it goes."))
            case "cancel":
                cancel_wave(one.pk)
                toast(request, _("No further wave begins."))
            case "trial":
                send_trial(one.pk, write_sample, to=request.user)
                toast(request, _("Test mails are on their way to you, in both languages."))
            case _:
                raise Http404
    except DomainError as refusal:
        toast(request, str(refusal.message))
    return redirect("surveys:mailing", slug=slug, pk=pk)


@staff_with(INVITE)
@require_http_methods(["GET", "POST"])
def invite_list(request: SignedInRequest, slug: UUID, pk: int) -> HttpResponse:
    """First what is in the list, then, pressed once more, the invitations."""
    one = _collector(slug, pk)
    form = AddressListForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"survey": one.survey, "collector": one, "form": form}
    if not form.is_valid():
        status = 422 if form.errors else 200
        return render(request, "surveys/invite_list.html", context, status=status)
    found = form.read()
    if "send" in request.POST and found.people and not form.cleaned_data["file"]:
        try:
            made = invite_addresses(
                one.pk,
                found.people,
                by=request.user,
                as_customers=form.cleaned_data["as_customers"],
            )
        except DomainError as refusal:
            toast(request, str(refusal.message))
        else:
            toast(request, _in_words(made))
            return redirect("surveys:mailing", slug=slug, pk=pk)
    context |= {
        "form": AddressListForm(
            initial={
                "text": form.whole_text(),
                "as_customers": form.cleaned_data["as_customers"],
            }
        ),
        "found": found,
        "people": found.people[:PEOPLE_SHOWN],
        "bad": [(row, FAULTS[row.fault]) for row in found.bad[:BAD_ROWS_SHOWN]],
    }
    return render(request, "surveys/invite_list.html", context)


@staff_with(INVITE)
@require_POST
def invite_one(request: SignedInRequest, slug: UUID, pk: int) -> HttpResponse:
    one = _collector(slug, pk)
    form = OnePersonForm(request.POST)
    if not form.is_valid():
        return _page(request, one, person_form=form)
    try:
        toast(request, _in_words(invite_addresses(one.pk, [form.addressee()], by=request.user)))
    except DomainError as refusal:
        toast(request, str(refusal.message))
    return redirect("surveys:mailing", slug=slug, pk=pk)


@staff_with(INVITE)
@require_POST
def change_invitation(
    request: SignedInRequest, slug: UUID, pk: int, number: int, what: str
) -> HttpResponse:
    """remind, withdraw."""
    one = _collector(slug, pk)
    invitation = get_object_or_404(
        Invitation.objects.visible_to(request.user), pk=number, collector=one
    )
    try:
        match what:
            case "remind":
                remind_now(invitation.pk, write_reminder)
                toast(request, _("The link was sent again."))
            case "withdraw":
                withdraw_invitation(invitation.pk)
                toast(request, _("The link does not open any more."))
            case _:
                raise Http404
    except DomainError as refusal:
        toast(request, str(refusal.message))
    return redirect("surveys:mailing", slug=slug, pk=pk)


def _in_words(made: Made) -> str:
    n = {"n": made.invited}
    words = [ngettext("%(n)s person was invited.", "%(n)s people were invited.", made.invited) % n]
    if made.already:
        words.append(
            ngettext(
                "%(n)s was in this wave already.", "%(n)s were in this wave already.", made.already
            )
            % {"n": made.already}
        )
    if made.not_asked:
        words.append(
            ngettext(
                "%(n)s is not asked; the list below says why.",
                "%(n)s are not asked; the list below says why.",
                made.not_asked,
            )
            % {"n": made.not_asked}
        )
    return " ".join(words)


def _collector(slug: UUID, pk: int) -> Collector:
    mailing = Collector.objects.filter(channel=CollectorChannel.EMAIL)
    return get_object_or_404(
        mailing.select_related("survey__team", "survey__owner", "survey__plan"),
        survey__slug=slug,
        pk=pk,
    )
