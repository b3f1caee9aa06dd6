"""How far invitations have come; pausing loses none and sends none twice, stopping says why."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import OutgoingKind, OutgoingState, Role
from accounts.models import OutgoingMessage
from accounts.rules.handover import Handover, Outcome, share_of_campaigns
from accounts.services.customers import stop_contacting
from accounts.services.deliverability import mail_came_back
from accounts.services.outbox import queue_mail
from accounts.services.sending import claim, claim_next, settle
from accounts.tasks import send_due_mail
from surveys.distribution.email import write_invitation
from surveys.enums import InvitationState, NotAsked, Sending
from surveys.models import ContactEvent, Invitation
from surveys.selectors.campaigns import progress_of
from surveys.services.campaigns import go_on_sending, pause_sending, stop_sending
from surveys.services.inviting import plan_call_back, send_due_invitations
from tests.api.conftest import ApiClient, staff
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory
from tests.factories.surveys import follow_up, let_time_pass, planned, sent
from tests.support.jobs import run_queued_jobs

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(db):
    return member(Role.ADMIN)


def address(collector, what=""):
    return f"/surveys/{collector.survey.slug}/sending/{collector.pk}/{what}"


def state_of(invitation):
    invitation.refresh_from_db()
    return invitation.state, invitation.reason


def mail_of(invitation):
    return OutgoingMessage.objects.get(pk=invitation.outgoing_id)


def hand_over(invitation, outcome=Outcome.ACCEPTED):
    return settle(claim(invitation.outgoing_id), Handover(outcome, "said"))


def test_each_invitation_counts_once_by_what_became_of_it(boss, smtp_server):
    left, back, waits, later = sent(), sent(), sent(), planned()
    hand_over(left)
    hand_over(back)
    mail_came_back(message_id=back.outgoing.message_id, status="5.1.1", is_delay=False)
    run_queued_jobs()
    asked_again = FeedbackFactory(customer=left.customer)
    throttled = planned(asked_again)
    Invitation.objects.filter(pk=left.pk).update(state=InvitationState.COMPLETED)

    progress = progress_of(follow_up(), boss)

    assert throttled.state == InvitationState.THROTTLED
    assert (progress.delivered, progress.bounced, progress.waiting, progress.later) == (1, 1, 1, 1)
    assert (progress.sent, progress.done, progress.total) == (2, 2, 4)
    assert (progress.throttled, progress.opened, progress.answered) == (1, 1, 1)
    assert progress.is_busy
    assert progress.per_minute == 2
    assert later.send_at <= progress.ends_at
    assert waits.state == InvitationState.SENT


def test_a_pause_holds_what_was_not_handed_over_and_going_on_sends_it_once(boss, smtp_server):
    in_hand, waits, due = sent(), sent(), planned()
    let_time_pass(due)
    taken = claim(in_hand.outgoing_id)

    pause_sending(follow_up().pk, by=boss)
    send_due_invitations(write_invitation)
    send_due_mail()
    assert smtp_server.taken == []
    settle(taken, Handover(Outcome.REFUSED_FOR_NOW, "450 later"))  # what is in hand obeys, too
    assert mail_of(in_hand).state == mail_of(waits).state == OutgoingState.HELD
    assert state_of(due)[0] == InvitationState.QUEUED
    assert progress_of(follow_up(), boss).held == 3

    go_on_sending(follow_up().pk, by=boss)
    run_queued_jobs()
    OutgoingMessage.objects.update(not_before=timezone.now())
    send_due_invitations(write_invitation)
    send_due_mail()
    send_due_mail()
    got = sorted(one.recipients[0] for one in smtp_server.taken)
    assert got == sorted(one.address for one in (in_hand, waits, due))
    assert progress_of(follow_up(), boss).delivered == 3


def test_a_mail_that_the_server_takes_during_a_pause_is_sent_and_stays_so(boss):
    invitation = sent()
    taken = claim(invitation.outgoing_id)
    pause_sending(follow_up().pk, by=boss)
    settle(taken, Handover(Outcome.ACCEPTED, "250 ok"))

    go_on_sending(follow_up().pk, by=boss)
    run_queued_jobs()

    assert mail_of(invitation).state == OutgoingState.SENT
    assert claim_next() is None


def test_a_mail_whose_sender_died_is_held_and_then_uncertain_not_cancelled(boss):
    invitation = sent()
    claim(invitation.outgoing_id)
    pause_sending(follow_up().pk, by=boss)
    OutgoingMessage.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert claim_next() is None
    assert mail_of(invitation).state == OutgoingState.HELD
    stop_sending(follow_up().pk, by=boss)
    run_queued_jobs()

    assert mail_of(invitation).state == OutgoingState.UNCERTAIN
    assert state_of(invitation)[0] == InvitationState.SENT


def test_a_stop_cancels_what_has_not_left_and_the_invitations_say_so(boss):
    gone, waits, later = sent(), sent(), planned()
    hand_over(gone)

    stop_sending(follow_up().pk, by=boss)
    run_queued_jobs()

    assert state_of(gone)[0] == InvitationState.SENT
    for one in (waits, later):
        assert state_of(one) == (InvitationState.SKIPPED, NotAsked.STOPPED)
    assert mail_of(waits).state == OutgoingState.CANCELLED
    assert ContactEvent.objects.count() == 1  # who was not asked may be asked by others
    assert progress_of(follow_up(), boss).stopped == 2
    assert plan_call_back(FeedbackFactory().pk) == []

    go_on_sending(follow_up().pk, by=boss)
    run_queued_jobs()
    assert mail_of(waits).state == OutgoingState.CANCELLED
    assert planned().state == InvitationState.QUEUED


def test_who_refused_during_a_pause_gets_nothing_when_it_goes_on(boss):
    invitation = sent()
    pause_sending(follow_up().pk, by=boss)
    stop_contacting(invitation.customer_id)

    go_on_sending(follow_up().pk, by=boss)
    run_queued_jobs()

    assert state_of(invitation) == (InvitationState.OPTED_OUT, NotAsked.OPTED_OUT)
    assert mail_of(invitation).state == OutgoingState.CANCELLED


def test_the_page_tells_and_changes_and_only_those_who_send_may(boss, team):
    sent(FeedbackFactory(team=team))
    collector = follow_up()
    browser = client_of(boss)

    html = browser.get(address(collector)).content.decode()
    assert "0 of 1 handed over" in html
    assert 'hx-trigger="every 5s"' in html
    part = browser.get(address(collector), headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<section")

    browser.post(address(collector, "pause/"))
    html = browser.get(address(collector)).content.decode()
    assert "Paused: nothing leaves" in html
    assert "every 5s" not in html
    collector.refresh_from_db()
    assert (collector.sending, collector.sending_by) == (Sending.PAUSED, boss)

    lead = client_of(member(Role.LEAD, team))
    shown = lead.get(address(collector))
    assert shown.status_code == 200
    assert address(collector, "go-on/") not in shown.content.decode()
    assert lead.post(address(collector, "go-on/")).status_code == 403
    assert browser.post(address(collector, "nonsense/")).status_code == 404


def test_the_page_costs_the_same_for_any_number_of_invitations(boss):
    browser, collector = client_of(boss), follow_up()

    def cost():
        with CaptureQueriesContext(connection) as asked:
            browser.get(address(collector))
        return len(asked)

    sent()
    cost()
    one = cost()
    for _n in range(4):
        sent()
    assert cost() == one


def test_programs_read_pause_and_stop():
    program = ApiClient(staff(Role.ADMIN), ["surveys:read", "surveys:write"])
    sent()
    path = f"survey-collectors/{follow_up().pk}/"

    assert program.get(path).json()["progress"]["waiting"] == 1
    paused = program.post(f"{path}pause/", {}).json()
    assert (paused["sending"], paused["progress"]["held"]) == ("paused", 1)
    program.post(f"{path}stop/", {})
    refused = program.post(f"{path}pause/", {})
    assert refused.status_code == 409
    assert refused.json()["code"] == "sending_is_over"
    assert program.post(f"{path}go-on/", {}).json()["sending"] == "on"
    reader = ApiClient(staff(Role.ADMIN), ["surveys:read"])
    assert reader.post(f"{path}pause/", {}).status_code == 403


def reply(address="li@example.org"):
    return queue_mail(
        kind=OutgoingKind.REPLY, tag="t1", to_address=address, subject="Re", body_text="x"
    )


def test_answers_go_before_invitations_and_the_sender_of_answers_takes_none():
    sent()
    answer = reply()

    assert claim_next().pk == answer.pk
    assert claim_next(urgent_only=True) is None
    assert claim_next().kind == OutgoingKind.SURVEY


def test_a_campaign_leaves_room_in_the_rate_of_a_domain(settings):
    settings.MAIL_PER_MINUTE = {"example.org": 2}
    for n in range(2):
        queue_mail(
            kind=OutgoingKind.SURVEY,
            tag=f"s{n}",
            to_address=f"li{n}@example.org",
            subject="How was it?",
            body_text="x",
        )
    settle(claim_next(), Handover(Outcome.ACCEPTED))

    assert claim_next() is None
    answer = reply("han@example.org")
    assert claim_next().pk == answer.pk
    assert [share_of_campaigns(rate) for rate in (1, 2, 5, 20)] == [1, 1, 4, 16]
