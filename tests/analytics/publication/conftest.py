import pytest

from accounts.enums import Role
from analytics.enums import MeasureKind
from analytics.models import PublicPage
from analytics.services.evidence import add_evidence
from analytics.services.measures import propose_measure
from analytics.services.problems import make_problem
from analytics.services.publications import (
    check_publication,
    draft_publication,
    publish,
    save_publication,
)
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory

WORDS = {
    "title_en": "Seals that hold",
    "said_en": "Water came out after the filter was changed.",
    "did_en": "We chose another seal.",
    "result_en": "Fewer leaks: 12 a week before, 3 now.",
}


@pytest.fixture
def lead(team):
    return member(Role.LEAD, team)


@pytest.fixture
def lead_client(lead):
    return client_of(lead)


@pytest.fixture
def records(team):
    return [FeedbackFactory(team=team, subject=f"It leaks {at}") for at in range(3)]


@pytest.fixture
def measure(lead, team, records):
    problem = make_problem(by=lead, title="Seals leak", team=team)
    add_evidence(problem.pk, by=lead, feedback=[one.pk for one in records])
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
