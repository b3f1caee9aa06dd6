"""Custom fields where customers and staff write down what is new."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from feedback.forms.public import new_stamp
from feedback.models import Category, Feedback
from tests.factories import CustomFieldFactory

pytestmark = pytest.mark.django_db


def written(**changes):
    with time_machine.travel(timezone.now() - timedelta(minutes=1), tick=False):
        stamp = new_stamp()
    return {"stamp": stamp, "text": "It leaks.", "email": "li@example.org"} | changes


def test_a_customer_is_asked_what_belongs_to_the_category_in_a_second_step(client):
    category = Category.objects.public().first()
    CustomFieldFactory(code="shop", is_public=True)
    CustomFieldFactory(code="inside")
    CustomFieldFactory(
        code="model",
        is_public=True,
        required_for_customer=True,
        shown_when=["under", "category", [category.code]],
    )
    url = reverse("feedback:form")
    page = client.get(url).content.decode()
    assert "field_shop" in page
    assert "field_inside" not in page
    assert "field_model" not in page
    sent = written(asked="shop", category=category.pk, field_shop="Berlin")

    step = client.post(url, sent)
    assert step.status_code == 422
    assert "field_model" in step.content.decode()
    assert "Berlin" in step.content.decode()
    done = client.post(url, sent | {"asked": "shop,model", "field_model": "HY-7"})

    assert done.status_code == 302
    assert Feedback.objects.get().custom == {"shop": "Berlin", "model": "HY-7"}


def test_staff_fill_in_fields_while_they_write_something_down(agent_client):
    CustomFieldFactory(code="count", kind="integer", required_for_staff=True)
    new = reverse("feedback:new")
    form = {
        "submission_key": "k",
        "name": "Li",
        "channel": "phone",
        "text": "It leaks.",
        "priority": "2",
        "language": "en",
    }
    assert "field_count" in agent_client.get(new).content.decode()
    assert agent_client.post(new, form).status_code == 422

    assert agent_client.post(new, form | {"field_count": "3"}).status_code == 302

    assert Feedback.objects.get().custom == {"count": 3}
