"""What problems and measures keep about customers: quoted words, and what colleagues may have
written about somebody by name."""

from collections.abc import Collection
from typing import Any
from urllib.parse import unquote_plus

from django.db import models
from django.db.models import Q

from accounts.services.privacy_keepers import Person
from analytics.models import (
    Alert,
    CashFlow,
    CauseNode,
    ImprovementEntry,
    Measure,
    MeasureStep,
    Problem,
    ProblemEvidence,
    RootCause,
    Thanks,
)

# What colleagues write.
WRITTEN: dict[type[models.Model], tuple[str, ...]] = {
    Problem: ("title", "description"),
    RootCause: ("conclusion",),
    CauseNode: ("text",),
    Measure: ("title", "what", "training_note"),
    MeasureStep: ("text",),
    CashFlow: ("note",),
    ImprovementEntry: ("note",),
    Thanks: ("text",),
    Alert: ("note",),
}
IMPROVEMENT_TEXTS: dict[type[models.Model], tuple[str, ...]] = {
    **WRITTEN,
    Problem: (*WRITTEN[Problem], "source_query"),
    ProblemEvidence: ("quote",),
}


def forget_in_improvement(person: Person) -> int:
    """Evidence stays, for its figures; quotes go, and names in what colleagues wrote. Gives how
    many rows that were."""
    theirs = Q(feedback__customer__in=person.ids) | Q(response__customer__in=person.ids)
    changed = ProblemEvidence.objects.filter(theirs).exclude(quote="").update(quote="")
    changed += redact_rows(ProblemEvidence, ("quote",), person)
    changed += sum(redact_rows(model, names, person) for model, names in WRITTEN.items())
    for pk, query in Problem.objects.exclude(source_query="").values_list("pk", "source_query"):
        if person.names_them(unquote_plus(query)):
            changed += Problem.objects.filter(pk=pk).update(source_query="")
    return changed


def forget_quotes_of(feedback_ids: Collection[int]) -> int:
    """After records were anonymised."""
    rows = ProblemEvidence.objects.filter(feedback__in=feedback_ids).exclude(quote="")
    return rows.update(quote="")


def redact_rows(model: type[models.Model], names: tuple[str, ...], person: Person) -> int:
    """Mask in these fields what tells who the person is; how many rows that were."""
    said = Q()
    for name in names:
        said |= ~Q(**{name: ""})
    rows: list[Any] = []
    for row in model._default_manager.filter(said).only("pk", *names):
        texts = {name: getattr(row, name) for name in names}
        if any(person.names_them(text) for text in texts.values()):
            for name, text in texts.items():
                most = getattr(model._meta.get_field(name), "max_length", None)
                setattr(row, name, person.redact(text)[:most])
            rows.append(row)
    return model._default_manager.bulk_update(rows, names, batch_size=200) if rows else 0
