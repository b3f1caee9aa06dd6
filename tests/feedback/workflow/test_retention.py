"""How long records are kept: the dry run tells exactly what a run does, holds prevent it, figures
stay, and nothing that could tell who it was is left anywhere."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Scope
from accounts.errors import HoldUnexplained
from accounts.models import OutgoingMessage
from accounts.rules.masking import GONE
from accounts.services.privacy import set_legal_hold
from config.kernel.conditions.parsing import parse
from config.kernel.conditions.vocabulary import vocabulary
from feedback.channels.email.parse import parse_mail
from feedback.channels.email.threading import find_thread
from feedback.enums import AgeBasis, Channel, RetentionAction, State, TimelineKind
from feedback.errors import RecordHeld, RuleUnusable, StillOpen
from feedback.models import (
    Attachment,
    Draft,
    Feedback,
    RetentionRule,
    RetentionRun,
    SearchEntry,
    TimelineEntry,
)
from feedback.selectors.retention import held_back, would_touch
from feedback.selectors.status_page import feedback_by_token
from feedback.services import retention
from feedback.services.anonymising import anonymise_record
from feedback.services.attachments import IncomingFile
from feedback.services.drafts import save_draft
from feedback.services.followup import record_satisfaction
from feedback.services.holds import hold_record, release_record
from feedback.services.replies import add_note, send_reply
from feedback.services.retention import apply_rules, save_rule, switch_rule
from feedback.services.search_index import index_what_changed
from feedback.services.workflow import resolve_feedback
from tests.api.conftest import ApiClient
from tests.conftest import client_of
from tests.factories import CustomerFactory, FeedbackFactory

pytestmark = pytest.mark.django_db


def rule(action=RetentionAction.ANONYMISE, days=30, applies_to="", on=True, **more):
    tree = parse(applies_to, vocabulary("feedback")).tree if applies_to else ["and"]
    more = {"basis": AgeBasis.RESOLVED} | more
    one = save_rule(
        RetentionRule(
            name_zh="旧", name_en="Old", condition=tree, action=action, after_days=days, **more
        )
    )
    switch_rule(one, on=on)
    return one


@pytest.fixture
def record(agent, team):
    """A settled matter with something of everything that could tell who it was."""
    customer = CustomerFactory(name="韩梅梅", email="han@example.org")
    feedback = FeedbackFactory(
        customer=customer,
        team=team,
        subject="韩梅梅的滤芯漏水",
        text="我是韩梅梅，电话 138 0013 8000，邮箱 han@example.org",
        html="<p>韩梅梅</p>",
        order_number="HY-4711-X",
        place="海淀",
        sender_name="韩梅梅",
        sender_address="han@example.org",
        files=[IncomingFile("韩梅梅.txt", b"x")],
        acknowledge=True,
    )
    send_reply(feedback.pk, by=agent, text="韩梅梅您好，订单 HY-4711-X 已补发")
    add_note(feedback.pk, by=agent, text="han@example.org 很着急")
    save_draft(feedback.pk, by=agent, kind="reply", text="致韩梅梅", version=0)
    resolve_feedback(feedback.pk, by=agent, outcome="给韩梅梅换了")
    record_satisfaction(feedback.pk, overall=5, solved=True, comment="谢谢，韩梅梅")
    index_what_changed()
    return Feedback.objects.get(pk=feedback.pk)


def everything_about(feedback):
    """All that is kept of the record, as one text."""
    rows = [
        *Feedback.objects.filter(pk=feedback.pk).values(),
        *feedback.messages.values(),
        *TimelineEntry.objects.filter(feedback=feedback).values("note", "data"),
        *OutgoingMessage.objects.values(),
        *SearchEntry.objects.filter(pk=feedback.pk).values("folded"),
        *Draft.objects.filter(feedback=feedback).values(),
        *Attachment.objects.filter(message__feedback=feedback).values(),
    ]
    return str(rows)


@pytest.mark.parametrize("delete_texts", [False, True])
def test_nothing_is_left_that_could_tell_who_it_was(record, agent, delete_texts):
    before = record.status_token
    old = Feedback.objects.get(pk=record.pk)

    anonymise_record(record.pk, by=agent, delete_texts=delete_texts)
    index_what_changed()

    left = everything_about(record)
    for secret in ("韩梅梅", "han@example.org", "138 0013 8000", "HY-4711-X", "海淀"):
        assert secret not in left
    after = Feedback.objects.get(pk=record.pk)
    assert after.customer != old.customer
    assert after.customer.erased_at is not None
    assert not feedback_by_token(before).exists()
    said = after.messages.filter(direction="out", is_automatic=False).get().text
    assert said == ("" if delete_texts else f"{GONE}您好，订单 {GONE} 已补发")


def test_figures_stay_right_when_contents_go(record):
    kept = (
        "received_at", "first_response_at", "resolved_at", "state", "satisfaction", "category_id",
        "channel", "reopened_count", "number", "team_id",
    )  # fmt: skip
    before = Feedback.objects.values(*kept).get(pk=record.pk)
    said = record.messages.count()

    anonymise_record(record.pk, delete_texts=True)
    index_what_changed()

    assert Feedback.objects.values(*kept).get(pk=record.pk) == before
    assert record.messages.count() == said
    assert TimelineEntry.objects.filter(feedback=record, kind=TimelineKind.RATED).exists()


def test_files_go_from_the_disk_too(record, django_capture_on_commit_callbacks):
    name = Attachment.objects.get(message__feedback=record).file.name
    assert default_storage.exists(name)

    with django_capture_on_commit_callbacks(execute=True):
        anonymise_record(record.pk)

    assert not default_storage.exists(name)


def test_the_dry_run_lists_exactly_what_a_run_then_does(record, agent, clock):
    old, young = record, resolve_feedback(FeedbackFactory().pk, by=agent)
    clock.shift(timedelta(days=20))
    resolve_feedback(young.pk, by=agent)
    FeedbackFactory()  # open: never touched
    Feedback.objects.filter(pk=young.pk).update(resolved_at=timezone.now())
    one = rule(days=19)
    out = StringIO()

    call_command("retention", "--dry-run", stdout=out)
    promised = list(would_touch(one, timezone.now()).values_list("number", flat=True))
    done = apply_rules()

    assert f"#{old.number}" in out.getvalue()
    assert promised == [old.number]
    assert (done, RetentionRun.objects.get().numbers) == (1, promised)
    assert apply_rules() == 0  # once is enough


def test_only_what_the_condition_names_is_touched(record, clock):
    other = FeedbackFactory(channel=Channel.PHONE)
    resolve_feedback(other.pk, by=None)
    clock.shift(timedelta(days=60))
    one = rule(RetentionAction.DELETE, applies_to="channel = phone")

    apply_rules()

    assert list(Feedback.objects.filter(contents_deleted_at__isnull=False)) == [other]
    assert one.runs.get().done == 1


@pytest.mark.parametrize("whose", ["record", "customer"])
def test_a_legal_hold_prevents_it_until_it_is_lifted(record, agent, clock, whose):
    if whose == "record":
        hold_record(record.pk, by=agent, reason="Court case 7")
    else:
        set_legal_hold(record.customer_id, held=True, by=agent, reason="Court case 7")
    clock.shift(timedelta(days=60))
    one = rule()

    assert apply_rules() == 0
    assert list(held_back(one, timezone.now())) == [record]
    with pytest.raises(RecordHeld):
        anonymise_record(record.pk)

    release_record(record.pk, by=agent)
    set_legal_hold(record.customer_id, held=False)
    assert apply_rules() == 1


def test_a_hold_says_why_and_shows_on_the_page(record, admin_client, agent):
    with pytest.raises(HoldUnexplained):
        hold_record(record.pk, by=agent, reason=" ")
    url = reverse("feedback:change", args=[record.number, "hold"])
    assert client_of(agent).post(url, {"reason": "x"}).status_code == 403

    admin_client.post(url, {"reason": "Court case 7"})

    page = admin_client.get(record.get_absolute_url()).content.decode()
    assert "legal hold" in page
    assert "Court case 7" in page
    place = reverse("feedback:customer_legal_hold", args=[record.customer_id])
    admin_client.post(place, {"hold": "1", "reason": " "})
    record.customer.refresh_from_db()
    assert not record.customer.legal_hold
    admin_client.post(place, {"hold": "1", "reason": "All of it"})
    customer = admin_client.get(reverse("feedback:customer", args=[record.customer_id]))
    assert "All of it" in customer.content.decode()


def test_what_is_open_is_never_anonymised_by_age(agent):
    with pytest.raises(StillOpen):
        anonymise_record(FeedbackFactory().pk)


def test_archiving_closes_for_good(record, clock):
    clock.shift(timedelta(days=60))
    rule(RetentionAction.ARCHIVE)

    apply_rules()

    assert Feedback.objects.get(pk=record.pk).state == State.CLOSED


def test_a_run_takes_no_more_than_it_may(record, clock):
    resolve_feedback(FeedbackFactory().pk, by=None)
    clock.shift(timedelta(days=60))
    rule()

    assert [apply_rules(at_most=1) for _ in range(3)] == [1, 1, 0]


def test_one_that_fails_each_time_holds_nobody_up(record, clock, monkeypatch):
    other = resolve_feedback(FeedbackFactory().pk, by=None)
    clock.shift(timedelta(days=60))
    one = rule()
    real = retention.anonymise_record

    def fails_for_one(pk, **more):
        if pk == record.pk:
            raise RuntimeError("no")
        return real(pk, **more)

    monkeypatch.setattr(retention, "anonymise_record", fails_for_one)
    assert [apply_rules(at_most=1), apply_rules(at_most=1), apply_rules(at_most=1)] == [0, 1, 0]
    assert [run.numbers for run in one.runs.order_by("pk")] == [[], [other.number]]
    clock.shift(timedelta(days=1, minutes=1))  # it has its turn again
    apply_rules(at_most=1)
    assert one.runs.order_by("pk").last().failed == {str(record.number): "error"}


def test_a_customer_who_writes_to_an_anonymised_record_is_not_joined_to_it(record):  # T85
    token, ours = record.status_token, OutgoingMessage.objects.latest("pk").message_id
    anonymise_record(record.pk)

    assert not feedback_by_token(token).exists()
    raw = (
        f"From: <han@example.org>\r\nSubject: Re: #{record.number}\r\n"
        f"Message-ID: <again@example.org>\r\nIn-Reply-To: {ours}\r\n\r\nHello"
    )
    assert find_thread(parse_mail(raw.encode())) is None


@pytest.mark.parametrize(
    "more",
    [
        {"after_days": 0},
        {"action": "archive", "basis": "closed"},
        {"condition": ["is", "colour", "red"]},
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(more):
    given = {"name_zh": "旧", "name_en": "Old", "after_days": 9, "action": "delete"} | more
    with pytest.raises(RuleUnusable):
        save_rule(RetentionRule(**given))


def test_a_changed_rule_is_switched_off_until_somebody_looked_again():
    one = rule()
    one.after_days = 5

    assert save_rule(one).is_active is False


def test_an_admin_makes_a_rule_looks_at_it_and_switches_it_on(record, admin, clock):
    clock.shift(timedelta(days=60))
    admin_client = client_of(admin)
    data = {"name_zh": "三年", "name_en": "Three years", "after_days": 30, "basis": "resolved"}

    page = admin_client.post(
        reverse("feedback:new_retention_rule"),
        data | {"action": "anonymise", "condition": ""},
        follow=True,
    )

    text = page.content.decode()
    assert "It would change 1 record now" in text
    assert f"#{record.number}" in text
    one = RetentionRule.objects.get()
    assert not one.is_active
    admin_client.post(reverse("feedback:change_retention_rule", args=[one.pk, "on"]))
    assert RetentionRule.objects.get().is_active


def test_agents_have_no_say_in_how_long_records_are_kept(agent_client):
    assert agent_client.get(reverse("feedback:retention")).status_code == 403


@pytest.mark.parametrize("rules", [1, 5])
def test_the_page_of_retention_costs_the_same_for_any_number(
    admin_client, rules, django_assert_num_queries
):
    for _ in range(rules):
        rule()
    admin_client.get(reverse("feedback:retention"))

    with django_assert_num_queries(5):
        admin_client.get(reverse("feedback:retention"))


def test_programs_hold_and_look_at_a_dry_run(record, admin, clock):
    program = ApiClient(admin, Scope.values)
    clock.shift(timedelta(days=60))
    one = rule()

    assert program.get(f"retention-rules/{one.pk}/dry-run/").json()["numbers"] == [record.number]
    held = program.put(f"feedback/{record.number}/hold/", {"reason": "Court"})
    assert held.json()["reason"] == "Court"
    assert program.get(f"retention-rules/{one.pk}/dry-run/").json()["held_back"] == 1
