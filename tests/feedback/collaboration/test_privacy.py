"""A copy of what we hold about somebody, and being forgotten."""

import io
import json
import zipfile
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.enums import PrivacyKind, PrivacyState, Scope
from accounts.errors import ContactForgotten, PrivacyRefused
from accounts.models import ContactPoint, Customer, OutgoingMessage, PrivacyRequest
from accounts.services.customers import add_contact, create_customer, find_or_create_customer
from accounts.services.privacy import (
    ask_for,
    carry_out,
    decide,
    remove_expired_files,
    set_legal_hold,
)
from feedback.channels.email.parse import parse_mail
from feedback.channels.email.threading import find_thread
from feedback.enums import Channel
from feedback.models import Attachment, Commitment, Feedback
from feedback.services.attachments import IncomingFile
from feedback.services.conversation import add_customer_message
from feedback.services.drafts import save_draft
from feedback.services.replies import add_note, send_reply
from feedback.services.search_index import index_what_changed
from surveys.models import Answer
from surveys.services.answering import submit_response
from tests.api.conftest import ApiClient
from tests.factories import CustomerFactory, FeedbackFactory, UserFactory
from tests.factories.surveys import sent
from tests.support.jobs import run_queued_jobs

pytestmark = pytest.mark.django_db

NAME = "Wilhelmina Ashdown"
PHONE = "13812345678"
SECRETS = [NAME, "Wilhelmina", PHONE, "ashdown@example.org", "contract.pdf", "ORDER-77"]


@pytest.fixture
def boss(db):
    return UserFactory(is_superuser=True)


@pytest.fixture
def customer(db):
    made = create_customer(
        name=NAME, contacts=[("email", "ashdown@example.org"), ("phone", PHONE)]
    )
    return Customer.objects.get(pk=made.pk)


@pytest.fixture
def record(customer, team, agent):
    """A conversation with everything in it that names somebody."""
    feedback = FeedbackFactory(
        customer=customer, team=team, subject=f"Leak at {NAME}'s", order_number="ORDER-77"
    )
    add_customer_message(
        feedback.pk,
        channel=Channel.EMAIL,
        text=f"Call me on {PHONE}. It leaks. {NAME}",
        html=f"<p>{NAME}</p>",
        sender_name=NAME,
        sender_address="ashdown@example.org",
        files=[IncomingFile("contract.pdf", b"%PDF-1 Ashdown")],
    )
    add_note(feedback.pk, by=agent, text=f"{NAME} was angry")
    send_reply(feedback.pk, by=agent, text=f"Dear {NAME}, we come.")
    Commitment.objects.create(feedback=feedback, kind="solution", staff_text=f"Send {NAME} two")
    save_draft(feedback.pk, by=agent, kind="reply", text=f"And, {NAME},")
    return Feedback.objects.get(pk=feedback.pk)


def everything_stored():
    """All texts of all tables, as PostgreSQL writes them."""
    with connection.cursor() as cursor:
        found = {}
        for table in connection.introspection.table_names(cursor):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT string_agg(t::text, chr(10)) FROM {name} t")  # noqa: S608
            found[table] = cursor.fetchone()[0] or ""
    return found


def forget(customer, kind, by):
    request = ask_for(customer.pk, kind, by=by, reason=f"Mail of {NAME}")
    run_queued_jobs()
    request.refresh_from_db()
    assert request.state == PrivacyState.DONE
    return request


@pytest.mark.parametrize("kind", [PrivacyKind.ANONYMISE, PrivacyKind.ERASE])
def test_nothing_in_any_table_names_them_any_more(
    kind, record, customer, boss, django_capture_on_commit_callbacks
):
    invitation = sent(record, by=boss)
    answers = {"overall": 2, "solved": "no", "comment": f"I am {NAME}, {PHONE}"}
    submit_response(
        invitation.collector_id, answers=answers, language="en", invitation_id=invitation.pk
    )
    path = Attachment.objects.get().file.name
    index_what_changed()

    with django_capture_on_commit_callbacks(execute=True):
        forget(customer, kind, boss)
    index_what_changed()

    leaks = {
        (table, secret)
        for table, text in everything_stored().items()
        for secret in SECRETS
        if secret.lower() in text.lower() and not table.startswith("django_q")
    }
    assert leaks == set()
    assert not default_storage.exists(path)
    record.refresh_from_db()
    texts = [one.text for one in record.messages.all()]
    assert any("It leaks" in text for text in texts) == (kind == PrivacyKind.ANONYMISE)
    assert Answer.objects.filter(number=2).exists()  # scores stay


def test_an_export_has_everything_and_only_the_asker_fetches_it(
    record, customer, boss, admin_client, client
):
    url = reverse("feedback:customer_privacy", args=[customer.pk])
    client.force_login(boss)
    assert client.post(url, {"kind": "export", "reason": "Their mail"}).status_code == 302
    run_queued_jobs()

    request = PrivacyRequest.objects.get()
    file_url = reverse("feedback:privacy_file", args=[request.pk])
    assert file_url in client.get(reverse("feedback:privacy_requests")).content.decode()
    answer = client.get(file_url)
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        names = archive.namelist()
        told = json.loads(archive.read("feedback.json"))["records"][0]
        accounts = json.loads(archive.read("accounts.json"))
    assert any(name.endswith("contract.pdf") for name in names)
    assert {"accounts.json", "feedback.json", "surveys.json"} <= set(names)
    assert PHONE in json.dumps(told)
    assert "angry" not in json.dumps(told)  # notes stay inside
    assert {one["value"] for one in accounts["contacts"]} == {"ashdown@example.org", PHONE}
    assert admin_client.get(file_url).status_code == 404

    PrivacyRequest.objects.update(expires_at=timezone.now() - timedelta(minutes=1))
    assert client.get(file_url).status_code == 404
    assert remove_expired_files() == 1


# T85
def test_who_writes_again_is_somebody_new_and_nothing_is_revived(record, customer, boss):
    ours = OutgoingMessage.objects.filter(customer=customer).latest("pk").message_id
    old_link = record.status_token
    forget(customer, PrivacyKind.ANONYMISE, boss)

    raw = (
        f"From: Wilhelmina <ashdown@example.org>\r\nTo: help@huiyin.test\r\nSubject: Re: leak\r\n"
        f"In-Reply-To: {ours}\r\nMessage-ID: <new@example.org>\r\n\r\nHello again"
    )
    assert find_thread(parse_mail(raw.encode())) is None
    again = find_or_create_customer(kind="email", value="Ashdown@example.org", name="W. A.")
    assert again.pk != customer.pk
    record.refresh_from_db()
    assert record.status_token != old_link
    assert not Feedback.objects.filter(customer=again).exists()


def test_an_import_of_old_data_does_not_bring_them_back(record, customer, boss):
    forget(customer, PrivacyKind.ERASE, boss)
    program = ApiClient(boss, [Scope.CUSTOMERS_WRITE])
    contact = {"kind": "email", "value": "ashdown@example.org"}

    answer = program.post("customers/", {"name": NAME, "contacts": [contact]})
    assert (answer.status_code, answer.json()["code"]) == (409, "contact_forgotten")
    with pytest.raises(ContactForgotten):
        add_contact(CustomerFactory().pk, kind="phone", value=PHONE)
    assert not Customer.objects.filter(name=NAME).exists()

    find_or_create_customer(kind="email", value="ashdown@example.org")  # they write themselves
    assert ContactPoint.objects.email("ashdown@example.org").exists()


def test_a_legal_hold_keeps_the_data(record, customer, boss):
    set_legal_hold(customer.pk, held=True)
    with pytest.raises(PrivacyRefused) as refused:
        ask_for(customer.pk, PrivacyKind.ERASE, by=boss, reason="x")
    assert refused.value.code == "legal_hold"
    set_legal_hold(customer.pk, held=False)
    asked = ask_for(customer.pk, PrivacyKind.ERASE, by=boss, reason="x")
    set_legal_hold(customer.pk, held=True)  # before the job came to it

    run_queued_jobs()

    asked.refresh_from_db()
    customer.refresh_from_db()
    assert (asked.state, asked.report) == (PrivacyState.REFUSED, {"refused": "legal_hold"})
    assert customer.name == NAME


def test_where_two_persons_are_asked_for_the_asker_cannot_agree(customer, boss, settings):
    settings.PRIVACY_NEEDS_APPROVAL = True
    asked = ask_for(customer.pk, PrivacyKind.ANONYMISE, by=boss, reason="x")
    run_queued_jobs()
    customer.refresh_from_db()
    assert customer.erased_at is None

    with pytest.raises(PrivacyRefused):
        decide(asked.pk, by=boss, agrees=True)
    decide(asked.pk, by=UserFactory(is_superuser=True), agrees=True)
    run_queued_jobs()

    customer.refresh_from_db()
    assert customer.erased_at is not None
    carry_out(asked.pk)  # a job may run twice
    with pytest.raises(PrivacyRefused):
        ask_for(customer.pk, PrivacyKind.EXPORT, by=boss, reason="x")


def test_the_page_wants_the_name_before_anything_is_forgotten(
    admin_client, agent_client, customer
):
    url = reverse("feedback:customer_privacy", args=[customer.pk])
    page = admin_client.get(url).content.decode()
    assert "Anonymise" in page
    wrong = admin_client.post(url, {"kind": "erase", "reason": "Their mail", "name": "x"})
    assert wrong.status_code == 422
    assert "Their mail" in wrong.content.decode()
    assert admin_client.post(
        url, {"kind": "erase", "reason": "Their mail", "name": NAME}
    ).url == reverse("feedback:privacy_requests")
    assert agent_client.get(url).status_code == 403
    assert agent_client.get(reverse("feedback:privacy_requests")).status_code == 403


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_of_requests_costs_the_same(admin_client, boss, rows, django_assert_num_queries):
    for _ in range(rows):
        ask_for(CustomerFactory().pk, PrivacyKind.EXPORT, by=boss, reason="x")
    url = reverse("feedback:privacy_requests")
    admin_client.get(url)

    with django_assert_num_queries(5):
        assert admin_client.get(url).content.decode().count("data-row=") == rows


def test_a_program_asks_and_fetches(customer, boss):
    program = ApiClient(boss, [Scope.CUSTOMERS_READ, Scope.CUSTOMERS_WRITE])
    wanted = {"customer": customer.pk, "kind": "export", "reason": "Their mail"}
    made = program.post("privacy-requests/", wanted).json()
    assert made["state"] == "queued"
    assert program.post("privacy-requests/", wanted).json()["code"] == "already_asked"
    run_queued_jobs()

    assert program.get(f"privacy-requests/{made['id']}/").json()["has_file"] is True
    file = program.get(f"privacy-requests/{made['id']}/file/")
    assert zipfile.is_zipfile(io.BytesIO(file.content))
