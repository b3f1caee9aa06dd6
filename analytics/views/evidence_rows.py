"""Evidence as pages show it: where it was said, by whom, in which words, covered as everywhere."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from accounts.selectors.personal_data import Cover
from analytics.models import AlertEvidence, ProblemEvidence
from config.kernel.text.personal_data.masking import masked


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    evidence: ProblemEvidence | AlertEvidence
    subject: str
    quote: str


def evidence_rows(
    found: QuerySet[ProblemEvidence] | QuerySet[AlertEvidence], cover: Cover, at_most: int
) -> list[EvidenceRow]:
    """The newest of what somebody may see (already narrowed to that)."""
    whose = ("feedback__status", "feedback__customer", "response__survey")
    return [as_row(one, cover) for one in found.select_related(*whose)[:at_most]]


def as_row(one: ProblemEvidence | AlertEvidence, cover: Cover) -> EvidenceRow:
    subject: Any = one.feedback.subject if one.feedback else ""
    quote = one.quote if isinstance(one, ProblemEvidence) else ""
    return EvidenceRow(one, masked(cover(subject)), masked(cover(quote)))
