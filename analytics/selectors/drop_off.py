"""Where people stop answering a survey, page by page."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from surveys.enums import ResponseStatus
from surveys.models import SurveyVersion
from surveys.models.response import ResponseQuerySet

FINISHED = frozenset({ResponseStatus.COMPLETE, ResponseStatus.QUOTA_FULL, ResponseStatus.REJECTED})


@dataclass(frozen=True, slots=True)
class PageReach:
    """How many saw a page, and how many of these went no further; `share` of all who began,
    0..1."""

    title: str
    reached: int
    left: int
    share: float

    @property
    def percent(self) -> float:
        return 100 * self.share


@dataclass(frozen=True, slots=True)
class DropOff:
    """`begun` are all who saw the first page, as far as anything of them is kept; `running` may
    still go on and have left nowhere."""

    begun: int
    finished: int
    running: int
    pages: tuple[PageReach, ...]


def drop_off(version: SurveyVersion, responses: ResponseQuerySet) -> DropOff | None:
    """Of all responses to this version, complete or not (tests are left out); None when nobody
    stopped or stays on a page, so that there is nothing to tell. One query."""
    pages = version.definition.get("pages", [])
    counts = [
        (status, min(page_no, len(pages) - 1), n)
        for status, page_no, n in responses.filter(version=version, is_test=False)
        .order_by()
        .values_list("status", "page_no")
        .annotate(n=Count("pk"))
    ]
    begun = sum(n for _status, _page, n in counts)
    finished = sum(n for status, _page, n in counts if status in FINISHED)
    if not pages or begun == finished:
        return None
    running = sum(n for status, _page, n in counts if status == ResponseStatus.DRAFT)
    found = []
    for place, page in enumerate(pages):
        reached = sum(n for status, at, n in counts if status in FINISHED or at >= place)
        left = sum(
            n for status, at, n in counts if status == ResponseStatus.PARTIAL and at == place
        )
        found.append(PageReach(_title(page, place), reached, left, reached / begun))
    return DropOff(begun, finished, running, tuple(found))


def _title(page: dict[str, object], place: int) -> str:
    texts = page.get("title")
    words = texts.get(get_language() or "", "") if isinstance(texts, dict) else ""
    number = _("Page %(number)s") % {"number": place + 1}
    return f"{number}: {words}" if words else number
