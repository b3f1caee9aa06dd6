"""Invitations by mail to an audience: once a wave, with the reason where nobody is asked."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.enums import ConsentChannel, ConsentPurpose, OutgoingState, Role
from accounts.models import Customer, OutgoingMessage
from accounts.services.customers import record_consent
from surveys.distribution.email import write_invitation, write_reminder
from surveys.enums import InvitationState, NotAsked
from surveys.models import AddressOptOut, Invitation, Mailing
from surveys.rules.address_lists import Fault, read_addresses
from surveys.services.answering import submit_response
from surveys.services.campaigns import carry_out, pause_sending, stop_sending
from surveys.services.inviting import send_due_invitations
from surveys.services.mailings import order_wave
from surveys.services.reminding import remind_due
from surveys.services.waves import go_on_with_waves, invite_some
from tests.api.conftest import ApiClient
from tests.conftest import client_of, member
from tests.factories import CustomerFactory
from tests.factories.surveys import mailing, wave

pytestmark = pytest.mark.django_db


@pytest.fixture
def analyst(db):
    return member(Role.ANALYST)


def url_of(one, what=""):
    collector = one.collector
    return f"/surveys/{collector.survey.slug}/ways/{collector.pk}/mail/{what}"


def days_pass(invitation, days):
    """Since its last mail, which arrived."""
    before = timezone.now() - timedelta(days=days)
    OutgoingMessage.objects.update(state=OutgoingState.SENT, created_at=before, sent_at=before)
    rows = Invitation.objects.filter(pk=invitation.pk)
    rows.update(next_reminder_at=timezone.now() - timedelta(seconds=1))
    rows.update(sent_at=timezone.now() - timedelta(days=days))


def test_a_wave_asks_everybody_who_fits_once_and_says_why_others_are_not():
    fits, refused = CustomerFactory(name="Li Mei"), CustomerFactory()
    by_phone = CustomerFactory(preferred_channel="phone")
    record_consent(
        refused.pk, purpose=ConsentPurpose.SURVEY, given=False, channel=ConsentChannel.STAFF
    )
    one = wave(mailing())

    go_on_with_waves()
    send_due_invitations(write_invitation)

    found = {i.customer_id: (i.state, i.reason) for i in one.invitations.all()}
    assert found == {
        fits.pk: (InvitationState.SENT, ""),
        refused.pk: (InvitationState.OPTED_OUT, NotAsked.OPTED_OUT),
        by_phone.pk: (InvitationState.SKIPPED, NotAsked.OTHER_CHANNEL),
    }
    mail = OutgoingMessage.objects.get(dedupe_key__startswith="survey:")
    assert "Li Mei" in mail.body_text
    assert "/a/" in mail.body_text


def test_the_next_wave_finds_the_audience_anew_and_respects_the_contact_rules():
    first = CustomerFactory()
    one = mailing(rhythm="weeks", every=2)
    wave(one)
    one.refresh_from_db()
    assert one.next_wave_at - timezone.now() > timedelta(days=13)
    type(one.collector).objects.filter(pk=one.collector_id).update(same_survey_days=30)
    later = CustomerFactory()

    second = wave(one)

    assert second.number == 2
    assert {i.customer_id: i.state for i in second.invitations.all()} == {
        first.pk: InvitationState.THROTTLED,
        later.pk: InvitationState.SENT,
    }


def test_pressing_begin_twice_makes_one_wave(analyst):
    CustomerFactory()
    one = mailing()
    staff = client_of(analyst)
    seen = {"at": "", "seen": "0"}
    for _press in range(2):
        staff.post(url_of(one, "send/begin/"), seen)
        go_on_with_waves()

    assert one.collector.waves.count() == 1
    assert "A wave has begun meanwhile" in staff.get(url_of(one)).content.decode()


def test_a_wave_that_is_interrupted_goes_on_and_invites_nobody_twice(monkeypatch):
    monkeypatch.setattr("surveys.services.waves.AT_A_TIME", 2)
    for _ in range(5):
        CustomerFactory()
    one = mailing()
    order_wave(one.collector_id)
    monkeypatch.setattr("surveys.services.waves.STEPS_AT_ONCE", 1)
    go_on_with_waves()
    begun = one.collector.waves.get()
    assert begun.invitations.count() == 2

    while invite_some(begun.pk):
        pass

    begun.refresh_from_db()
    assert begun.filled_at
    assert begun.invitations.count() == 5


def test_a_sample_has_its_size_and_follows_from_its_seed():
    for _ in range(8):
        CustomerFactory()

    drawn = wave(mailing(sample_size=3))

    assert (drawn.fitting, drawn.invitations.count()) == (8, 3)
    assert drawn.seed


def test_who_has_not_answered_is_reminded_so_often_and_not_after_answering():
    silent, quick = CustomerFactory(), CustomerFactory()
    one = wave(mailing(reminders=2))
    answered = one.invitations.get(customer=quick)
    submit_response(
        answered.collector_id, answers={"overall": 5}, language="en", invitation_id=answered.pk
    )
    for invitation in one.invitations.all():
        days_pass(invitation, 6)

    assert remind_due(write_reminder) == 1
    invitation = one.invitations.get(customer=silent)
    assert invitation.reminders == 1
    days_pass(invitation, 12)
    assert remind_due(write_reminder) == 1
    invitation.refresh_from_db()
    assert (invitation.reminders, invitation.next_reminder_at) == (2, None)
    mail = OutgoingMessage.objects.get(dedupe_key=f"survey:{invitation.pk}:r2")
    assert invitation.token in mail.body_text


def test_a_reminder_is_held_by_a_pause_and_given_up_by_a_stop(analyst):
    CustomerFactory()
    invitation = wave(mailing()).invitations.get()
    days_pass(invitation, 6)
    remind_due(write_reminder)

    pause_sending(invitation.collector_id, by=analyst)

    mail = OutgoingMessage.objects.get(dedupe_key=f"survey:{invitation.pk}:r1")
    assert mail.state == OutgoingState.HELD
    stop_sending(invitation.collector_id, by=analyst)
    carry_out()
    mail.refresh_from_db()
    invitation.refresh_from_db()
    assert (mail.state, invitation.state) == (OutgoingState.CANCELLED, InvitationState.SENT)


def test_a_list_loses_no_line():
    found = read_addresses(
        "邮箱,姓名,语言,Order\n"
        "a@example.org,李雷,中文,17\n"
        "A@example.org,again,zh,\n"
        "nobody,x,,\n"
        "b@example.org,Bo,fr,\n"
    )

    (one,) = found.people
    assert (one.address, one.name, one.language) == ("a@example.org", "李雷", "zh-hans")
    assert one.fields == {"Order": "17"}
    assert [(row.line, row.fault) for row in found.bad] == [
        (3, Fault.TWICE), (4, Fault.NOT_AN_ADDRESS), (5, Fault.UNKNOWN_LANGUAGE),
    ]  # fmt: skip


def test_a_list_is_looked_at_first_and_then_invited_without_making_customers(analyst, client):
    known = CustomerFactory()
    one, staff = mailing(audience_of="list", body_en="Order {{ field.order }}"), client_of(analyst)
    text = f"address,name,language,order\nnew@example.org,Bo,en,A7\n{known.email},,,\nwrong,,,"
    looked = staff.post(url_of(one, "list/"), {"text": text}).content.decode()
    assert "2 people can be invited." in looked
    assert "That is no e-mail address." in looked
    assert Invitation.objects.count() == 0

    staff.post(url_of(one, "list/"), {"text": text, "send": "1"})
    staff.post(url_of(one, "list/"), {"text": text, "send": "1"})

    send_due_invitations(write_invitation)
    assert Invitation.objects.count() == 2
    new = Invitation.objects.get(customer=None)
    assert (new.address, new.state) == ("new@example.org", InvitationState.SENT)
    assert "Order A7" in OutgoingMessage.objects.get(to_address=new.address).body_text
    assert not Customer.objects.filter(contact_points__value=new.address).exists()
    # They can sign off, and then nothing is sent there any more.
    client.post(f"/a/{new.token}/unsubscribe/", {"List-Unsubscribe": "One-Click"})
    assert AddressOptOut.objects.count() == 1
    Invitation.objects.all().delete()
    staff.post(url_of(one, "one/"), {"address": new.address})
    assert Invitation.objects.get().reason == NotAsked.OPTED_OUT


def test_the_page_sets_up_sends_and_shows_what_became_of_it(analyst):
    customer, staff = CustomerFactory(name="Han Mei"), client_of(analyst)
    one = mailing()
    assert "Han Mei" in staff.get(url_of(one, "preview/")).content.decode()
    staff.post(url_of(one, "send/trial/"))
    assert OutgoingMessage.objects.filter(to_address=analyst.email).count() == 2
    staff.post(url_of(one, "send/begin/"), {"at": ""})
    go_on_with_waves()
    send_due_invitations(write_invitation)

    page = staff.get(url_of(one)).content.decode()
    assert "Han Mei" in page
    assert customer.email in page
    assert "Wave 1" in page
    invitation = Invitation.objects.get()
    in_the_mail = f"/a/{invitation.token}/"
    staff.post(url_of(one, f"{invitation.pk}/withdraw/"))
    # Its mail may have arrived: it opens nothing any more, but one can sign off.
    assert staff.get(in_the_mail).status_code == 404
    staff.post(f"{in_the_mail}unsubscribe/", {"List-Unsubscribe": "One-Click"})
    assert not customer.consents.get().given
    invitation.refresh_from_db()
    assert invitation.reason == NotAsked.WITHDRAWN
    assert staff.get(f"/a/{invitation.token}/").status_code == 410


def test_a_variable_that_does_not_exist_is_refused_and_the_text_stays(analyst):
    one, staff = mailing(), client_of(analyst)
    form = {
        name: getattr(one, name) for name in ("subject_zh", "subject_en", "body_zh")
    } | {
        "audience_of": "list", "audience": "", "body_en": "Dear {{ custmer.name }}",
        "reminders": "1", "reminder_days": "5", "rhythm": "once", "every": "1",
    }  # fmt: skip

    refused = staff.post(url_of(one, "edit/"), form)

    assert refused.status_code == 422
    assert "custmer.name" in refused.content.decode()
    assert Mailing.objects.get(pk=one.pk).body_en == one.body_en


def test_the_list_asks_as_often_for_five_as_for_one(analyst):
    one, staff = mailing(), client_of(analyst)
    CustomerFactory()
    wave(one)
    with CaptureQueriesContext(
        connection,
    ) as few:
        staff.get(url_of(one))
    for _ in range(4):
        CustomerFactory()
    wave(one)
    with CaptureQueriesContext(connection) as many:
        staff.get(url_of(one))
    assert len(many) == len(few)


def test_a_program_invites_many_and_reads_addresses_only_with_the_scope(analyst):
    one = mailing(audience_of="list")
    wanted = {
        "collector": one.collector_id,
        "people": [
            {"address": "a@example.org", "name": "An", "values": {"order": "7"}},
            {"address": "A@example.org"},
        ],
    }
    program = ApiClient(analyst, ["surveys:read", "surveys:write"])

    made = program.post("survey-invitations/", wanted)

    assert made.status_code == 201, made.content
    assert made.json() == {"invited": 1, "already": 0, "not_asked": 0}
    (row,) = program.get(f"survey-invitations/?collector={one.collector_id}").json()["results"]
    assert (row["state"], row["wave"], row["address"]) == ("queued", 1, None)
    assert program.post(f"survey-invitations/{row['id']}/remind/", {}).status_code == 409
    assert (
        program.post(f"survey-invitations/{row['id']}/withdraw/", {}).json()["reason"]
        == "withdrawn"
    )
    named = ApiClient(analyst, ["surveys:read", "customers:read"])
    assert named.get(f"survey-invitations/{row['id']}/").json()["address"] == "a@example.org"
    assert named.post("survey-invitations/", wanted).status_code == 403
