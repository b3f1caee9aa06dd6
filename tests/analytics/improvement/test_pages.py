"""The pages of problems and measures, as people with different rights meet them."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse

from analytics.enums import CauseMethod, MeasureKind, ProblemSource
from analytics.enums import MeasureStatus as M
from analytics.enums import ProblemStatus as P
from analytics.models import Measure, Problem, ProblemEvidence
from analytics.services.evidence import add_evidence
from analytics.services.measures import change_measure, propose_measure
from analytics.services.problems import make_problem
from analytics.services.root_causes import begin_analysis
from analytics.services.scoring import score_problem
from feedback.enums import NegativePointKind
from feedback.models import NegativePoint
from feedback.services.negative import mark_negative
from tests.factories import FeedbackFactory

pytestmark = pytest.mark.django_db


def at(name, *args, **query):
    return reverse(f"analytics:{name}", args=args) + (f"?{urlencode(query)}" if query else "")


def text(response):
    return response.content.decode()


def test_a_filtered_queue_becomes_a_problem_with_its_evidence(lead_client, records, team):
    FeedbackFactory(team=team, priority=4)
    page = lead_client.get(reverse("feedback:queue"), {"priority": "2"})
    url = at("new_problem", **{"from": "queue", "list": page.context["state"].query})
    assert url.replace("&", "&amp;") in text(page)

    asked = lead_client.get(url)
    assert "3 pieces of evidence go with it" in text(asked)
    made = lead_client.post(url, {"title": "It leaks", "team": team.pk})

    problem = Problem.objects.get()
    assert made["Location"] == problem.get_absolute_url()
    assert (problem.source, problem.evidence.count()) == (ProblemSource.QUERY, 3)
    shown = text(lead_client.get(problem.get_absolute_url()))
    assert f"#{records[0].number}" in shown
    assert "3 of 4 in the last quarter" in shown
    again = lead_client.get(f"{reverse('feedback:queue')}?{problem.source_query}")
    assert again.context["page"].total == 3


def test_what_an_agent_ticked_is_added_to_a_problem_that_is_there(agent_client, problem, team):
    more = FeedbackFactory(team=team)
    chosen = agent_client.post(at("gather"), {"id": [more.pk, 10**9], "list": "view=open"})
    page = agent_client.get(chosen["Location"])
    assert page.context["form"] is None
    agent_client.post(chosen["Location"], {"problem": problem.pk, "quote": "drips"})
    assert ProblemEvidence.objects.get(feedback=more).quote == "drips"

    record = agent_client.get(more.get_absolute_url())
    assert problem.reference in text(record)


def test_what_one_may_not_see_is_not_there_and_not_counted(
    outsider_client, agent_client, problem, measure
):
    open_to_all = make_problem(by=None, title="For everybody")
    add_evidence(open_to_all.pk, by=problem.created_by, feedback=[
        one.feedback_id for one in problem.evidence.all()
    ])  # fmt: skip
    listed = outsider_client.get(at("problems"))
    assert [row.problem for row, *_ in listed.context["rows"]] == [open_to_all]
    assert listed.context["rows"][0][0].facts.evidence == 0
    for name, key in (("problem", problem), ("causes", problem), ("measure", measure)):
        assert outsider_client.get(at(name, key.pk)).status_code == 404
    assert agent_client.get(at("problem", problem.pk)).status_code == 200
    assert (
        agent_client.post(at("move_problem", problem.pk), {"status": "solved"}).status_code == 403
    )
    assert agent_client.get(at("edit_problem", problem.pk)).status_code == 403


def test_the_list_is_in_the_order_in_which_to_deal_with_things(
    lead_client, lead, problem, team, django_assert_max_num_queries
):
    worse = make_problem(by=lead, title="Worse", severity=5, reach=5, team=team)
    rare = make_problem(by=lead, title="Rare and dangerous", team=team)
    score_problem(rare, "fmea", {"severity": 10, "occurrence": 1, "detection": 1}, by=lead)
    lead_client.get(at("problems"))

    with django_assert_max_num_queries(16):
        page = lead_client.get(at("problems"))

    order = [row.problem for row, *_ in page.context["rows"]]
    assert order == [rare, worse, problem]
    newest = lead_client.get(at("problems", sort="newest", status="open")).context["rows"]
    assert [row.problem for row, *_ in newest] == [rare, worse, problem]
    assert lead_client.get(at("problems", status="x")).status_code == 400
    file = lead_client.get(at("problems", export="csv"))
    assert f"{problem.reference}," in b"".join(file.streaming_content).decode("utf-8-sig")
    assert "Worse" in text(lead_client.get(at("problem_matrix")))


def test_a_chain_of_whys_is_written_linked_and_confirmed(lead_client, problem, lead):
    page = at("causes", problem.pk)
    assert "Nobody has looked for the cause yet" in text(lead_client.get(page))
    lead_client.post(at("begin_analysis", problem.pk), {"method": "five_whys"})
    chain = problem.causes.get()
    change = at("change_analysis", problem.pk, chain.pk)
    lead_client.post(change, {"do": "add", "text": "The seal is old"})
    assert "linked with no evidence" in text(lead_client.get(page))
    node = chain.nodes.get()
    shown = problem.evidence.first().pk
    lead_client.post(at("change_cause", problem.pk, node.pk), {"do": "link", "row": [shown]})
    lead_client.post(change, {"do": "confirm", "text": "Seals of batch 7"})

    said = text(lead_client.get(page))
    assert "Seals of batch 7" in said
    assert "linked with no evidence" not in said
    assert "Seals of batch 7" in text(lead_client.get(problem.get_absolute_url()))
    fish = begin_analysis(problem.pk, CauseMethod.ISHIKAWA, by=lead)
    answer = lead_client.post(
        at("change_analysis", problem.pk, fish.pk),
        {"do": "add", "kind": "material", "text": "Rubber"}, follow=True,
    )  # fmt: skip
    assert "<svg" in text(answer)


def test_evidence_is_looked_for_added_and_taken_away(lead_client, problem, team):
    more = FeedbackFactory(team=team, subject="Drips at night")
    page = lead_client.get(at("evidence", problem.pk, q=str(more.number)))
    assert [row[0] for row in page.context["found"]] == [more.pk]
    lead_client.post(at("add_evidence", problem.pk), {"row": [more.pk]})
    assert problem.evidence.count() == 4
    first = problem.evidence.first()
    lead_client.post(at("remove_evidence", problem.pk), {"row": [first.pk, "x"]})
    assert problem.evidence.count() == 3
    assert "<svg" in text(lead_client.get(at("evidence", problem.pk, by="channel")))


def test_a_score_is_proposed_from_the_evidence_and_kept(lead_client, problem):
    url = at("score_problem", problem.pk, "rice")
    assert lead_client.get(url).context["form"].initial["reach"] == 3
    given = {"reach": "3", "impact": "2.0", "confidence": "0.8", "effort": "2"}
    assert lead_client.post(url, given | {"effort": "0"}).status_code == 422
    lead_client.post(url, given)
    assert problem.scores.get().value == pytest.approx(2.4)
    assert lead_client.get(url).context["form"].initial["impact"] == "2.0"


def test_a_measure_goes_over_the_board(lead_client, agent_client, agent, problem, measure, lead):
    change_measure(measure.pk, by=lead, owner=agent, due_on="2026-01-01")
    board = lead_client.get(at("measures"))
    card = board.context["columns"][0]["cards"][0]
    assert card["to"] == "approved rejected"
    move = at("move_measure", measure.pk)
    refused = agent_client.post(move, {"to": "approved"}, follow=True)
    assert "You may not take this step." in text(refused)
    lead_client.post(move, {"to": "approved"})
    agent_client.post(move, {"to": "doing"})
    assert Measure.objects.get().status == M.DOING
    assert Problem.objects.get().status == P.ACTING

    late = agent_client.get(at("measures", show="overdue", view="table"))
    assert [one for one, _tone in late.context["rows"]] == [Measure.objects.get()]
    agent_client.post(at("new_step", measure.pk), {"text": "Order seals"})
    step = measure.steps.get()
    agent_client.post(at("change_step", measure.pk, step.pk), {"do": "done"})
    agent_client.post(at("note_on_measure", measure.pk), {"text": "Ordered by phone"})
    said = text(agent_client.get(measure.get_absolute_url()))
    assert "ticked off a step" in said
    assert "Ordered by phone" in said
    assert "Seals leak" in b"".join(
        agent_client.get(at("measures", export="csv")).streaming_content
    ).decode("utf-8-sig")


def test_board_asks_the_same_of_the_database_however_many_cards(
    lead_client, lead, problem, measure, django_assert_max_num_queries
):
    lead_client.get(at("measures"))
    for n in range(6):
        propose_measure(problem.pk, by=lead, kind=MeasureKind.SERVICE, title=f"Number {n}")
    with django_assert_max_num_queries(12):
        lead_client.get(at("measures"))


def test_training_notes_come_from_trainings_and_negative_feedback(
    agent_client, outsider_client, lead, problem, records
):
    propose_measure(
        problem.pk, by=lead, kind=MeasureKind.TRAINING, title="Seals",
        training_note="Ask for the batch.",
    )  # fmt: skip
    mark_negative(records[0].pk, by=lead)
    NegativePoint.objects.update_or_create(
        case_id=records[0].pk, kind=NegativePointKind.TRAINING, defaults={"text": "Call first."}
    )
    said = text(agent_client.get(at("training_notes")))
    assert "Ask for the batch." in said
    assert "Call first." in said
    assert "Call first." not in text(agent_client.get(at("training_notes", q="batch")))
    assert agent_client.get(at("training_notes", category="x")).status_code == 400
    nothing = text(outsider_client.get(at("training_notes")))
    assert "Ask for the batch." not in nothing
    assert "Call first." not in nothing
