"""Forms on paper: how far batches have been entered, what waits, how often entries differ."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet, Sum

from surveys.enums import PaperState
from surveys.models import PaperBatch, PaperForm, Survey


def batches_of(survey: Survey) -> QuerySet[PaperBatch]:
    return batches().filter(survey=survey)


def batches() -> QuerySet[PaperBatch]:
    """Newest first, with `total`, `entered`, `once`, `differs`, `first` and `last` (numbers that
    were printed; None without any)."""
    state = {one.value: Count("forms", filter=Q(forms__state=one)) for one in PaperState}
    printed = Q(forms__is_extra=False)
    return (
        PaperBatch.objects.select_related("survey", "version", "made_by")
        .annotate(
            total=Count("forms"),
            printed=Count("forms", filter=printed),
            entered=state["done"],
            once=state["once"],
            differs=state["differs"],
            first=Min("forms__serial", filter=printed),
            last=Max("forms__serial", filter=printed),
        )
        .order_by("-pk")
    )


def forms_in(survey: Survey, state: PaperState) -> QuerySet[PaperForm]:
    """Longest waiting first."""
    rows = PaperForm.objects.filter(batch__survey=survey, state=state)
    return rows.select_related("batch").prefetch_related("entries__by").order_by("changed_at")


@dataclass(frozen=True, slots=True)
class Errors:
    """How often two people keyed in something else: of `fields` compared on `forms`."""

    forms: int
    fields: int
    differing: int

    @property
    def rate(self) -> float | None:
        """Percent of the fields; None while nothing was compared."""
        return 100 * self.differing / self.fields if self.fields else None


def errors_of(survey: Survey) -> Errors:
    rows = PaperForm.objects.filter(batch__survey=survey, compared__gt=0)
    found: dict[str, Any] = rows.aggregate(
        forms=Count("pk"), fields=Sum("compared"), differing=Sum("differing")
    )
    return Errors(found["forms"], found["fields"] or 0, found["differing"] or 0)
