"""Macros: several changes at once, all or none, shown before and taken back as one."""

import pytest
from django.urls import reverse

from accounts.enums import OutgoingState, Role
from accounts.models import Membership, OutgoingMessage
from feedback.enums import Direction, Priority, State, TaskKind
from feedback.errors import NotInTeam, VariablesUnfilled
from feedback.models import Feedback, Macro, Status, Task
from feedback.rules.changes import ChangeNotUnderstood, read_changes
from feedback.services.bulk import Changed
from feedback.services.details import set_priority, set_tags
from feedback.services.macros import (
    MacroNeeds,
    run_macro,
    run_macro_on_many,
    save_macro,
    try_macro,
)
from feedback.services.reply_templates import remove_template
from feedback.services.undo import remember_for_undo, undo
from feedback.services.workflow import change_status
from tests.api.conftest import ApiClient
from tests.conftest import client_of, member
from tests.factories import (
    FeedbackFactory,
    MacroFactory,
    ReplyTemplateFactory,
    TeamFactory,
    UserFactory,
)

pytestmark = pytest.mark.django_db
LIST, NEW = reverse("feedback:macros"), reverse("feedback:new_macro")
BULK = reverse("feedback:bulk_macro")


def everything(team, template=None):
    task = {"kind": TaskKind.CALL_BACK, "reason": "ask", "hours": 4, "whose": "me"}
    return MacroFactory(
        template=template,
        changes=[
            {"do": "category", "to": "product-quality"},
            {"do": "priority", "to": "urgent"},
            {"do": "add_tags", "to": ["leak"]},
            {"do": "remove_tags", "to": ["old"]},
            {"do": "status", "to": "waiting-customer"},
            {"do": "task", "to": task},
            {"do": "note", "to": "Number {{ feedback.number }}"},
            {"do": "team", "to": team.pk},
            {"do": "assignee", "to": "none"},
        ],
    )


def as_it_is(feedback):
    one = Feedback.objects.get(pk=feedback.pk)
    tags = sorted(one.tags.values_list("name", flat=True))
    return (
        one.status_id, one.priority, one.category_id, one.team_id, one.assignee_id, tags,
        one.waiting_since, one.reply_due_at, one.reopened_count,
    )  # fmt: skip


@pytest.fixture
def record(team, agent):
    one = FeedbackFactory(team=team)
    set_tags(one.pk, by=agent, names=["old"])
    return one


def test_a_macro_does_everything_and_one_undo_takes_it_all_back(agent, record):
    other, before = TeamFactory(), as_it_is(record)
    macro = everything(other, ReplyTemplateFactory())

    ran = run_macro(macro, record.pk, by=agent)

    now = ran.feedback
    assert (now.state, now.priority) == (State.WAITING_CUSTOMER, Priority.URGENT)
    assert (now.category.code, now.team, now.assignee) == ("product-quality", other, None)
    assert [tag.name for tag in now.tags.all()] == ["leak"]
    assert now.tasks.get().assignee == agent
    answer = now.messages.get(direction=Direction.OUT)
    assert answer.text == f"{record.customer.name}您好，非常抱歉。"
    note = now.messages.get(direction=Direction.NOTE)
    assert note.text == f"Number {record.number}"
    macro.refresh_from_db()
    assert macro.used == 1
    assert answer.templates.get() == macro.template

    outcome = undo(remember_it(ran, by=agent), by=agent)

    assert (len(outcome.changed), outcome.refused) == (1, [])
    assert as_it_is(record) == before
    assert OutgoingMessage.objects.get(pk=answer.outgoing_id).state == OutgoingState.CANCELLED
    assert record.tasks.count() == 0
    note.refresh_from_db()
    assert note.is_recalled
    assert not record.drafts.exists()  # nobody typed that answer


def remember_it(ran, *, by):
    now = ran.feedback
    return remember_for_undo("macro", [Changed(now.pk, now.number, now.version, ran.did)], by=by)


def test_without_an_answer_the_status_is_taken_back_too(agent, record):
    before = as_it_is(record)
    ran = run_macro(everything(TeamFactory()), record.pk, by=agent)

    undo(remember_it(ran, by=agent), by=agent)

    assert as_it_is(record) == before


def test_a_task_that_was_done_or_a_change_since_keeps_all_of_it(agent, record):
    ran = run_macro(everything(record.team), record.pk, by=agent)
    key = remember_it(ran, by=agent)
    set_priority(record.pk, by=agent, priority=Priority.LOW)
    changed = as_it_is(record)

    outcome = undo(key, by=agent)

    assert (len(outcome.refused), as_it_is(record)) == (1, changed)
    assert Task.objects.count() == 1


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (lambda macro, record, agent: macro.changes.append(
            {"do": "assignee", "to": UserFactory().pk}), NotInTeam),
        (lambda macro, record, agent: ReplyTemplateFactory._meta.model.objects.update(
            body_zh="{{ order_number }}"), VariablesUnfilled),
        (lambda macro, record, agent: remove_template(macro.template), MacroNeeds),
        (lambda macro, record, agent: macro.changes.append(
            {"do": "team", "to": 2**40}), MacroNeeds),
    ],
)  # fmt: skip
def test_when_one_part_is_refused_nothing_happens(agent, record, spoil, error):
    macro = MacroFactory(template=ReplyTemplateFactory(), changes=[
        {"do": "priority", "to": "urgent"}, {"do": "note", "to": "x"},
    ])  # fmt: skip
    spoil(macro, record, agent)
    before, story = as_it_is(record), record.timeline.count()
    macro.template.refresh_from_db()

    with pytest.raises(error):
        run_macro(macro, record.pk, by=agent)

    assert (as_it_is(record), record.timeline.count()) == (before, story)
    assert record.messages.count() == 1
    macro.refresh_from_db()
    assert macro.used == 0


def test_a_preview_says_what_happens_and_leaves_no_trace(agent, record):
    macro = everything(TeamFactory(), ReplyTemplateFactory())
    before, story = as_it_is(record), record.timeline.count()

    attempt = try_macro(macro, record.pk, by=agent)

    sentences = " ".join(line.sentence for line in attempt.lines)
    for words in ("→ Urgent", "Tags: −old", "Call the customer back", "answered", "added a note"):
        assert words in sentences
    assert attempt.answer.endswith("非常抱歉。")
    assert attempt.refusal == ""
    assert (as_it_is(record), record.timeline.count()) == (before, story)
    assert not OutgoingMessage.objects.exists()
    macro.refresh_from_db()
    assert macro.used == 0


def test_on_the_page_it_is_looked_at_run_and_undone(agent_client, record):
    macro = everything(record.team, ReplyTemplateFactory())
    address = reverse("feedback:record_macro", args=[record.number, macro.pk])
    menu = agent_client.get(reverse("feedback:record_macros", args=[record.number]))
    assert address in menu.content.decode()

    page = agent_client.get(address).content.decode()
    assert "This will happen" in page
    assert "Run and send" in page
    version = Feedback.objects.get(pk=record.pk).version
    done = agent_client.post(address, {"version": version}, follow=True).content.decode()

    assert "Done: Hurry." in done
    assert "ran the macro “Hurry”" in done
    record.refresh_from_db()
    assert record.priority == Priority.URGENT

    # T88: the second of two clicks finds another version and does nothing.
    again = agent_client.post(address, {"version": version})
    assert again.status_code == 409
    assert OutgoingMessage.objects.count() == 1


def test_many_records_are_asked_about_first_and_each_is_whole(agent, agent_client, team, record):
    waiting, closed = FeedbackFactory(team=team), FeedbackFactory(team=team)
    change_status(closed.pk, by=agent, status=Status.objects.default_for(State.CLOSED))
    macro = MacroFactory(changes=[
        {"do": "priority", "to": "urgent"}, {"do": "status", "to": "waiting-third"},
    ])  # fmt: skip
    chosen = {"macro": macro.pk, "id": [record.pk, waiting.pk, closed.pk]}

    page = agent_client.post(BULK, chosen).content.decode()
    assert "Priority: Urgent" in page
    assert Feedback.objects.filter(priority=Priority.URGENT).count() == 0

    agent_client.post(BULK, chosen | {"sure": "1"})
    # What is closed stays closed: that record keeps its priority, too.
    urgent = Feedback.objects.filter(priority=Priority.URGENT)
    assert set(urgent) == {record, waiting}


def test_in_bulk_a_refusal_names_the_record_and_one_undo_is_for_all(agent, team, record):
    second, hidden = FeedbackFactory(team=team), FeedbackFactory(team=TeamFactory())
    macro = MacroFactory(changes=[
        {"do": "priority", "to": "urgent"}, {"do": "assignee", "to": agent.pk},
    ])  # fmt: skip
    before = as_it_is(record), as_it_is(second)

    outcome = run_macro_on_many(macro, [record.pk, second.pk, hidden.pk], by=agent)

    assert [one.number for one in outcome.refused] == [hidden.number]
    assert Feedback.objects.get(pk=hidden.pk).priority == Priority.NORMAL
    key = remember_for_undo("macro", outcome.changed, by=agent)
    assert len(undo(key, by=agent).changed) == 2
    assert (as_it_is(record), as_it_is(second)) == before


def test_macros_are_everybodys_a_teams_or_ones_own(agent, agent_client, outsider_client, team):
    typed = {
        "name_en": "Mine", "for_whom": "me", "priority": "high", "add_tags": "a，b",
        "after": "next", "task_hours": "24", "task_whose": "me",
    }  # fmt: skip
    assert agent_client.post(NEW, typed).status_code == 302
    mine = Macro.objects.get(owner=agent)
    assert mine.changes == [
        {"do": "priority", "to": "high"}, {"do": "add_tags", "to": ["a", "b"]},
    ]  # fmt: skip
    page = agent_client.get(reverse("feedback:edit_macro", args=[mine.pk])).content.decode()
    assert 'value="a, b"' in page
    assert outsider_client.get(reverse("feedback:edit_macro", args=[mine.pk])).status_code == 404
    shared = MacroFactory()
    assert agent_client.get(reverse("feedback:edit_macro", args=[shared.pk])).status_code == 403
    assert agent_client.post(NEW, typed | {"for_whom": "all"}).status_code == 422
    empty = typed | {"priority": "", "add_tags": ""}
    assert "one change at least" in agent_client.post(NEW, empty).content.decode()
    Membership.objects.filter(user=agent).update(is_lead=True)
    assert agent_client.post(NEW, typed | {"for_whom": str(team.pk)}).status_code == 302


@pytest.mark.parametrize(
    "changes",
    [
        [{"do": "explode", "to": 1}],
        [{"do": "priority", "to": ["urgent"]}],
        [{"do": "priority", "to": "low"}, {"do": "priority", "to": "high"}],
        [{"do": "add_tags", "to": []}],
        [{"do": "note", "to": "\x00"}],
        [{"do": "task", "to": {"kind": "call_back", "reason": "", "hours": True, "whose": "me"}}],
        "priority",
    ],
)
def test_what_makes_no_sense_is_not_kept(changes):
    with pytest.raises(ChangeNotUnderstood):
        read_changes(changes)


def test_a_used_macro_is_archived_and_offered_no_more(agent, record, team):
    macro = MacroFactory()
    run_macro(macro, record.pk, by=agent)
    lead = client_of(member(Role.LEAD, team))

    lead.post(reverse("feedback:change_macro", args=[macro.pk, "remove"]))

    macro.refresh_from_db()
    assert macro.is_archived
    address = reverse("feedback:record_macro", args=[record.number, macro.pk])
    assert lead.get(address).status_code == 404


@pytest.mark.parametrize("rows", [1, 5])
def test_the_list_of_macros_costs_the_same_for_any_number(
    agent_client, rows, team, django_assert_num_queries
):
    for _ in range(rows):
        everything(TeamFactory(), ReplyTemplateFactory())
    agent_client.get(LIST)

    with django_assert_num_queries(8):
        agent_client.get(LIST)


def test_a_program_runs_macros(team, record):
    api = ApiClient(member(Role.AGENT, team), ["feedback:read", "feedback:write"])
    macro = MacroFactory()
    listed = api.get("macros/").json()["results"]
    assert listed[0]["changes"] == [{"do": "priority", "to": "urgent"}]
    address = f"macros/{macro.pk}/run/"

    tried = api.post(address, {"feedback": record.number, "only_try": True}).json()
    assert tried["lines"][0].startswith("Priority: Normal → Urgent")
    assert Feedback.objects.get(pk=record.pk).priority == Priority.NORMAL
    ran = api.post(address, {"feedback": record.number}).json()
    assert Feedback.objects.get(pk=record.pk).version == ran["version"]
    stale = api.post(address, {"feedback": record.number, "version": 1})
    assert stale.json()["code"] == "stale"
    hidden = FeedbackFactory(team=TeamFactory())
    assert api.post(address, {"feedback": hidden.number}).status_code == 404
    bad = {"name_en": "x", "is_personal": True, "changes": [{"do": "priority", "to": 9}]}
    assert api.post("macros/", bad).json()["code"] == "macro_not_understood"
    mine = api.post("macros/", bad | {"changes": [{"do": "status", "to": "resolved"}]})
    assert mine.status_code == 201
    assert save_macro(Macro.objects.get(pk=mine.json()["id"])).owner == api.user
