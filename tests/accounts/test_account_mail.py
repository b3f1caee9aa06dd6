import re

import pytest
from django.urls import reverse

from accounts.enums import OutgoingKind
from accounts.models import OutgoingMessage

pytestmark = pytest.mark.django_db


def test_a_forgotten_password_is_set_anew_by_the_link_in_the_mail(client, agent, settings):
    client.post(reverse("account_reset_password"), {"email": agent.email})

    mail = OutgoingMessage.objects.get()
    assert (mail.kind, mail.to_address) == (OutgoingKind.ACCOUNT, agent.email)
    assert mail.body_text.rstrip().endswith(f"{settings.SITE_NAME}\n{settings.SITE_URL}")
    link = re.search(r"https?://\S+", mail.body_text)[0]
    page = client.get(link, follow=True)
    done = client.post(
        page.request["PATH_INFO"],
        {"password1": "seven green teas", "password2": "seven green teas"},
    )

    assert done.status_code == 302
    agent.refresh_from_db()
    assert agent.check_password("seven green teas")


def test_an_unknown_address_gets_no_mail_and_no_hint(client):
    response = client.post(reverse("account_reset_password"), {"email": "who@example.org"})

    assert response.status_code == 302
    assert OutgoingMessage.objects.count() == 0
