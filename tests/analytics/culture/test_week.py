"""The week as a page and as a mail: the same figures, sent once, when work begins."""

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Membership, OutgoingMessage
from analytics.models import WeekMail
from analytics.selectors.week import last_week, week_of
from analytics.services.thanks import thank_colleague
from analytics.services.week_mail import send_due_weeks
from feedback.models import BusinessCalendar
from feedback.services.assignment import assign_feedback
from feedback.services.calendars import set_special_day
from feedback.services.followup import record_satisfaction
from feedback.services.workflow import resolve_feedback
from tests.conftest import client_of
from tests.factories import FeedbackFactory

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 3, 9, 0, 30, tzinfo=UTC)  # 08:30 in Shanghai
AT_NINE_AND_A_HALF = MONDAY + timedelta(hours=1)


@pytest.fixture
def week_before(time_machine, agent, lead, team):
    """In it the agent solved a record, its customer was satisfied, a colleague was thankful."""
    time_machine.move_to(MONDAY - timedelta(days=4), tick=False)
    record = FeedbackFactory(team=team)
    assign_feedback(record.pk, team=team, assignee=agent, by=lead)
    resolve_feedback(record.pk, by=agent, outcome="New seal")
    record_satisfaction(record.pk, overall=5, solved=True)
    thank_colleague(agent, by=lead, text="Well done", feedback=record)
    Membership.objects.filter(user=lead).update(is_lead=True)
    OutgoingMessage.objects.all().delete()
    time_machine.move_to(AT_NINE_AND_A_HALF, tick=False)
    return record


def mails():
    found = OutgoingMessage.objects.filter(dedupe_key__startswith="week:")
    return {one.to_address: one for one in found}


def text(response):
    return response.content.decode()


def test_every_figure_of_the_page_is_as_long_as_its_list(week_before, agent):
    client = client_of(agent)
    section = client.get(reverse("analytics:week")).context["section"]
    counts = [(line.label, line.count) for line in section.lines if line.url]
    assert [count for _label, count in counts] == [1, 1, 1, 1]
    for line in section.lines:
        if line.url:
            page = client.get(line.url).context["page"]
            found = page.total if hasattr(page, "total") else page.paginator.count
            assert found == line.count


def test_the_mail_says_the_same_once_to_each_who_has_something(week_before, agent, lead, outsider):
    assert send_due_weeks() == 2
    assert send_due_weeks() == 0
    sent = mails()
    assert set(sent) == {agent.email, lead.email}
    own = sent[agent.email].body_text
    section = week_of(agent, None, last_week(timezone.localdate()), timezone.now())
    assert all(line.url in own for line in section.lines if line.url)
    assert week_before.team.name_en in sent[lead.email].body_text
    assert WeekMail.objects.filter(user=outsider).exists()


def test_nobody_is_told_before_work_begins_nor_who_does_not_want_it(
    week_before, agent, lead, time_machine
):
    agent.weekly_mail = "none"
    agent.save()
    time_machine.move_to(MONDAY, tick=False)
    assert send_due_weeks() == 0
    office = BusinessCalendar.objects.get(is_default=True)
    set_special_day(office, date=MONDAY.date(), kind="holiday")
    time_machine.move_to(AT_NINE_AND_A_HALF, tick=False)
    assert send_due_weeks() == 0
    time_machine.move_to(AT_NINE_AND_A_HALF + timedelta(days=1), tick=False)
    assert send_due_weeks() == 1
    assert list(mails()) == [lead.email]


def test_a_mail_is_in_the_language_of_its_reader(week_before, agent):
    agent.language = "zh-hans"
    agent.save()
    send_due_weeks()
    assert "已收到" in mails()[agent.email].body_text


def test_a_week_that_is_not_over_or_not_ones_own_is_refused(week_before, agent, lead, team):
    page = reverse("analytics:week")
    assert client_of(agent).get(page, {"team": team.pk}).status_code == 400
    assert client_of(lead).get(page, {"team": team.pk}).context["section"].team == team
    assert client_of(lead).get(page, {"week": "2026-03-09"}).status_code == 400
    assert client_of(lead).get(page, {"week": "2026-02-23"}).context["section"].is_empty
