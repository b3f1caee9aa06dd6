"""The OpenAPI document is true: whatever it allows is answered as it says, whatever it forbids
is refused, and nothing makes the server fall over. Requests are made up by schemathesis."""

import json
import os
from collections import Counter
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from zlib import crc32

import jsonschema_rs
import pytest
import schemathesis
from django.core.management import call_command
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.utils import timezone
from drf_spectacular import validation
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, settings
from hypothesis.strategies import characters
from schemathesis.checks import load_all_checks
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.generation.meta import CoverageScenario
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    negative_data_rejection,
    positive_data_acceptance,
)

from accounts.enums import OutgoingKind, PrivacyKind, Scope
from accounts.models import CustomerTag, Organisation
from accounts.services.outbox import queue_mail
from accounts.services.privacy import ask_for
from accounts.services.suppression import block_address
from accounts.services.webhooks import create_webhook, ping_webhook
from analytics.enums import MeasureKind, TopicState
from analytics.models import (
    Alert,
    AlertRule,
    TextModel,
    TextReading,
    Topic,
    TopicSet,
    TopicText,
)
from analytics.services.measures import propose_measure
from analytics.services.problems import make_problem
from analytics.services.publications import draft_publication
from analytics.services.sharing import share_results
from config.wsgi import application
from feedback.enums import BulkAction, CommitmentKind, TimelineKind
from feedback.models import (
    BusinessCalendar,
    ChecklistTemplate,
    Feedback,
    FormDefinition,
    RetentionRule,
    RoutingRule,
    SavedView,
    Tag,
)
from feedback.rules.commitments import Said
from feedback.selectors.queue import read_query
from feedback.services.attachments import IncomingFile
from feedback.services.bulk_jobs import order_job
from feedback.services.commitments import make_commitment
from feedback.services.followup import plan_call_back
from feedback.services.holiday_feeds import add_feed
from feedback.services.inbound_mail import store_raw_mail
from feedback.services.list_exports import make_export, order_export
from feedback.services.quality_traces import start_trace
from feedback.services.records import tell
from feedback.services.replies import add_note
from feedback.services.retention import save_rule
from feedback.services.saved_views import save_view
from feedback.services.scheduling import schedule_reply
from surveys.enums import CollectorChannel, RewardKind
from surveys.models import PaperBatch, Reward, SurveyPlan
from surveys.services.bank import put_into_bank
from surveys.services.defaults import ensure_call_back_survey
from surveys.services.papers import make_batch
from surveys.services.planning import save_plan
from surveys.services.response_imports import upload_table
from surveys.services.rewarding import save_reward
from tests.admin.rows import automation_rule
from tests.api.conftest import ApiClient
from tests.factories import (
    CustomFieldFactory,
    FeedbackFactory,
    MacroFactory,
    MailboxFactory,
    ProductFactory,
    ReplyTemplateFactory,
    TeamFactory,
    UserFactory,
)
from tests.factories.reports import issued_report
from tests.factories.surveys import make_gathering, planned, sign_up
from tests.support.database import made_once

pytestmark = pytest.mark.django_db
load_all_checks()


def in_this_transaction(environ, start_response):
    """The application, keeping the test's connection, as Django's own test client does."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        response = application(environ, start_response)
        body = b"".join(response)
        response.close()
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
    return [body]


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker):
    with made_once("api", something_of_everything, django_db_blocker) as made:
        yield made


@pytest.fixture
def world(made, db):
    return made


def something_of_everything():
    """And a program that may do anything with it."""
    survey = ensure_call_back_survey()
    save_plan(SurveyPlan(survey=survey, goal="To learn"), steps={})
    prize = {"name_zh": "奖品", "name_en": "A prize"}
    reward = save_reward(Reward(survey=survey, kind=RewardKind.LOTTERY, **prize))
    booking = sign_up(make_gathering())
    record = FeedbackFactory()
    program = ApiClient(UserFactory(is_superuser=True), Scope.values)
    answers = {"answers": {"overall": 4}}
    files = [IncomingFile("a.txt", b"x")]
    note = add_note(record.pk, by=program.user, text="x", files=files)
    draft = schedule_reply(
        record.pk, by=program.user, text="x", send_at=timezone.now() + timedelta(days=1)
    )
    said = Said(CommitmentKind.COMPENSATION, "x", amount=Decimal(5))
    promise = make_commitment(record.pk, by=program.user, said=said, owner=None)
    job = order_job(
        Feedback.objects.all(), by=program.user, action=BulkAction.PRIORITY, params={"priority": 3}
    )
    listed = read_query("view=open", program.user)
    export = order_export(
        listed, by=program.user, columns=["number"], format_="csv", language="en"
    )
    make_export(export.pk)
    view = save_view(SavedView(name_en="Mine", view="open"), by=program.user)
    hook, _ = create_webhook(
        by=program.user,
        name="Shop",
        url="https://shop.example.org/hook",
        event_types=["feedback.created"],
    )
    promised = queue_mail(
        kind=OutgoingKind.REPLY,
        tag="t1",
        to_address="li@example.org",
        subject="Re: leak",
        body_text="We will come.",
    )
    problem = make_problem(by=program.user, title="It leaks")
    measure = propose_measure(
        problem.pk, by=program.user, kind=MeasureKind.PRODUCT, title="Seal it"
    )
    report, _ = issued_report(program.user)
    rule = AlertRule.objects.get(code="negative")
    raised = Alert.objects.create(
        rule=rule, kind=rule.kind, day=timezone.localdate(), last_day=timezone.localdate()
    )
    real = {
        "commitments": promise.pk,
        "quality-traces": start_trace(record.pk, by=program.user).pk,
        "tasks": plan_call_back(record, reason="low_score").pk,
        "checklists": ChecklistTemplate.objects.first().pk,
        "saved-views": view.pk,
        "webhooks": hook.pk,
        "webhook-deliveries": ping_webhook(hook.pk, by=program.user).pk,
        "outgoing-mail": promised.pk,
        "bulk-jobs": job.pk,
        "exports": str(export.key),
        "scheduled-replies": draft.pk,
        "feedback": record.number,
        "topics": a_topic(record).pk,
        "problems": problem.pk,
        "alerts": raised.pk,
        "alert-rules": rule.pk,
        "measures": measure.pk,
        "reports": report.pk,
        "publications": draft_publication(by=program.user, language="en", problem=problem).pk,
        "metrics": "csat",
        "dashboards": "service",
        "reveals": tell(
            record, TimelineKind.REVEALED, by=program.user, message=note.pk, kinds=["phone"]
        ).pk,
        "attachments": str(note.attachments.get().key),
        "customers": record.customer.pk,
        "organisations": Organisation.objects.create(name="Pump Ltd").pk,
        "privacy-requests": ask_for(
            record.customer.pk, PrivacyKind.EXPORT, by=program.user, reason="x"
        ).pk,
        "reopen-policies": "others",
        "categories": "product",
        "products": ProductFactory().code,
        "statuses": "new",
        "teams": TeamFactory().pk,
        "staff": UserFactory().pk,
        "tags": Tag.objects.create(name="leak").pk,
        "customer-tags": CustomerTag.objects.create(name="pilot").pk,
        "compensation-limits": "agent",
        "custom-fields": CustomFieldFactory().pk,
        "reply-templates": ReplyTemplateFactory().pk,
        "macros": MacroFactory().pk,
        "signatures": "mine",
        "service-levels": "standard",
        "retention-rules": save_rule(
            RetentionRule(name_zh="旧", name_en="Old", after_days=9, action="anonymise")
        ).pk,
        "calendars": "office",
        "holiday-feeds": add_feed(
            BusinessCalendar.objects.get(code="office"), url="https://cal.example/a.ics"
        ).pk,
        "automation-rules": automation_rule().pk,
        "blocked-addresses": block_address("gone@example.org", note="x").pk,
        "forms": FormDefinition.objects.earliest("pk").pk,
        "automation-pauses": record.number,
        "team-distributions": TeamFactory().pk,
        "mailboxes": (mailbox := MailboxFactory()).pk,
        "inbound-mails": store_raw_mail(mailbox, b"Subject: x\r\n\r\nx").pk,
        "routing-rules": RoutingRule.objects.get(is_catch_all=True).pk,
        "surveys": str(survey.slug),
        "survey-comments": survey.comments.create(text="Too long?", author=program.user).pk,
        "shared-results": share_results(survey.pk, by=program.user, query={}).pk,
        "gatherings": booking.gathering_id,
        "bookings": booking.pk,
        "survey-invitations": planned().pk,
        "paper-batches": make_batch(PaperBatch(survey=survey), count=2, by=program.user).pk,
        "question-bank": put_into_bank(
            {"code": "days", "type": "number", "text": {"en": "How many days?"}},
            name_zh="天数",
            name_en="Days",
            by=program.user,
        ).pk,
        "survey-collectors": survey.collectors.get(channel=CollectorChannel.FOLLOW_UP).pk,
        "response-imports": str(
            upload_table(survey, by=program.user, name="a.csv", raw=b"overall\n4\n").key
        ),
        "responses": program.post(f"surveys/{survey.slug}/responses/", answers).json()["id"],
        "text-models": TextModel.objects.create(
            task="tags", version=1, state="kept", file=b"x", labels=["leak"]
        ).pk,
        "reward-grants": reward.grants.earliest("pk").pk,
    }
    return real, program


def load(*, coverage=True):
    """The document as it is served, with the application to try it on. `coverage`: also with
    every value at the edge of what it allows."""
    loaded = schemathesis.openapi.from_dict(DOCUMENT)
    loaded.app = in_this_transaction
    loaded.config.phases.coverage.enabled = coverage
    return loaded


DOCUMENT = json.loads(
    json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str)
)
schema, few_requests = load(), load(coverage=False)
# Six seconds, and kept in .hypothesis: before several processes need it at the same time.
characters(codec="utf-8").validate()
# Operations that were seen to refuse who has no token or a wrong one: two more requests each time.
SIGNED_IN_ONLY: set[str] = set()
METHODS = {"get", "post", "put", "patch", "delete"}
OPERATIONS = [
    (method, path)
    for path, there in DOCUMENT["paths"].items()
    for method in sorted(METHODS & set(there))
]


def operations(*, about_one):
    """Each operation a test; whether its address names something."""
    some = [one for one in OPERATIONS if ("{" in one[1]) == about_one]
    names = [f"{method.upper()} {path}" for method, path in some]
    return pytest.mark.parametrize(("method", "path"), some, ids=names)


def judge(case, program, *but):
    operation = case.operation.label
    asked_before = [ignored_auth] if operation in SIGNED_IN_ONLY else []
    response = case.call_and_validate(
        headers={"Authorization": f"Bearer {program.secret}"},
        # A code that fits the pattern may still name no category: refused, and rightly so.
        excluded_checks=[positive_data_acceptance, *asked_before, *but],
    )
    nowhere = case.meta and case.meta.is_negative_at(ParameterLocation.PATH)
    if 200 <= response.status_code < 300 and not nowhere:
        SIGNED_IN_ONLY.add(operation)


def a_topic(record):
    topics = TopicSet.objects.create(days=180, state=TopicState.DONE)
    topic = Topic.objects.create(topic_set=topics, words=[["delivery", 0.5]])
    reading, _ = TextReading.objects.update_or_create(
        message=record.messages.first(),
        defaults={"feedback": record, "said_at": timezone.now(), "words": ["delivery"]},
    )
    TopicText.objects.create(topic_set=topics, topic=topic, reading=reading)
    return topic


# Of what schemathesis makes up about each field, one in so many is sent: each field gets some of
# its values of a wrong type, and the next field others. Bodies are read by one parser. What is
# just beyond a limit, of a wrong form or missing is all sent.
ONE_IN = {
    CoverageScenario.INCORRECT_TYPE: 12,
    CoverageScenario.VALID_OBJECT: 8,
    CoverageScenario.OBJECT_REQUIRED_AND_OPTIONAL: 6,
    CoverageScenario.OBJECT_UNEXPECTED_PROPERTIES: 2,
    CoverageScenario.ENUM_VALUE: 2,
    CoverageScenario.INVALID_ENUM_VALUE: 2,
    CoverageScenario.UNSPECIFIED_HTTP_METHOD: 3,
    CoverageScenario.MALFORMED_CONTENT_TYPE: 3,
    CoverageScenario.UNSUPPORTED_CONTENT_TYPE: 3,
}


class Few:
    """A few of the made-up requests about one operation, always the same. ATTACKS=all: all."""

    def __init__(self, method, path):
        self.about, self.seen = f"{method} {path}", Counter()
        self.is_first = method == min(METHODS & set(DOCUMENT["paths"][path]))

    def leaves_out(self, case) -> bool:
        how = getattr(case.meta.phase.data, "scenario", None) if case.meta else None
        if how is None or os.environ.get("ATTACKS") == "all":
            return False
        if how == CoverageScenario.UNSPECIFIED_HTTP_METHOD and not self.is_first:
            return True  # the address refuses them, whatever the operation
        which = f"{how} {case.meta.phase.data.description}"
        self.seen[which] += 1
        return (self.seen[which] + crc32(f"{self.about} {which}".encode())) % ONE_IN.get(
            how, 1
        ) != 0


def examples(number):
    return settings(
        max_examples=number,
        deadline=timedelta(seconds=30),
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )


def each_case(loaded, method, path, *, number, do):
    """do(case) for what schemathesis makes up about one operation, `number` of them at random.

    Its own way to collect tests would make all requests of all operations up in every process;
    and under pytest 9.2 it gives all tests of a function the same name, of which several
    processes together then run one."""
    operation = loaded[path][method]
    made = build_operation_test(
        config=loaded.config,
        operation=operation,
        test_func=examples(number)(do),
        given_kwargs={},
        feedback=FeedbackSources(),
    )
    made()


@operations(about_one=False)
def test_made_up_requests_are_answered_as_documented(method, path, world):
    _, program = world
    few = Few(method, path)

    def answered(case):
        if not few.leaves_out(case):
            judge(case, program)

    each_case(schema, method, path, number=3, do=answered)


@operations(about_one=True)
def test_made_up_requests_about_what_is_not_there_are_answered_as_documented(method, path, world):
    _, program = world

    def answered(case):
        judge(case, program)

    each_case(few_requests, method, path, number=1, do=answered)


@operations(about_one=True)
def test_made_up_requests_about_real_things_are_answered_as_documented(method, path, world):
    real, program = world
    kind, few = path.split("/")[3], Few(method, path)

    def answered(case):
        if few.leaves_out(case):
            return
        for name in case.path_parameters:
            case.path_parameters[name] = real[kind]
        # What was wrong with the request may have been the address that is now right.
        judge(case, program, negative_data_rejection)

    each_case(schema, method, path, number=2, do=answered)


def test_the_document_is_complete_and_valid(tmp_path):
    call_command("spectacular", fail_on_warn=True, file=str(tmp_path / "api.yml"))

    # What validate=True asks in ten seconds, by a checker that is not written in Python.
    version = "_".join(DOCUMENT["openapi"].split(".")[:2])
    rules = Path(validation.__file__).with_name(f"openapi_{version}_schema.json")
    checker = jsonschema_rs.validator_for(json.loads(rules.read_text()))
    assert [f"{fault.instance_path}: {fault}" for fault in checker.iter_errors(DOCUMENT)] == []
    assert not checker.is_valid({**DOCUMENT, "paths": []})
