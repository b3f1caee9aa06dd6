"""Each model in the admin: its list, its form for a new one and the page of one open, and the
list costs the same however many rows it has."""

import pytest
from django.contrib import admin as django_admin
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.admin.rows import ROWS
from tests.conftest import client_of
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db

OURS = {"accounts", "analytics", "feedback", "surveys"}
REGISTERED = {
    model._meta.label: (model, model_admin)
    for model, model_admin in django_admin.site._registry.items()
    if model._meta.app_label in OURS
}
labels = pytest.mark.parametrize("label", sorted(REGISTERED))


@pytest.fixture
def superuser_client():
    return client_of(UserFactory(is_staff=True, is_superuser=True))


def address(label: str, what: str, *args) -> str:
    return reverse(f"admin:{label.lower().replace('.', '_')}_{what}", args=args)


def test_every_model_here_has_a_row_to_show():
    assert set(ROWS) == set(REGISTERED)


@labels
def test_its_pages_open_its_search_works_and_its_list_costs_the_same_for_any_number_of_rows(
    superuser_client, label
):
    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            superuser_client.get(address(label, "changelist"))
        return len(captured)

    row = ROWS[label]()
    _, model_admin = REGISTERED[label]

    listed = superuser_client.get(address(label, "changelist"))
    shown = superuser_client.get(address(label, "change", row.pk))
    history = superuser_client.get(address(label, "history", row.pk))

    assert [listed.status_code, shown.status_code, history.status_code] == [200, 200, 200]
    assert address(label, "change", row.pk) in listed.content.decode()
    request = listed.wsgi_request
    added = superuser_client.get(address(label, "add"))
    assert added.status_code == (200 if model_admin.has_add_permission(request) else 403)

    with_one = queries()
    for _ in range(4):
        ROWS[label]()
    assert queries() == with_one

    if model_admin.search_fields:
        found = superuser_client.get(address(label, "changelist"), {"q": "漏水 #1"})
        assert found.status_code == 200


@labels
def test_the_role_admin_may_look_at_it_and_nobody_without_the_permission(admin_client, label):
    row = ROWS[label]()
    nobody = client_of(UserFactory(is_staff=True))

    for page in [address(label, "changelist"), address(label, "change", row.pk)]:
        assert admin_client.get(page).status_code == 200
        assert nobody.get(page).status_code == 403


def test_every_permission_of_the_roles_exists():
    assert Permission.objects.filter(group__name="admin").exists()
