"""The board of recognition: closed loops, customers' thanks, thanks among colleagues."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, covers_of, staff_only
from accounts.models import User
from analytics.models import Measure, Thanks
from analytics.selectors.choice import PRESETS, Choice, read_choice, teams_of
from analytics.selectors.praise import records_seen, words_of
from analytics.selectors.recognition import (
    COLLEAGUES,
    CUSTOMERS,
    EFFECTS,
    KINDS,
    SUGGESTIONS,
    Asked,
    Loops,
    colleagues_thanks,
    customers_thanks,
    effects,
    list_url,
    loops_of,
    people,
    recognition_urls,
    suggestions,
    teams,
)
from analytics.selectors.window import today
from analytics.views.choosing import write_days
from analytics.views.listing import Menu, menu, unknown
from config.kernel.numbers import row_id
from feedback.errors import FilterNotKnown
from feedback.models import Feedback

SHOWN = 4  # of each kind of thanks on the board
PAGE_SIZE = 25


@staff_only
@require_GET
def board(request: SignedInRequest) -> HttpResponse:
    try:
        asked = _asked(request, request.GET.dict())
    except FilterNotKnown as refusal:
        return unknown(request, refusal, "recognition")
    mine = [] if asked.choice.is_narrowed else teams_of(request.user)
    whole = loops_of(asked)
    context = {
        **_controls(asked, "recognition"),
        "figures": figures(asked, whole),
        "is_empty": not whole,
        "customers": _customers(request, list(_newest(customers_thanks(asked))[:SHOWN])),
        "colleagues": _colleagues(request, list(_latest(colleagues_thanks(asked))[:SHOWN])),
        "customers_url": list_url(asked, CUSTOMERS),
        "colleagues_url": list_url(asked, COLLEAGUES),
        "people": [(one, cells(asked.of(one), loops)) for one, loops in people(asked)],
        "teams": [(one, _team_cells(asked, one, loops)) for one, loops in teams(asked, mine)],
        "tabs": tabs("recognition"),
    }
    return render(request, "analytics/culture/recognition.html", context)


@staff_only
@require_GET
def thanks_list(request: SignedInRequest) -> HttpResponse:
    """What a figure of the board counts, one by one."""
    given = request.GET.dict()
    kind = given.pop("kind", COLLEAGUES)
    number, whose = given.pop("page", "1"), given.pop("person", "")
    try:
        _ensure_kind(kind)
        asked = _asked(request, given)
        asked = asked.of(_person(whose, request.user)) if whose else asked
    except FilterNotKnown as refusal:
        return unknown(request, refusal, "recognition")
    rows: dict[str, Any] = {
        COLLEAGUES: _latest(colleagues_thanks(asked)),
        CUSTOMERS: _newest(customers_thanks(asked)),
        EFFECTS: _measures(effects(asked)),
        SUGGESTIONS: _settled(suggestions(asked)),
    }
    page = Paginator(rows[kind], PAGE_SIZE).get_page(number)
    shown: Any = {COLLEAGUES: _colleagues, CUSTOMERS: _customers}.get(kind)
    context = {
        "kind": kind,
        "page": page,
        "rows": shown(request, list(page)) if shown else list(page),
        "cover": covers_of(request).in_lists,
        "days": write_days(asked.choice.period),
        "person": asked.person,
        "team": asked.choice.team,
        "back": board_url(asked.choice),
    }
    return render(request, "analytics/culture/thanks_list.html", context)


@staff_only
@require_GET
def mine(request: SignedInRequest) -> HttpResponse:
    """What came of one's own work."""
    try:
        asked = _asked(request, request.GET.dict()).of(request.user)
    except FilterNotKnown as refusal:
        return unknown(request, refusal, "recognition_mine")
    heard = list(_latest(colleagues_thanks(asked))[:PAGE_SIZE])
    said = Thanks.objects.filter(asked.window.inside("at"), by=request.user)
    context = {
        **_controls(asked, "recognition_mine"),
        "figures": figures(asked, loops_of(asked)),
        "customers": _customers(request, list(_newest(customers_thanks(asked))[:PAGE_SIZE])),
        "colleagues": _colleagues(request, heard),
        "said": _colleagues(request, list(_latest(said)[:PAGE_SIZE])),
        "effects": list(_measures(effects(asked))[:PAGE_SIZE]),
        "tabs": tabs("recognition_mine"),
    }
    return render(request, "analytics/culture/mine.html", context)


def tabs(current: str) -> list[dict[str, Any]]:
    pages = {"recognition": _("The board"), "recognition_mine": _("What came of my work")}
    return [
        {"label": label, "url": reverse(f"analytics:{name}"), "current": name == current}
        for name, label in pages.items()
    ]


def board_url(choice: Choice, page: str = "recognition") -> str:
    return reverse(f"analytics:{page}") + (f"?{choice.query}" if choice.query else "")


def figures(asked: Asked, loops: Loops) -> list[dict[str, Any]]:
    """Each with the list that it counts."""
    return [
        {"label": label, "value": value, "url": url if value else ""}
        for label, value, url in recognition_urls(asked, loops)
    ]


def cells(asked: Asked, loops: Loops) -> list[tuple[int, str]]:
    return [(value, url) for _label, value, url in recognition_urls(asked, loops)]


def _team_cells(asked: Asked, team: Any, loops: Loops) -> list[tuple[int, str]]:
    narrowed = Asked(asked.user, asked.choice.of_team(team), asked.now)
    return cells(narrowed, loops)


def _asked(request: SignedInRequest, given: dict[str, str]) -> Asked:
    """Raises FilterNotKnown."""
    now = timezone.now()
    params = {name: [value] for name, value in given.items()}
    choice = read_choice(params, teams=teams_of(request.user), today=today(now))
    return Asked(request.user, choice, now)


def _ensure_kind(kind: str) -> None:
    if kind not in KINDS:
        raise FilterNotKnown("kind", kind[:60])


def _person(text: str, user: User) -> User:
    """Raises FilterNotKnown, also for somebody who does not want to be shown."""
    pk = row_id(text)
    found = User.objects.filter(pk=pk, is_active=True).first() if pk is not None else None
    if found is None or not (found.on_board or found.pk == user.pk):
        raise FilterNotKnown("person", text[:60])
    return found


def _controls(asked: Asked, page: str) -> dict[str, Any]:
    choice = asked.choice
    given = {}
    if choice.preset:
        given["period"] = str(choice.preset)
    if choice.is_narrowed:
        given["team"] = str(choice.team.pk) if choice.team else "none"
    periods = [(str(n), _days(n)) for n in sorted(PRESETS, key=lambda n: n != 30)]
    menus: list[Menu] = [menu("period", _("Period"), "calendar-range", periods, given)]
    if page == "recognition":
        named = [("", _("All")), *((str(one.pk), one.name) for one in teams_of(asked.user))]
        menus.append(menu("team", _("Team"), "users", named, given))
    return {"menus": menus, "days": write_days(choice.period), "choice": choice}


def _days(n: int) -> str:
    if n >= 365:
        return _("12 months")
    return ngettext("%(n)d day", "%(n)d days", n) % {"n": n}


def _newest(rows: Any) -> Any:
    return rows.select_related("resolved_by", "assignee", "team").order_by("-received_at", "-pk")


def _latest(rows: Any) -> Any:
    return rows.select_related("to", "by", "feedback", "measure").order_by("-pk")


def _settled(rows: Any) -> Any:
    return rows.select_related("suggestion__author", "team").order_by("-resolved_at", "-pk")


def _measures(rows: Any) -> Any:
    return rows.select_related("problem", "owner").order_by("-status_since", "-pk")


def _customers(request: SignedInRequest, records: list[Feedback]) -> list[dict[str, Any]]:
    """What customers wrote, masked, and who worked on it, if they want to be shown."""
    words = words_of(records, request.user, covers_of(request).in_lists)
    return [
        {
            "record": one,
            "words": words.get(one.pk, ""),
            "who": _shown(one.resolved_by or one.assignee, request.user),
        }
        for one in records
    ]


def _colleagues(request: SignedInRequest, rows: list[Thanks]) -> list[dict[str, Any]]:
    """Links only to what one may see: of what one has said oneself the record may have moved."""
    cover, user = covers_of(request).in_lists, request.user
    records = {one.feedback_id for one in rows if one.feedback_id}
    seen = set(records_seen(user).filter(pk__in=records).values_list("pk", flat=True))
    measures = {one.measure_id for one in rows if one.measure_id}
    known = set(
        Measure.objects.visible_to(user).filter(pk__in=measures).values_list("pk", flat=True)
        if user.has_perm("analytics.view_problem")
        else []
    )
    return [
        {
            "thanks": one,
            "text": cover(one.text),
            "by": _shown(one.by, user),
            "record": one.feedback if one.feedback_id in seen else None,
            "measure": one.measure if one.measure_id in known else None,
            "may_remove": user.pk in {one.by_id, one.to_id},
        }
        for one in rows
    ]


def _shown(person: User | None, user: User) -> User | None:
    if person is None or not (person.on_board or person.pk == user.pk):
        return None
    return person
