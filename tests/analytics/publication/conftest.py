import pytest

from analytics.enums import MeasureKind
from analytics.models import PublicPage
from analytics.services.measures import propose_measure
from analytics.services.publications import (
    check_publication,
    draft_publication,
    publish,
    save_publication,
)

WORDS = {
    "title_en": "Seals that hold",
    "said_en": "Water came out after the filter was changed.",
    "did_en": "We chose another seal.",
    "result_en": "Fewer leaks: 12 a week before, 3 now.",
}


@pytest.fixture
def measure(problem, lead):
    """With words that a publication can begin with."""
    return propose_measure(
        problem.pk, by=lead, kind=MeasureKind.PRODUCT, title="Better seals", what="Other seals."
    )


@pytest.fixture
def open_page(db):
    return PublicPage.objects.create(is_on=True)


@pytest.fixture
def published(lead, measure):
    """A plan and something done, both public."""

    def make(**words):
        one = draft_publication(by=lead, language="en", measure=measure)
        save_publication(one.pk, by=lead, **{"kind": "done", **WORDS, **words})
        check_publication(one.pk, by=lead)
        return publish(one.pk, by=lead)

    return make
