"""Comments on a survey, by what they are about."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.selectors.people import holds
from surveys.flow.editing import Raw, is_outline
from surveys.models import Survey, SurveyComment
from surveys.selectors.outline import destination, wording

CHANGE = "change_survey"


def people_who_may_comment() -> QuerySet[User]:
    """Active people who may open the builder, by name."""
    people = User.objects.filter(holds(CHANGE), is_active=True)
    return people.distinct().order_by("name", "pk")


def open_counts(survey: Survey) -> Counter[tuple[str, str]]:
    """How many open comments there are, by (code of a page, code of a question); one query."""
    return Counter(survey.comments.open().values_list("page", "element"))


@dataclass(frozen=True, slots=True)
class Thread:
    """Comments about one thing, the open ones first."""

    title: str
    page: str
    element: str
    is_there: bool  # whether the survey still has what they are about
    comments: list[SurveyComment]


def threads_of(survey: Survey, raw: Raw) -> list[Thread]:
    """All comments in the order of the survey; what they are about comes with its words."""
    rows = survey.comments.select_related("survey", "author", "resolved_by")
    grouped: dict[tuple[str, str], list[SurveyComment]] = {}
    for one in rows:
        grouped.setdefault((one.page, one.element), []).append(one)
    known = titles_of(raw)
    order = {place: at for at, place in enumerate(known)}
    return [
        Thread(
            title=known.get((page, element))
            or _("“%(code)s”, taken out since") % {"code": element or page},
            page=page,
            element=element,
            is_there=(page, element) in known,
            comments=sorted(found, key=lambda one: (one.resolved_at is not None, one.pk)),
        )
        for (page, element), found in sorted(
            grouped.items(), key=lambda item: order.get(item[0], len(order))
        )
    ]


def titles_of(raw: Raw) -> dict[tuple[str, str], str]:
    """(page, element) → words, in the order of the survey; the whole survey is ("", "")."""
    found = {("", ""): _("The whole survey")}
    if not is_outline(raw):
        return found
    for page in raw["pages"]:
        found[page["code"], ""] = destination(raw, page["code"])
        for element in page["elements"]:
            found["", element["code"]] = wording(element.get("text")) or element["code"]
    return found
