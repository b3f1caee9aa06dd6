"""One row of each model that the admin shows, made the short way."""

from collections.abc import Callable
from itertools import count

from accounts.enums import ConsentPurpose, OutgoingKind
from accounts.models import Organisation
from accounts.services.api_tokens import issue_token
from accounts.services.customers import record_consent
from accounts.services.outbox import queue_mail
from tests.factories import CustomerFactory, TeamFactory, UserFactory

number = count(1)


def token():
    return issue_token(user=UserFactory(), name="Till", scopes=["feedback:read"])[0]


def consent():
    return record_consent(
        CustomerFactory().pk, purpose=ConsentPurpose.SURVEY, given=True, channel="web_form"
    )


def outgoing():
    return queue_mail(
        kind=OutgoingKind.REPLY,
        tag="t1",
        to_address=f"li{next(number)}@example.org",
        subject="Re: leak",
        body_text="We will come.",
    )


def organisation() -> Organisation:
    return Organisation.objects.create(name=f"Company {next(number)}", domain="example.org")


ROWS: dict[str, Callable] = {
    "accounts.ApiToken": token,
    "accounts.Consent": consent,
    "accounts.Customer": lambda: CustomerFactory(organisation=organisation()),
    "accounts.Organisation": organisation,
    "accounts.OutgoingMessage": outgoing,
    "accounts.Team": TeamFactory,
    "accounts.User": lambda: UserFactory(team=TeamFactory()),
}
