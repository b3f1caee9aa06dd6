"""What a week was like, for one person or for a team: the same on the page and in the mail."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Team, User
from analytics.metrics.periods import Period
from analytics.models import Measure
from analytics.rules.measures import UNDER_WAY
from analytics.selectors.boards.headline import write_value
from analytics.selectors.choice import Choice, teams_of
from analytics.selectors.facts.measuring import measure_all
from analytics.selectors.facts.question import Answer, asked
from analytics.selectors.keywords import keywords_of
from analytics.selectors.recognition import Asked, Loops, loops_of, recognition_urls
from analytics.selectors.text_choice import read_text_choice
from analytics.selectors.text_wording import wording_in_use
from config.kernel.punctuation import labelled
from feedback.errors import FilterNotKnown
from feedback.models import Commitment
from feedback.selectors.commitments import commitments_visible_to

DAYS = 7
EARLIEST = date(2000, 1, 3)
AT_MOST = 10  # promises and measures that are named
WORDS = 5
_METRICS = ("volume", "solved", "promises_kept")
_OF_TEAMS = ("csat",)


@dataclass(frozen=True, slots=True)
class Line:
    """One figure with the one of the week before, in words; `count` things are in the list at
    `url`, where there is one."""

    label: str
    value: str
    before: str
    count: int = 0
    url: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Section:
    """The week of one person (`team` None) or of a team."""

    title: str
    team: Team | None
    period: Period
    lines: Sequence[Line] = ()
    promises: Sequence[Item] = ()
    measures: Sequence[Item] = ()
    words: Sequence[Item] = ()
    is_empty: bool = True


def parts_of(section: Section) -> list[tuple[str, Sequence[Item]]]:
    """What stands below the figures, with its heading."""
    return [
        (_("Promised and open, due within a week"), section.promises),
        (_("Measures due within a week"), section.measures),
        (_("What customers said most, in so many texts"), section.words),
    ]


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def last_week(today: date) -> Period:
    """From Monday to Sunday, the last one that is over."""
    first = monday_of(today) - timedelta(days=DAYS)
    return Period(first, first + timedelta(days=DAYS - 1))


def read_week(text: str, last: Period) -> Period:
    """A week that is over, by its Monday; the last one without. Raises FilterNotKnown."""
    if not text:
        return last
    try:
        first = date.fromisoformat(text)
    except ValueError:
        raise FilterNotKnown("week", text[:60]) from None
    if first != monday_of(first) or not EARLIEST <= first <= last.first:
        raise FilterNotKnown("week", text[:60])
    return Period(first, first + timedelta(days=DAYS - 1))


def read_team(text: str, user: User) -> Team | None:
    """One that this person leads. Raises FilterNotKnown."""
    if not text:
        return None
    for one in teams_led_by(user):
        if text == str(one.pk):
            return one
    raise FilterNotKnown("team", text[:60])


def teams_led_by(user: User) -> list[Team]:
    """Those in use, by name."""
    led = user.memberships.filter(is_lead=True, team__archived_at=None)
    return [one.team for one in led.select_related("team").order_by("team__name_en", "team")]


def week_of(user: User, team: Team | None, period: Period, now: datetime) -> Section:
    """What `user` may see of it. Nothing in it compares people."""
    reads = user.has_perm("feedback.view_feedback")
    answers = _answers(user, team, period, now) if reads else []
    loops, before = (_loops(user, team, one, now) for one in (period, period.before))
    lines = [*(_line(one) for one in answers), *_loop_lines(user, team, period, now, before)]
    promises = _promises(user, team, period) if reads else []
    measures = _measures(user, team, period)
    happened = any(one.total.count for one in answers) or loops or promises or measures
    return Section(
        title=team.name if team else _("My week"),
        team=team,
        period=period,
        lines=lines,
        promises=promises,
        measures=measures,
        words=_words(user, team, period, now) if reads else [],
        is_empty=not happened,
    )


def _answers(user: User, team: Team | None, period: Period, now: datetime) -> list[Answer]:
    whose = {"team": [team.pk]} if team else {"assignee": [user.pk]}
    names = (*_METRICS, *_OF_TEAMS) if team else _METRICS
    return measure_all(user, [asked(one, period, filters=whose) for one in names], now=now)


def _line(answer: Answer) -> Line:
    total, unit = answer.total, answer.metric.unit
    return Line(
        label=str(answer.metric.name),
        value=write_value(total.value, unit),
        before=write_value(total.before.value if total.before else None, unit),
        count=total.count,
        url=total.url if total.count else "",
    )


def _asked(user: User, team: Team | None, period: Period, now: datetime) -> Asked:
    choice = Choice(period, preset=0, team=team)
    return Asked(user, choice, now, None if team else user)


def _loops(user: User, team: Team | None, period: Period, now: datetime) -> Loops:
    return loops_of(_asked(user, team, period, now))


def _loop_lines(
    user: User, team: Team | None, period: Period, now: datetime, before: Loops
) -> list[Line]:
    these = _asked(user, team, period, now)
    loops = loops_of(these)
    return [
        Line(label, str(count), str(was), count, url if count else "")
        for (label, count, url), was in zip(
            recognition_urls(these, loops), before.counts, strict=True
        )
    ]


def _promises(user: User, team: Team | None, period: Period) -> list[Item]:
    """Open ones that are due until the end of the week after this one, the overdue among them."""
    due = period.last + timedelta(days=DAYS)
    rows = commitments_visible_to(user).open().filter(due_on__lte=due)
    rows = rows.filter(feedback__team=team) if team else rows.filter(owner=user)
    newest = rows.select_related("feedback").order_by("due_on", "pk")[:AT_MOST]
    return [_promise(one) for one in newest]


def _promise(one: Commitment) -> Item:
    day = date_format(one.due_on, "SHORT_DATE_FORMAT") if one.due_on else ""
    words = f"#{one.feedback.number} {one.get_kind_display()}"
    return Item(f"{words} · {day}", one.feedback.get_absolute_url())


def _measures(user: User, team: Team | None, period: Period) -> list[Item]:
    """Those under way that are due until the end of the week after this one."""
    if not user.has_perm("analytics.view_problem"):
        return []
    due = period.last + timedelta(days=DAYS)
    rows = Measure.objects.visible_to(user).filter(status__in=UNDER_WAY, due_on__lte=due)
    rows = rows.filter(Q(problem__team=team) if team else Q(owner=user))
    return [
        Item(f"{one} · {date_format(one.due_on, 'SHORT_DATE_FORMAT')}", one.get_absolute_url())
        for one in rows.order_by("due_on", "pk")[:AT_MOST]
        if one.due_on
    ]


def _words(user: User, team: Team | None, period: Period, now: datetime) -> list[Item]:
    """What customers said most, each with its texts."""
    params = {"from": [str(period.first)], "to": [str(period.last)]}
    if team:
        params["team"] = [str(team.pk)]
    choice = read_text_choice(params, teams=teams_of(user), now=now, user=user)
    page = reverse("analytics:keyword_texts")
    return [
        Item(labelled(one.label, one.texts), f"{page}?{choice.query(word=one.key)}")
        for one in keywords_of(user, choice, wording_in_use()).rows[:WORDS]
    ]
