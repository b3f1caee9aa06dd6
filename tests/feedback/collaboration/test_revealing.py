"""Personal data is covered in messages, lists, files and results; showing it is written down."""

import csv
import io

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import PersonalDataRules
from feedback.enums import Channel, ExportFormat, LinkSide, TaskKind, TimelineKind
from feedback.models import SavedView
from feedback.selectors.queue import read_query
from feedback.services.attachments import IncomingFile
from feedback.services.conversation import add_customer_message
from feedback.services.links import link_feedback
from feedback.services.list_exports import write_list
from feedback.services.saved_views import save_view
from feedback.services.search_index import index_what_changed
from feedback.services.tasks import plan_task
from tests.conftest import client_of, member
from tests.factories import FeedbackFactory

pytestmark = pytest.mark.django_db
ID = "310104198807134529"
TEXT = f"我叫李晓明，身份证{ID}，电话13988776655，订单号20260713998877"


@pytest.fixture
def record(team):
    found = FeedbackFactory(team=team, subject="请打13988776655")
    add_customer_message(found.pk, channel=Channel.EMAIL, text=TEXT)
    return found


def page_of(record, client):
    return client.get(record.get_absolute_url()).content.decode()


def show_url(record):
    return reverse("feedback:reveal", args=[record.number, record.messages.latest("pk").pk])


def test_a_message_covers_papers_until_somebody_shows_them_and_the_story_says_who(
    agent_client, agent, record
):
    before = page_of(record, agent_client)
    assert ID not in before
    assert "13988776655" in before  # only papers and money are covered in conversations at first

    shown = agent_client.post(show_url(record), headers={"HX-Request": "true"})

    assert ID in shown.content.decode()
    told = record.timeline.get(kind=TimelineKind.REVEALED)
    message = record.messages.latest("pk")
    assert (told.actor, told.data) == (agent, {"message": message.pk, "kinds": ["id_card"]})
    assert ID not in page_of(record, agent_client)


def test_without_scripts_the_message_is_shown_on_a_page_of_its_own(agent_client, record):
    assert ID in agent_client.post(show_url(record)).content.decode()


def test_what_was_sent_is_covered_too(agent_client, record):
    mail = add_customer_message(
        record.pk,
        channel=Channel.EMAIL,
        text="x",
        html=f"<p>{ID}</p>",
        full_text=f"x\n> {ID}",
    )
    whole = reverse("feedback:message", args=[record.number, mail.pk])
    framed = reverse("feedback:message_html", args=[record.number, mail.pk])
    printed = reverse("feedback:print_record", args=[record.number])

    for url in (whole, framed, printed):
        assert ID not in agent_client.get(url).content.decode()


def test_showing_a_message_without_anything_covered_leaves_no_line(agent_client, team):
    record = FeedbackFactory(team=team)
    add_customer_message(record.pk, channel=Channel.EMAIL, text="It leaks")

    agent_client.post(show_url(record))

    assert not record.timeline.filter(kind=TimelineKind.REVEALED).exists()


def test_whoever_may_see_personal_data_has_nothing_covered(admin_client, record):
    assert ID in page_of(record, admin_client)


def test_lists_search_and_files_cover_what_reaches_people(agent_client, agent, record):
    assert "139****6655" in agent_client.get(reverse("feedback:queue")).content.decode()
    index_what_changed()
    found = agent_client.get(reverse("feedback:search"), {"q": "身份证"}).content.decode()
    file = io.BytesIO()
    write_list(
        file,
        read_query("view=all", agent),
        by=agent,
        columns=["number", "subject"],
        format_=ExportFormat.CSV,
    )

    assert ID not in found
    assert "13988776655" not in found
    assert "20260713998877" in found
    assert list(csv.reader(io.StringIO(file.getvalue().decode())))[1][1] == "请打139****6655"


def test_the_rules_decide_what_is_covered_and_what_never_is(agent_client, record):
    PersonalDataRules.objects.create(
        in_lists=["phone"], in_conversations=[], never="139 8877 6655"
    )

    assert ID in page_of(record, agent_client)
    assert "13988776655" in agent_client.get(reverse("feedback:queue")).content.decode()


def test_officers_see_who_was_shown_what(admin_client, agent_client, record):
    agent_client.post(show_url(record))

    page = admin_client.get(reverse("feedback:reveals"))

    assert f"#{record.number}" in page.content.decode()
    assert "Identity cards" in page.content.decode()
    assert agent_client.get(reverse("feedback:reveals")).status_code == 403


@pytest.mark.parametrize("times", [1, 5])
def test_the_list_of_what_was_shown_costs_the_same_for_any_number(
    admin_client, agent_client, record, times, django_assert_num_queries
):
    for _ in range(times):
        agent_client.post(show_url(record))
    admin_client.get(reverse("feedback:reveals"))

    with django_assert_num_queries(5):
        page = admin_client.get(reverse("feedback:reveals"))

    assert page.content.decode().count("Identity cards") == times


def papers(team, agent):
    """A record that names an identity card wherever a customer can write one."""
    named = {"team": team, "subject": f"身份证{ID}"}
    found = FeedbackFactory(**named, files=[IncomingFile(f"身份证_{ID}.txt", b"x")])
    other = FeedbackFactory(**named, customer=found.customer)
    link_feedback(found.pk, other_id=other.pk, side=LinkSide.RELATED, by=agent)
    plan_task(
        found.pk, kind=TaskKind.OTHER, title="x", due_at=timezone.now(), assignee=agent, by=agent
    )
    return found


def said_by(response):
    parts = response.streaming_content if response.streaming else [response.content]
    return b"".join(parts).decode()


def test_no_page_names_what_is_covered_and_neither_does_a_program(agent_client, agent, team):
    record = papers(team, agent)
    message = record.messages.get()
    number = record.number
    pages = [
        record.get_absolute_url(),
        reverse("feedback:split", args=[number, message.pk]),
        reverse("feedback:merge", args=[number]),
        reverse("feedback:together", args=[number]),
        reverse("feedback:print_record", args=[number]),
        reverse("feedback:tasks"),
        reverse("feedback:tasks") + "?export=csv",
        reverse("feedback:task", args=[record.tasks.get().pk]),
        reverse("feedback:customer", args=[record.customer_id]),
        reverse("feedback:status_page", args=[record.status_token]),
        reverse("api:feedback-list"),
        reverse("api:feedback-detail", args=[number]),
        reverse("api:feedback-messages", args=[number]),
        reverse("api:feedback-links", args=[number]),
        reverse("api:feedback-timeline", args=[number]),
    ]

    told = {url: agent_client.get(url) for url in pages}

    assert {url: one.status_code for url, one in told.items()} == dict.fromkeys(pages, 200)
    assert [url for url, one in told.items() if ID in said_by(one)] == []


def test_a_customer_reads_what_they_wrote(client, record):
    page = client.get(reverse("feedback:status_page", args=[record.status_token]))

    assert ID in page.content.decode()


def test_the_name_of_a_file_is_covered_and_shown_with_its_message(agent_client, agent, team):
    record = papers(team, agent)
    message = record.messages.get()
    url = reverse("feedback:attachment", args=[message.attachments.get().key])
    assert ID not in agent_client.get(url)["Content-Disposition"]

    shown = agent_client.post(show_url(record), headers={"HX-Request": "true"})

    assert f"身份证_{ID}.txt" in shown.content.decode()
    assert record.timeline.get(kind=TimelineKind.REVEALED).data["kinds"] == ["id_card"]


@pytest.fixture
def analyst(team):
    return member(Role.ANALYST, team)


def test_who_may_not_show_numbers_cannot_ask_for_them_piece_by_piece(analyst, record, agent):
    index_what_changed()
    client = client_of(analyst)
    queue, program = reverse("feedback:queue"), reverse("api:feedback-list")
    pieces = SavedView(name_en="x", view="all", condition=["contains", "text", ["3101"]])
    view = save_view(pieces, by=analyst)

    assert client.get(queue, {"view": "all", "q": "3101"}).status_code == 400
    assert client.get(program, {"q": "3101"}).status_code == 400
    assert client.get(program, {"q": "310 101"}).status_code == 400  # nor digit by digit
    asked = {"condition": 'text contains "3101"'}
    assert client.get(program, asked).status_code == 400
    assert client_of(agent).get(program, asked).status_code == 200
    shown = client.get(queue, {"saved": view.pk}).content.decode()
    assert f'href="{record.get_absolute_url()}' not in shown
    assert client.get(queue, {"view": "all", "q": "身份证"}).status_code == 200
    assert client_of(agent).get(queue, {"view": "all", "q": "3101"}).status_code == 200
