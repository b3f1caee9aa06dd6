"""What in a publication may tell who somebody is: what the detectors of personal data find, and
names of the customers whose feedback it is about and of people who work here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from accounts.enums import PersonalDataKind
from accounts.models import ContactPoint, Customer, User
from accounts.rules.masking import GONE, locator
from accounts.selectors.personal_data import Cover, covers
from analytics.models import ProblemEvidence, Publication
from analytics.models.publication import WORDS
from config.kernel.text.personal_data.finding import EVERY_KIND
from config.kernel.tokens import digest
from feedback.models.assessment import GONE_STATES

CUSTOMER, STAFF = "customer", "staff"
Places = Callable[[str], list[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Finding:
    """`key` names the value whatever field it stands in; `is_allowed`: somebody said why it may
    stand there."""

    field: str
    start: int
    end: int
    kind: str
    value: str
    key: str
    is_allowed: bool = False

    @property
    def label(self) -> str:
        names = {CUSTOMER: _("Name or contact of a customer"), STAFF: _("Name of a colleague")}
        return names.get(self.kind) or str(PersonalDataKind(self.kind).label)

    @property
    def language(self) -> str:
        return "zh-hans" if self.field.endswith("_zh") else "en"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a text; `finding` where it tells something."""

    text: str
    finding: Finding | None = None


def evidence_behind(problem_id: int | None) -> QuerySet[ProblemEvidence]:
    """Records and responses that show the problem; spam and what was merged away are none."""
    if problem_id is None:
        return ProblemEvidence.objects.none()
    return ProblemEvidence.objects.filter(problem=problem_id).exclude(
        feedback__isnull=False, feedback__state__in=GONE_STATES
    )


def customers_of(problem_id: int | None) -> set[int]:
    """Whose records and responses are evidence of the problem; who wrote spam is none."""
    pairs = (
        evidence_behind(problem_id)
        .order_by()
        .values_list("feedback__customer", "response__customer")
        .distinct()
    )
    return {one for pair in pairs for one in pair if one is not None}


class Watcher:
    """Looks at texts for one publication; with `commenters` for what they write about it, too:
    they need not stand in its evidence."""

    def __init__(self, publication: Publication, *, commenters: bool = False) -> None:
        rules = covers().in_lists
        self._cover = Cover(EVERY_KIND, rules.keep, rules.own)
        self._allowed = {str(one) for one in publication.allowed}
        customers = customers_of(publication.problem_id)
        if commenters:
            known = publication.comments.exclude(customer=None)
            customers |= set(known.values_list("customer", flat=True))
        self._named: list[tuple[str, Places]] = [
            (CUSTOMER, locator(_known_of(customers))),
            (STAFF, locator(User.objects.values_list("name", flat=True))),
        ]

    def findings(self, field: str, text: str) -> list[Finding]:
        """From left to right, nothing overlapping; detectors win."""
        found = [
            self._finding(field, one.start, one.end, one.kind.value, one.value)
            for one in self._cover.found_in(text)
        ]
        for kind, places in self._named:
            for start, end in places(text):
                if all(end <= one.start or one.end <= start for one in found):
                    found.append(self._finding(field, start, end, kind, text[start:end]))
        return sorted(found, key=lambda one: one.start)

    def covered(self, text: str) -> str:
        """`text` with what is found, and was not allowed, taken out for good."""
        for one in reversed(self.findings("", text)):
            if not one.is_allowed:
                text = text[: one.start] + GONE + text[one.end :]
        return text

    def _finding(self, field: str, start: int, end: int, kind: str, value: str) -> Finding:
        key = key_of(kind, value)
        return Finding(field, start, end, kind, value, key, key in self._allowed)


def key_of(kind: str, value: str) -> str:
    return digest(f"{kind}:{value.strip().casefold()}")[:32]


def findings_in(publication: Publication) -> list[Finding]:
    """In every text of it."""
    watcher = Watcher(publication)
    return [one for field in WORDS for one in watcher.findings(field, getattr(publication, field))]


def pieces(text: str, findings: Iterable[Finding]) -> list[Piece]:
    """`text` cut where something was found, for showing it."""
    made, at = [], 0
    for one in findings:
        made += [Piece(text[at : one.start]), Piece(text[one.start : one.end], one)]
        at = one.end
    return [one for one in (*made, Piece(text[at:])) if one.text]


def languages_of(publication: Publication) -> list[str]:
    """Those in which it can be read."""
    return [one for one in ("zh-hans", "en") if publication.is_complete_in(one)]


def _known_of(customers: set[int]) -> list[str]:
    rows = Customer.objects.filter(pk__in=customers)
    names = rows.exclude(name="").values_list("name", flat=True)
    contacts = ContactPoint.objects.filter(customer__in=customers)
    return [*names, *contacts.values_list("value", flat=True)]
