"""What an answer about a solution means for the record: kept there, reopened, or a call."""

from feedback.services.followup import plan_call_back, record_satisfaction
from surveys.enums import QuestionRole
from surveys.flow.definition import parse
from surveys.flow.walk import Walk
from surveys.models import Response
from surveys.questions.base import Value

SOLVED = {"yes": True, "no": False}  # "partly" is neither


def judge_solution(response: Response, walk: Walk) -> None:
    """Write the customer's judgement on the feedback that `response` is about. "Not solved" or a
    low score has its consequences there; "solved in part" asks the team's lead to call too."""
    feedback = response.feedback
    by_role = _by_role(response, walk)
    overall = by_role.get(QuestionRole.OVERALL)
    solved = by_role.get(QuestionRole.SOLVED)
    if feedback is None or (overall is None and solved is None):
        return
    comment = by_role.get(QuestionRole.COMMENT)
    judged = record_satisfaction(
        feedback.merged_into_id or feedback.pk,
        overall=int(overall.number) if overall and overall.number else None,
        solved=SOLVED.get(solved.choice or "") if solved else None,
        comment=(comment.text or "") if comment else "",
    )
    if solved is not None and solved.choice == "partly":
        plan_call_back(judged, reason="partly_solved")


def _by_role(response: Response, walk: Walk) -> dict[QuestionRole, Value]:
    definition = parse(response.version.definition)
    found: dict[QuestionRole, Value] = {}
    for element in definition.elements():
        value = walk.of(element.code)
        if element.role != QuestionRole.NONE and value is not None:
            found[element.role] = value
    return found
