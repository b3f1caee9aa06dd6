"""The rules by which personal data is covered: their page, what is refused, their history."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.enums import PersonalDataKind
from accounts.models import PersonalDataRules
from accounts.selectors.personal_data import covers
from accounts.services.personal_data import save_personal_data_rules
from config.kernel.text.personal_data.kinds import Kind

pytestmark = pytest.mark.django_db
URL = "accounts:personal_data"


def test_every_kind_that_can_be_found_has_a_word():
    assert set(PersonalDataKind.values) == {one.value for one in Kind}


def test_rules_are_saved_and_hold_at_once(admin_client):
    saved = admin_client.post(
        reverse(URL),
        {
            "in_lists": ["phone", "own"],
            "in_conversations": ["own"],
            "never": "400-618-9988\n\n",
            "order_numbers": "139########",
            "own_patterns": "HY-######",
        },
    )

    assert saved.status_code == 302
    cover = covers()
    assert cover.in_lists("13988776655 HY-123456 400 618 9988 13612345678 a@b.example") == (
        "13988776655 **** 400 618 9988 136****5678 a@b.example"
    )
    assert cover.in_conversations("13612345678 HY-123456") == "13612345678 ****"
    events = apps.get_model("accounts", "PersonalDataRulesEvent")
    assert events.objects.get().own_patterns == "HY-######"


def test_a_text_is_tried_and_nothing_of_it_is_kept(admin_client):
    page = admin_client.post(reverse(URL), {"try-text": "打13988776655"})

    assert "139****6655" in page.content.decode()
    assert not PersonalDataRules.objects.exists()


def test_a_pattern_that_fits_everything_is_refused_and_stays_typed(admin_client):
    page = admin_client.post(reverse(URL), {"in_lists": ["phone"], "own_patterns": "#*"})

    assert page.status_code == 422
    assert "fits too much" in page.content.decode()
    assert "#*" in page.content.decode()
    with pytest.raises(ValidationError):
        save_personal_data_rules(PersonalDataRules(in_lists=["shoe size"]))


def test_agents_do_not_set_rules(agent_client):
    assert agent_client.get(reverse(URL)).status_code == 403
