"""Pages with rows ask the database as often for one row as for five. Lists with a test beside
their other tests (queue, tasks, customers, settings …) are not repeated here."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Organisation
from feedback.enums import BulkAction
from feedback.models import ChecklistTemplate, Feedback, SavedView
from feedback.services.bulk_jobs import order_job
from feedback.services.saved_views import save_view
from tests.conftest import client_of, member
from tests.factories import CustomerFactory, FeedbackFactory, TeamFactory

pytestmark = pytest.mark.django_db


def saved_view(person, _team):
    save_view(SavedView(name_en="Mine", view="open", filters={"priority": ["4"]}), by=person)
    return reverse("feedback:saved_views")


def job(person, team):
    FeedbackFactory(team=team)
    everything = Feedback.objects.filter(team=team)
    order_job(everything, by=person, action=BulkAction.TAG, params={"tag": "x"})
    return reverse("feedback:bulk_jobs")


def checklist(_person, _team):
    ChecklistTemplate.objects.create(name_zh="电话", name_en="Call", steps_zh="一", steps_en="1")
    return reverse("feedback:checklists")


def team_signature(person, _team):
    TeamFactory()
    person.groups.model.objects.get(name=Role.ADMIN.value).user_set.add(person)
    return reverse("feedback:signatures")


def person_of_an_organisation(_person, team):
    company, _ = Organisation.objects.get_or_create(name="Han & Co")
    FeedbackFactory(customer=CustomerFactory(organisation=company), team=team)
    return reverse("feedback:organisation", args=[company.pk])


@pytest.mark.parametrize(
    "one_more", [saved_view, job, checklist, team_signature, person_of_an_organisation]
)
def test_a_page_costs_the_same_for_any_number_of_rows(team, one_more):
    person = member(Role.LEAD, team)
    client = client_of(person)

    def queries(url):
        with CaptureQueriesContext(connection) as asked:
            response = client.get(url)
        assert response.status_code == 200
        return len(asked), response.content

    url = one_more(person, team)
    queries(url)
    with_one, shown = queries(url)
    for _ in range(4):
        one_more(person, team)

    with_five, more = queries(url)
    assert with_five == with_one
    assert len(more) > len(shown)  # the rows are really there
