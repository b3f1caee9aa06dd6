"""Where people stop answering a survey, page by page, and how long they are on each."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from analytics.selectors.who_came import FINISHED, Came
from surveys.enums import ResponseStatus
from surveys.models import Response, SurveyVersion
from surveys.models.response import ResponseQuerySet
from surveys.rules.quality import medians_of

LOOKED_AT = 5000  # newest responses among which those are that were answered page by page
NEWEST = 2000  # responses whose times are looked at
ENOUGH = 5  # with fewer a median says nothing


@dataclass(frozen=True, slots=True)
class PageReach:
    """How many saw a page, and how many of these went no further; `share` of all who began,
    0..1. `time` is the median of those who handed in, None where it is not known of enough."""

    title: str
    reached: int
    left: int
    share: float
    time: timedelta | None = None

    @property
    def percent(self) -> float:
        return 100 * self.share

    @property
    def left_here_percent(self) -> float:
        """Of those who saw it."""
        return 100 * self.left / self.reached if self.reached else 0.0


@dataclass(frozen=True, slots=True)
class DropOff:
    """`begun` are all who saw the first page, as far as anything of them is kept; `running` may
    still go on and have left nowhere."""

    begun: int
    finished: int
    running: int
    pages: tuple[PageReach, ...]

    @property
    def has_times(self) -> bool:
        return any(page.time is not None for page in self.pages)


def drop_off(version: SurveyVersion, came: Came, responses: ResponseQuerySet) -> DropOff | None:
    """Of all responses to this version, complete or not (tests are left out): how many is counted
    in `came`, the times are those of `responses`. None when nobody stopped or stays on a page and
    no times are known, so that there is nothing to tell. One query."""
    pages = version.definition.get("pages", [])
    mine = responses.filter(version=version, is_test=False)
    counts = [
        (one.status, min(one.page or 0, len(pages) - 1), one.n)
        for one in came.parts
        if one.version == version.pk
    ]
    begun = sum(n for _status, _page, n in counts)
    finished = sum(n for status, _page, n in counts if status in FINISHED)
    times = page_times(mine) if pages else {}
    if not pages or (begun == finished and not times):
        return None
    running = sum(n for status, _page, n in counts if status == ResponseStatus.DRAFT)
    found = []
    for place, page in enumerate(pages):
        reached = sum(n for status, at, n in counts if status in FINISHED or at >= place)
        left = sum(
            n for status, at, n in counts if status == ResponseStatus.PARTIAL and at == place
        )
        time = times.get(str(page.get("code")))
        found.append(PageReach(_title(page, place), reached, left, reached / begun, time))
    return DropOff(begun, finished, running, tuple(found))


def page_times(responses: ResponseQuerySet) -> dict[str, timedelta]:
    """{code of a page: median time that people had it before them, with all visits}, of the
    newest counted responses that were answered page by page. One query."""
    newest = responses.complete().order_by("-pk").values("pk")[:LOOKED_AT]
    answered = Response.objects.filter(pk__in=newest, trail__isnull=False).order_by("-pk")
    trails = answered.values_list("trail", flat=True)[:NEWEST]
    return {
        code: timedelta(milliseconds=middle)
        for code, (people, middle) in medians_of(trails).items()
        if people >= ENOUGH
    }


def _title(page: dict[str, object], place: int) -> str:
    texts = page.get("title")
    words = texts.get(get_language() or "", "") if isinstance(texts, dict) else ""
    number = _("Page %(number)s") % {"number": place + 1}
    return f"{number}: {words}" if words else number
