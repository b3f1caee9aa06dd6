"""Reports as they are read: what is being written, and what was issued."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.enums import PersonalDataKind
from accounts.models import Team, User
from accounts.selectors.personal_data import Cover, covers
from analytics.enums import PartKind
from analytics.models import Report, ReportPart, ReportVersion
from analytics.models.report import WRITE
from analytics.rules.report.document import About, Document, Part, compose, words_of
from analytics.rules.report.material import Material, from_json
from config.kernel.site import site_name
from config.kernel.text.personal_data.finding import EVERY_KIND
from feedback.selectors.queue_filters import NONE


@dataclass(frozen=True, slots=True)
class Told:
    """Personal data in a report: in which part, of which kind, what stands there."""

    part: str
    kind: str
    label: str
    value: str


def reports_for(user: User) -> QuerySet[Report]:
    """For the list: with the number of the newest version that was issued, and when."""
    rows = Report.objects.visible_to(user).for_list()
    return rows.annotate(number=Max("versions__number"), issued_at=Max("versions__issued_at"))


def newest_version(report: Report) -> ReportVersion | None:
    return report.versions.select_related("issued_by").first()


def may_write(user: User) -> bool:
    return user.has_perm(WRITE)


def about(report: Report) -> About:
    """In the active language."""
    return About(
        title=report.title,
        language=report.language,
        first=report.first,
        last=report.last,
        as_of=report.gathered_at,
        site=site_name(report.language),
        owner=report.owner.name if report.owner else "",
        narrowed=narrowed_to(report.filters),
    )


def narrowed_to(filters: Mapping[str, Any]) -> str:
    """What a report is only about, in words; empty where it is about everything."""
    team = filters.get("team", "")
    if not team:
        return ""
    if team == NONE:
        return _("what belongs to no team")
    found = Team.objects.filter(pk=team).first()
    return _("what belongs to the team %(team)s") % {"team": found.name} if found else ""


def material_of(report: Report) -> Material:
    return from_json(report.material)


def draft_of(report: Report) -> Document:
    """The document as it would be issued now, with its blanks."""
    with override(report.language):
        parts = [
            Part(PartKind(one.kind), one.title, one.blocks)
            for one in ReportPart.objects.filter(report=report).in_order()
        ]
        return compose(about(report), parts, material_of(report))


def comments_by_part(report: Report) -> dict[str, int]:
    """How many comments of each part are not settled."""
    rows = report.parts.filter(comments__isnull=False, comments__resolved_at=None)
    return dict(rows.values_list("kind").annotate(n=Count("comments")))


def personal_data_in(document: Document) -> list[Told]:
    """What in a document may tell who somebody is, each once in a part. Who wrote the report is
    named on its cover and is meant to be."""
    rules = covers().in_lists
    cover = Cover(EVERY_KIND, rules.keep, rules.own)
    found: dict[tuple[str, str, str], Told] = {}
    for part, words in words_of({**document, "owner": ""}):
        for one in cover.found_in(words):
            label = str(PersonalDataKind(one.kind.value).label)
            told = Told(part, one.kind.value, label, one.value)
            found.setdefault((part, told.kind, told.value), told)
    return list(found.values())


def counted(told: list[Told]) -> dict[str, int]:
    return dict(Counter(one.kind for one in told))
