"""Mentions, followers, notifications: who is told of what, and who is not."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import OutgoingKind, Role
from accounts.models import OutgoingMessage
from feedback.enums import Channel, Direction, MailWhen, NoticeKind
from feedback.errors import MentionNotAllowed
from feedback.models import Feedback, Follower, Message, Notification
from feedback.selectors.following import followers_of, may_see, people_who_may_see
from feedback.services.assignment import assign_feedback
from feedback.services.conversation import add_customer_message
from feedback.services.following import follow, unfollow
from feedback.services.notifying import choose_notifications, mail_due_notifications
from feedback.services.replies import add_note, send_reply
from feedback.services.workflow import resolve_feedback
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory, TeamFactory
from tests.feedback.sla.promises import WEDNESDAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def record(team):
    return FeedbackFactory(team=team)


@pytest.fixture
def colleague(team):
    return member(Role.AGENT, team)


def told(user):
    return list(
        Notification.objects.filter(user=user).order_by("pk").values_list("kind", flat=True)
    )


def later():
    """As if everybody had had their two minutes."""
    Notification.objects.update(mail_after=timezone.now() - timedelta(minutes=1))


def test_who_is_mentioned_is_told_and_follows(record, agent, colleague):
    note = add_note(record.pk, by=agent, text=f"@{colleague.name} please look")

    assert told(colleague) == [NoticeKind.MENTIONED]
    assert set(followers_of(record)) == {agent, colleague}
    assert note.mentions == [{"id": colleague.pk, "as": colleague.name}]
    assert record.timeline.last().data["mentions"] == [colleague.pk]


def test_the_author_is_told_nothing(record, agent, colleague):
    follow(record.pk, by=agent)
    add_note(record.pk, by=agent, text=f"@{agent.name} a note to myself")
    send_reply(record.pk, by=agent, text="We come.")
    resolve_feedback(record.pk, by=agent)

    assert told(agent) == []


def test_somebody_without_access_is_refused_with_a_message_and_the_text_stays(
    agent_client, record, outsider
):
    text = f"@{outsider.name} please look"
    response = agent_client.post(
        reverse("feedback:compose", args=[record.number]),
        {"text": text, "do": "note", "version": record.version, "seen": 0},
    )

    page = response.content.decode()
    assert response.status_code == 422
    assert f"{outsider.name} may not see this record" in page
    assert text in page
    assert not Message.objects.filter(direction=Direction.NOTE).exists()
    assert told(outsider) == []


def test_a_name_that_two_people_have_is_refused_and_their_address_is_not(
    record, agent, colleague, team
):
    other = member(Role.AGENT, team)
    other.name = colleague.name
    other.save()

    with pytest.raises(MentionNotAllowed, match="Several people"):
        add_note(record.pk, by=agent, text=f"@{colleague.name} please look")
    add_note(record.pk, by=agent, text=f"@{other.email} please look")

    assert told(other) == [NoticeKind.MENTIONED]
    assert told(colleague) == []


def test_followers_hear_what_happens_once_each(record, agent, colleague):
    follow(record.pk, by=colleague)

    add_note(record.pk, by=agent, text="Careful")
    send_reply(record.pk, by=agent, text="We come.")
    add_customer_message(record.pk, channel=Channel.EMAIL, text="When?")
    resolve_feedback(record.pk, by=agent)
    add_customer_message(record.pk, channel=Channel.EMAIL, text="Not solved")

    assert told(colleague) == [
        NoticeKind.NOTED,
        NoticeKind.ANSWERED,
        NoticeKind.CUSTOMER_WROTE,
        NoticeKind.RESOLVED,
        NoticeKind.CUSTOMER_WROTE,
    ]


def test_who_is_given_a_record_is_told_and_follows_it(record, agent, colleague, team):
    assign_feedback(record.pk, by=agent, assignee=colleague, team=team)
    assign_feedback(record.pk, by=agent, assignee=None, team=team)

    assert told(colleague) == [NoticeKind.ASSIGNED]
    assert colleague in followers_of(record)


def test_who_takes_a_record_is_not_told(record, agent, team):
    assign_feedback(record.pk, by=agent, assignee=agent, team=team)

    assert told(agent) == []
    assert followers_of(record) == [agent]


def test_who_stopped_following_hears_only_of_mentions(record, agent, colleague, team):
    assign_feedback(record.pk, by=agent, assignee=colleague, team=team)
    unfollow(record.pk, by=colleague)
    Notification.objects.all().delete()

    send_reply(record.pk, by=agent, text="We come.")
    add_note(record.pk, by=agent, text=f"@{colleague.name} please look")
    send_reply(record.pk, by=agent, text="We came.")

    assert told(colleague) == [NoticeKind.MENTIONED]
    assert colleague not in followers_of(record)


def test_following_again_after_stopping_works(record, colleague):
    unfollow(record.pk, by=colleague)
    follow(record.pk, by=colleague)

    assert followers_of(record) == [colleague]
    assert Follower.objects.count() == 1


def test_an_automatic_message_tells_nobody(record, colleague):
    follow(record.pk, by=colleague)
    add_customer_message(record.pk, channel=Channel.EMAIL, text="Away", is_automatic=True)

    assert told(colleague) == []


def test_a_mail_leaves_only_for_what_was_not_read(record, agent, colleague):
    add_note(record.pk, by=agent, text=f"@{colleague.name} please look")
    assert mail_due_notifications() == 0  # they have two minutes to see it

    later()
    Notification.objects.update(read_at=timezone.now())
    assert mail_due_notifications() == 0


def test_what_comes_together_is_one_mail_and_it_is_sent_once(record, team, agent, colleague):
    other = FeedbackFactory(team=team)
    add_note(record.pk, by=agent, text=f"@{colleague.name} please look at the leak")
    assign_feedback(other.pk, by=agent, assignee=colleague, team=team)
    later()

    assert mail_due_notifications() == 1
    assert mail_due_notifications() == 0
    mail = OutgoingMessage.objects.get(kind=OutgoingKind.NOTIFICATION)
    assert mail.to_address == colleague.email
    assert f"#{record.number}" in mail.body_text
    assert f"#{other.number}" in mail.body_text
    assert "please look at the leak" in mail.body_text
    assert mail.subject == "2 notifications"


def test_each_kind_is_told_as_the_person_chose(record, agent, colleague):
    follow(record.pk, by=colleague)
    choose_notifications(
        colleague,
        {
            NoticeKind.NOTED: (False, MailWhen.SOON),
            NoticeKind.ANSWERED: (False, MailWhen.NEVER),
        },
    )

    add_note(record.pk, by=agent, text="Careful")
    send_reply(record.pk, by=agent, text="We come.")
    later()

    assert told(colleague) == [NoticeKind.NOTED]
    assert "Careful" not in client_of(colleague).get("/notifications/").content.decode()
    assert mail_due_notifications() == 1


def test_nobody_is_shown_or_mailed_what_they_may_no_longer_see(record, agent, colleague):
    add_note(record.pk, by=agent, text=f"@{colleague.name} secret words")
    Feedback.objects.filter(pk=record.pk).update(team=TeamFactory(), assignee=None)
    later()

    page = client_of(colleague).get("/notifications/").content.decode()
    assert "secret words" not in page
    assert mail_due_notifications() == 0
    assert not OutgoingMessage.objects.filter(kind=OutgoingKind.NOTIFICATION).exists()


def test_the_bell_counts_and_opening_the_record_is_reading(record, agent, colleague):
    client = client_of(colleague)
    add_note(record.pk, by=agent, text=f"@{colleague.name} please look")
    assert "1 unread" in client.get(reverse("feedback:bell")).content.decode()

    client.post(reverse("feedback:presence", args=[record.number]), {"writing": "0"})

    assert "unread" not in client.get(reverse("feedback:bell")).content.decode()


def test_one_or_all_are_marked_as_read_and_only_ones_own(record, team, agent, colleague):
    other = FeedbackFactory(team=team)
    for one in (record, other):
        add_note(one.pk, by=agent, text=f"@{colleague.name} please look")
        follow(one.pk, by=agent)
        add_note(one.pk, by=colleague, text="Seen")
    client = client_of(colleague)

    client.post(reverse("feedback:read_notifications"), {"feedback": record.pk})
    unread = Notification.objects.unread()
    assert [one.feedback for one in unread.filter(user=colleague)] == [other]
    client.post(reverse("feedback:read_notifications"))

    assert not unread.filter(user=colleague).exists()
    assert unread.filter(user=agent).count() == 2


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_costs_the_same_for_any_number_of_rows(
    team, agent, colleague, rows, django_assert_num_queries
):
    for _ in range(rows):
        add_note(FeedbackFactory(team=team).pk, by=agent, text=f"@{colleague.name} please look")
    client = client_of(colleague)
    client.get(reverse("feedback:notifications"))

    with django_assert_num_queries(5):
        response = client.get(reverse("feedback:notifications"))

    assert response.content.decode().count("please look") == rows


def test_choices_are_kept_by_the_page(agent, agent_client):
    url = reverse("feedback:notification_settings")
    chosen = {f"{kind}_mail": "never" for kind in NoticeKind}
    agent_client.post(url, chosen | {"noted_mail": "digest", "noted_list": "on"})

    page = agent_client.get(url).content.decode()
    select = page[page.index('name="noted_mail"') :]
    assert '<option value="digest" selected>' in select[: select.index("</select>")]
    assert 'name="mentioned_list" checked' not in page
    assert agent_client.post(url, chosen | {"noted_mail": "hourly"}).status_code == 422


def test_who_wants_a_digest_gets_one_mail_when_work_begins(team, agent, colleague, clock):
    clock.move_to(WEDNESDAY + timedelta(hours=1))  # ten in the morning
    choose_notifications(colleague, {NoticeKind.MENTIONED: (True, MailWhen.DIGEST)})
    records = [FeedbackFactory(team=team) for _ in range(3)]
    for one in records:
        add_note(one.pk, by=agent, text=f"@{colleague.name} please look")
        clock.shift(timedelta(hours=2))
        assert mail_due_notifications() == 0

    clock.move_to(WEDNESDAY + timedelta(days=1, minutes=1))
    assert [mail_due_notifications(), mail_due_notifications()] == [1, 0]
    text = OutgoingMessage.objects.get(kind=OutgoingKind.NOTIFICATION).body_text
    assert all(f"#{one.number}" in text for one in records)


def test_people_who_may_be_mentioned_are_those_who_may_see(record, agent, outsider, admin, team):
    analyst = member(Role.ANALYST)
    nobody = member(Role.AGENT, team)
    nobody.groups.clear()
    inactive = member(Role.AGENT, team)
    inactive.is_active = False
    inactive.save()

    offered = set(people_who_may_see(record))

    everybody = [agent, outsider, admin, analyst, nobody, inactive]
    assert {one for one in everybody if may_see(one, record)} == {agent, admin, analyst}
    assert offered & set(everybody) == {agent, admin, analyst}


def test_a_note_marks_whom_it_mentions_and_stays_harmless(agent_client, record, agent, colleague):
    add_note(record.pk, by=agent, text=f"@{colleague.name} <script>x</script> https://a.example")

    page = agent_client.get(record.get_absolute_url()).content.decode()

    assert f'<span class="mention">@{colleague.name}</span>' in page
    assert "<script>x" not in page
    assert 'href="https://a.example"' in page


def test_a_stranger_to_the_record_finds_none_of_its_fragments(outsider_client, record):
    for name in ("together", "mentionable"):
        assert (
            outsider_client.get(reverse(f"feedback:{name}", args=[record.number])).status_code
            == 404
        )
    for name in ("following", "presence"):
        assert (
            outsider_client.post(reverse(f"feedback:{name}", args=[record.number])).status_code
            == 404
        )
    assert Follower.objects.count() == 0
