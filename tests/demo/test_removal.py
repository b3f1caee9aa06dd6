"""The demo goes without a trace, and real data stays."""

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import Membership, Team, User
from analytics.demo.make import make_demo
from analytics.demo.remove import remove_demo
from analytics.enums import ModelState, TextTask, TopicState
from analytics.models import TextModel, TextReading, Topic, TopicSet, TopicText
from analytics.services.rolling_up import roll_up_due
from feedback.enums import Channel, State
from feedback.models import Attachment, Category, Feedback, Mailbox, Product, ReplyTemplate, Tag
from feedback.services.assignment import assign_feedback
from feedback.services.attachments import IncomingFile
from feedback.services.conversation import add_customer_message
from feedback.services.details import set_tags
from feedback.services.replies import add_note
from feedback.services.search_index import index_what_changed
from feedback.services.workflow import resolve_feedback
from surveys.services.defaults import ensure_call_back_survey
from tests.conftest import member
from tests.demo.conftest import NOW
from tests.factories import CustomerFactory, FeedbackFactory, TeamFactory

pytestmark = pytest.mark.django_db


def rows_of_every_table():
    # What a worker does within the minute: the search and the daily sums catch up.
    index_what_changed(budget=60)
    roll_up_due(seconds=60)
    there = set(connection.introspection.table_names())
    models = apps.get_models(include_auto_created=True)
    return {
        model._meta.label: model._base_manager.count()
        for model in models
        if model._meta.db_table in there
    }


def test_nothing_of_it_is_left_and_categories_keep_the_team_that_an_admin_gave_them():
    ensure_call_back_survey()
    team = FeedbackFactory(team=TeamFactory()).team
    Category.objects.filter(code="product").update(team=team)
    before = rows_of_every_table()

    make_demo(now=NOW, small=True)
    assert rows_of_every_table() != before
    assert Category.objects.get(code="product").team == team
    assert Category.objects.filter(code="service-delivery", team__is_demo=True).exists()
    files = [str(name) for name in Attachment.objects.values_list("file", flat=True)]
    assert files

    with TestCase.captureOnCommitCallbacks(execute=True):
        assert remove_demo() is True
    assert rows_of_every_table() == before
    assert not any(map(default_storage.exists, files))
    assert Category.objects.get(code="product").team == team
    assert Category.objects.get(code="service-delivery").team is None


def test_what_the_machine_learned_and_found_in_it_goes_too(demo):
    found = TopicSet.objects.create(days=180, state=TopicState.DONE)
    of_demo = Topic.objects.create(topic_set=found, words=[["leak", 1]])
    real = FeedbackFactory()
    kept = Topic.objects.create(topic_set=found, name_en="Fees", words=[["fee", 1]])
    reading = TextReading.objects.create(
        feedback=real, message=real.messages.first(), said_at=NOW, length=9, reader=1
    )
    TopicText.objects.create(topic_set=found, topic=kept, reading=reading)
    TopicSet.objects.create(key="category=service", days=180, state=TopicState.DONE)
    TextModel.objects.create(task=TextTask.CATEGORY, version=1, state=ModelState.LIVE)

    remove_demo()

    assert not TextModel.objects.exists()
    assert list(Topic.objects.all()) == [kept]
    events = apps.get_model("analytics", "TopicEvent")
    assert not events.objects.filter(pgh_obj=of_demo.pk).exists()
    assert list(TopicSet.objects.all()) == [found]


def test_records_are_held_before_what_a_reader_asks_for_at_its_end_goes(demo):
    """A worker that reads holds the record and asks for its message when it is done. Who deletes
    messages first and records afterwards meets it there, each waiting for the other."""
    with CaptureQueriesContext(connection) as asked:
        remove_demo()

    said = [query["sql"] for query in asked]
    held = [at for at, sql in enumerate(said) if "FOR UPDATE OF" in sql and "_feedback" in sql]
    deleted = [at for at, sql in enumerate(said) if 'DELETE FROM "feedback_message"' in sql]
    assert held
    assert deleted
    assert held[0] < deleted[0]


def test_without_a_demo_nothing_happens():
    feedback = FeedbackFactory()

    assert remove_demo() is False
    assert Feedback.objects.get() == feedback


def test_what_a_real_customer_wrote_stays_when_the_demo_people_go(demo):
    agent = User.objects.get(email="agent@demo.example")
    team = agent.teams.get()
    product = Product.objects.filter(is_demo=True).first()
    feedback = FeedbackFactory(team=team, product=product)
    assign_feedback(feedback.pk, by=agent, assignee=agent, team=team)
    add_note(feedback.pk, by=agent, text="Called")
    resolve_feedback(feedback.pk, by=agent)

    remove_demo()

    feedback.refresh_from_db()
    assert (feedback.team, feedback.assignee, feedback.product) == (None, None, None)
    assert feedback.state == State.RESOLVED
    assert feedback.messages.get(direction="note").author_name == agent.name
    assert agent.name in feedback.timeline.values_list("actor_name", flat=True)
    assert not User.objects.filter(is_demo=True).exists()


def test_a_record_that_followed_or_joined_a_demo_record_stands_alone(demo):
    theirs = Feedback.objects.filter(customer__is_demo=True).first()
    follow_up = FeedbackFactory(follow_up_of=theirs)
    joined = FeedbackFactory()
    Feedback.objects.filter(pk=joined.pk).update(state=State.MERGED, merged_into=theirs)

    remove_demo()

    follow_up.refresh_from_db()
    joined.refresh_from_db()
    assert follow_up.follow_up_of is None
    assert joined.state == State.OPEN


def test_what_demo_customers_wrote_later_goes_too_with_its_files(demo):
    theirs = Feedback.objects.filter(customer__is_demo=True, state=State.OPEN)[0]
    add_customer_message(
        theirs.pk,
        channel=Channel.EMAIL,
        text="See the photo",
        files=[IncomingFile("leak.txt", b"drip")],
    )
    name = str(Attachment.objects.get(name="leak.txt").file.name)
    assert default_storage.exists(name)

    with TestCase.captureOnCommitCallbacks(execute=True):
        remove_demo()

    assert not Attachment.objects.exists()
    assert not default_storage.exists(name)


def test_real_teams_people_mailboxes_and_customers_stay(demo):
    team = TeamFactory()
    person = member(Role.AGENT, team)
    customer = CustomerFactory(owner=User.objects.filter(is_demo=True).first())
    mailbox = Mailbox.objects.create(
        address="help@huiyin.test", name="Help", team=Team.objects.filter(is_demo=True).first()
    )

    remove_demo()

    assert Membership.objects.get().user == person
    customer.refresh_from_db()
    mailbox.refresh_from_db()
    assert customer.owner is None
    assert mailbox.team is None


def test_a_prepared_answer_that_somebody_changed_is_theirs(demo):
    changed = ReplyTemplate.objects.get(shortcut="visit")
    changed.name_en = "Our visit"
    changed.save()

    remove_demo()

    shortcuts = set(ReplyTemplate.objects.values_list("shortcut", flat=True))
    assert shortcuts == {"received", "visit", "commitment-progress", "commitment-decision"}


def test_a_tag_that_real_feedback_carries_stays(demo):
    set_tags(FeedbackFactory().pk, by=None, names=["重要客户 VIP"])

    remove_demo()

    assert list(Tag.objects.values_list("name", flat=True)) == ["重要客户 VIP"]
