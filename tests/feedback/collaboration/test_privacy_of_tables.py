"""What keepers say that they forget and export, they do: a row of every table that they name is
filled with the customer's name and a word of its own, looked for in the copy and afterwards."""

import json
from itertools import count

import pgtrigger
import pytest
from django.contrib.postgres.fields import ArrayField
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models
from django.utils import timezone

from accounts.enums import PrivacyKind, PrivacyState
from accounts.errors import PrivacyRefused
from accounts.models import (
    CaughtMail,
    ContactPoint,
    Customer,
    CustomerMerge,
    Organisation,
    OutgoingMessage,
    PrivacyRequest,
    WebhookDelivery,
    WebhookEndpoint,
)
from accounts.services.customer_tags import add_customer_note, set_customer_tags
from accounts.services.customers import add_contact, create_customer
from accounts.services.privacy import _person, ask_for, carry_out
from accounts.services.privacy_keepers import keepers
from analytics.models import (
    Alert,
    AlertRule,
    CashFlow,
    CauseNode,
    Measure,
    MeasureStep,
    Problem,
    PublicationComment,
    PublicationQuote,
    TextReading,
    Thanks,
)
from analytics.services.evidence import add_evidence
from analytics.services.publications import draft_publication
from analytics.services.root_causes import begin_analysis
from config.kernel.models import IdempotencyRecord
from feedback.enums import Channel, DraftKind, InboundState, TimelineKind
from feedback.models import (
    Assessment,
    AutomationRule,
    AutomationRun,
    BulkItem,
    BulkJob,
    ChecklistItem,
    Commitment,
    Draft,
    Feedback,
    InboundMail,
    ListExport,
    MailReference,
    NegativeCase,
    NegativePoint,
    Notification,
    QualityTrace,
    SavedView,
    Task,
    TimelineEntry,
    Upload,
)
from feedback.services.attachments import IncomingFile
from feedback.services.conversation import add_customer_message
from feedback.services.details import set_tags
from feedback.services.holds import hold_record, release_record
from feedback.services.replies import send_reply
from feedback.services.search_index import index_what_changed
from surveys.enums import Verdict
from surveys.models import (
    Answer,
    Booking,
    ContactEvent,
    GatheringNote,
    Invitation,
    PaperBatch,
    PaperEntry,
    PhoneCall,
    ResponseExport,
    ResponseImport,
)
from surveys.services.answering import submit_response
from surveys.services.correcting import correct_response
from surveys.services.deciding import decide
from surveys.services.papers import make_batch
from tests.factories import FeedbackFactory, MailboxFactory, UserFactory
from tests.factories.surveys import make_gathering, make_survey, sent, sign_up
from tests.support.jobs import run_queued_jobs

pytestmark = pytest.mark.django_db

NAME = "Wilhelmina Ashdown"
MAIL = "ashdown@example.org"
PHONE = "13812345678"
# Found by these, which therefore stay what they are; they hold the address themselves.
FOUND_BY = {
    (ContactPoint, "value"),
    (InboundMail, "sender"), (MailReference, "sender"), (CaughtMail, "sender"),
    (CaughtMail, "recipients"), (OutgoingMessage, "to_address"), (Invitation, "address"),
    (ContactEvent, "address_digest"), (Booking, "address"),
}  # fmt: skip
# Made of other tables.
DERIVED = {"feedback.SearchEntry", "feedback.CustomerEntry", "surveys.QualityCheck"}
APPEND_ONLY = "feedback.TimelineEntry:a_timeline_is_append_only"


@pytest.fixture
def boss(db):
    return UserFactory(is_superuser=True)


def make_files(agent):
    survey = make_survey()
    ResponseExport.objects.create(survey=survey, by=agent, language="en")
    ResponseImport.objects.create(survey=survey, name="answers.csv")
    form = make_batch(PaperBatch(survey=survey), count=1, by=agent).forms.get()
    PaperEntry.objects.create(form=form, place=1, fields={"x": "x"}, language="en")


def by_mail(message):
    """It came by mail, and was read."""
    InboundMail.objects.create(
        mailbox=MailboxFactory(), raw=b"x", size=1, sender=MAIL, filed_as=message,
        state=InboundState.FILED,
    )  # fmt: skip
    Assessment.objects.create(feedback=message.feedback)
    about = {"message": message, "feedback": message.feedback}
    TextReading.objects.create(said_at=timezone.now(), **about)


@pytest.fixture
def customer(boss, team, agent):
    """Somebody of whom there is a row in every table that a keeper names."""
    made = create_customer(
        name=NAME,
        contacts=[("email", MAIL), ("phone", PHONE)],
        organisation=Organisation.objects.create(name="Acme", note="x"),
    )
    add_contact(made.pk, kind="phone", value="13900001111")
    add_customer_note(made.pk, text="x", by=agent)
    set_customer_tags(made.pk, ["x"])
    record = FeedbackFactory(customer=made, team=team, subject="x")
    said = add_customer_message(
        record.pk, channel=Channel.EMAIL, text="x", sender_name=NAME, sender_address=MAIL,
        files=[IncomingFile("x.txt", b"x")],
    )  # fmt: skip
    send_reply(record.pk, by=agent, text="Hello")
    set_tags(record.pk, by=agent, names=["x"])
    TimelineEntry.objects.create(feedback=record, kind=TimelineKind.RATED)
    task = Task.objects.create(feedback=record, kind="other", due_at=timezone.now())
    ChecklistItem.objects.create(task=task, text="x")
    Commitment.objects.create(feedback=record, kind="solution", staff_text="x")
    gone_wrong(record, boss)
    rule = AutomationRule.objects.create(name_en="Rule", event="created", actions=[])
    AutomationRun.objects.create(rule=rule, feedback=record, key="x", event="created", did=[{}])
    job = BulkJob.objects.create(by=agent, action="tag", params={"tag": "x"})
    BulkItem.objects.create(job=job, feedback=record, before={})
    draft = Draft.objects.create(feedback=record, user=agent, kind=DraftKind.REPLY)
    Upload.objects.create(draft=draft, size=1, uploaded_by=agent)
    ListExport.objects.create(key="0" * 32, by=agent, format="csv")
    SavedView.objects.create(name_en="View", scope="own", owner=agent, filters={"q": [NAME]})
    by_mail(said)
    MailReference.objects.create(feedback=record, message_id="<x@y>", sender=MAIL)
    CaughtMail.objects.create(sender=MAIL, envelope_from=MAIL, recipients=[MAIL], raw=b"x")
    IdempotencyRecord.objects.create(owner="x", key="x", request_digest="x", body={})
    endpoint = WebhookEndpoint.objects.create(
        name="Shop", url="https://example.org", event_types=[]
    )
    WebhookDelivery.objects.create(endpoint=endpoint, event="x", about=f"customer {made.pk}")
    make_files(agent)
    gone = create_customer(name="W. A.")
    Customer.objects.filter(pk=gone.pk).update(merged_into=made)
    CustomerMerge.objects.create(kept=made, gone=gone)
    PrivacyRequest.objects.create(
        customer=made, kind="export", state="done", reason="x", done_at=timezone.now(),
        due_at=timezone.now(), requested_by=boss,
    )  # fmt: skip
    invitation = sent(record, by=boss)
    survey = invitation.collector.survey
    PhoneCall.objects.create(survey=survey, customer=made, language="en", note="x")
    answered(invitation, boss)
    at_an_event()
    return Customer.objects.get(pk=made.pk)


def answered(invitation, boss):
    """A response, and what a colleague decided about it."""
    answers = {"overall": 2, "solved": "no", "comment": "x"}
    response = submit_response(
        invitation.collector_id, answers=answers, language="en", invitation_id=invitation.pk
    ).response
    decide(response.pk, Verdict.LEAVE_OUT, reason="x", by=boss)
    correct_response(response.pk, answers={"overall": 3}, reason="x", by=boss)


def at_an_event():
    booking = sign_up(make_gathering(), NAME, address=MAIL)
    GatheringNote.objects.create(gathering=booking.gathering, booking=booking, text="x", key="x")


def gone_wrong(record, boss):
    case = NegativeCase.objects.create(feedback=record)
    NegativePoint.objects.create(case=case, kind="apology")
    QualityTrace.objects.create(feedback=record)
    problem = Problem.objects.create(title="x")
    add_evidence(problem.pk, by=boss, feedback=[record.pk], quote="x")
    CauseNode.objects.create(root_cause=begin_analysis(problem.pk, "five_whys", by=boss), text="x")
    measure = Measure.objects.create(problem=problem, kind="product", title="x")
    MeasureStep.objects.create(measure=measure, text="x")
    CashFlow.objects.create(measure=measure, period=0)
    rule, day = AlertRule.objects.get(code="customer"), timezone.localdate()
    Alert.objects.create(rule=rule, kind=rule.kind, day=day, last_day=day, note="x")
    Thanks.objects.create(to=boss, by=UserFactory(), text="x")
    # Told last, found first: nobody else is told of a page.
    Notification.objects.create(user=boss, kind="thanked", about={"page": "/", "text": "x"})
    about = {
        "publication": draft_publication(by=boss, language="en", problem=problem),
        "customer": record.customer,
        "language": "en",
    }
    PublicationQuote.objects.create(**about, feedback=record, text="x")
    PublicationComment.objects.create(**about, text="x", submission_key="x")


def value_for(model, name, words, before):
    """What somebody could have written there."""
    field = model._meta.get_field(name)
    if isinstance(field, models.FileField) or (model, name) == (Answer, "file"):
        return default_storage.save("people/test", ContentFile(words.encode()))
    if isinstance(field, models.BinaryField):
        return words.encode()
    if isinstance(field, ArrayField):
        return [words]
    if isinstance(field, models.JSONField):
        return [words] if isinstance(before, list) else {"x": words}
    return words[: field.max_length] if field.max_length else words


def fill(words_of):
    """A word of its own into each field that a keeper names, of one row of each table."""
    numbers = count(1)
    for keeper in keepers():
        for model, names in keeper.forgets.items():
            if model._meta.label in DERIVED:
                continue
            row = model._default_manager.order_by("pk").first()
            if model is Answer:
                row = Answer.objects.exclude(text=None).get()
            assert row is not None, f"no row of {model._meta.label}"
            for name in names:
                if (model, name) not in FOUND_BY:
                    words = f"{NAME} Zq{next(numbers)}q"
                    value = value_for(model, name, words, getattr(row, name))
                    words_of[model, name] = value if "/test" in str(value) else words
                    model._default_manager.filter(pk=row.pk).update(**{name: value})


def everything_stored():
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT string_agg(t::text, chr(10)) FROM {table} t")  # noqa: S608
            text = cursor.fetchone()[0] or ""
            found[table] = text + bytes_in(text)
    return found


def bytes_in(text):
    """What PostgreSQL writes as hexadecimal digits, in letters."""
    pieces = [one.split(",")[0].strip('"') for one in text.split("\\x")[1:]]
    return "".join(
        bytes.fromhex(one).decode(errors="replace") for one in pieces if len(one) % 2 == 0
    )


@pytest.mark.parametrize("kind", [PrivacyKind.ANONYMISE, PrivacyKind.ERASE])
def test_what_keepers_name_is_in_the_copy_and_then_gone(
    kind, customer, boss, django_capture_on_commit_callbacks
):
    words_of = {}
    with pgtrigger.ignore(APPEND_ONLY):
        fill(words_of)
    customer.refresh_from_db()
    copied = ""
    files = {name: value for name, value in words_of.items() if "/test" in value}
    for keeper in keepers():
        exported = keeper.export(_person(customer, contents=False))
        copied += json.dumps(exported.data, cls=DjangoJSONEncoder)
        for name, opens in exported.files:
            with opens() as file:
                copied += name + file.read().decode()
    numbers = {key: words.rpartition(" ")[2] for key, words in words_of.items()}
    missing = [
        f"{model.__name__}.{name}"
        for keeper in keepers()
        for model, names in keeper.exports.items()
        for name in names
        if (model, name) in numbers and (model, name) not in files
        if numbers[model, name] not in copied
    ]
    assert missing == [], missing

    request = ask_for(customer.pk, kind, by=boss, reason=f"Mail of {NAME}")
    with django_capture_on_commit_callbacks(execute=True):
        carry_out(request.pk)
        index_what_changed()

    request.refresh_from_db()
    assert request.state == PrivacyState.DONE
    secrets = [NAME, "Wilhelmina", "Ashdown", PHONE, MAIL]
    if kind == PrivacyKind.ERASE:  # nothing of what was said, whether it named them or not
        secrets += [numbers[key] for key in numbers if key[0]._meta.label not in MASKED_ONLY]
    leaks = {
        (table, secret)
        for table, text in everything_stored().items()
        for secret in secrets
        if secret.lower() in text.lower() and not table.startswith("django_q")
    }
    assert leaks == set()
    assert [name for name in files.values() if default_storage.exists(name)] == []


# Data in which names of settings stand beside what people wrote, and what is not about one record.
MASKED_ONLY = {
    "accounts.Organisation", "accounts.OrganisationEvent", "accounts.PrivacyRequest",
    "analytics.Problem", "analytics.RootCause", "analytics.CauseNode", "analytics.Measure",
    "analytics.MeasureStep", "analytics.CashFlow", "analytics.ImprovementEntry",
    "analytics.Publication", "analytics.PublicationEntry", "analytics.Alert", "analytics.Thanks",
    "feedback.AutomationRun", "feedback.TimelineEntry", "feedback.SavedView", "feedback.BulkJob",
    "feedback.Notification",
}  # fmt: skip


def test_a_record_under_legal_hold_keeps_its_customer_and_says_so(customer, boss, admin_client):
    record = Feedback.objects.get()
    hold_record(record.pk, by=boss, reason="Court case 7")

    with pytest.raises(PrivacyRefused) as refused:
        ask_for(customer.pk, PrivacyKind.ERASE, by=boss, reason="x")
    assert refused.value.code == "records_held"
    assert f"#{record.number}" in str(refused.value.message)
    ask_for(customer.pk, PrivacyKind.EXPORT, by=boss, reason="x")
    page = admin_client.get(f"/customers/{customer.pk}/privacy/").content.decode()
    assert f"A legal hold keeps #{record.number}" in page

    release_record(record.pk, by=boss)
    asked = ask_for(customer.pk, PrivacyKind.ERASE, by=boss, reason="x")
    hold_record(record.pk, by=boss, reason="Court case 8")  # before the job came to it
    run_queued_jobs()
    asked.refresh_from_db()
    assert (asked.state, asked.report) == (PrivacyState.REFUSED, {"refused": "records_held"})
    customer.refresh_from_db()
    assert customer.name == NAME
