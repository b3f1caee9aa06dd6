"""Searching for the cause of a problem: whys in a chain, causes on the branches of a diagram, and
the root cause that somebody confirms."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from analytics.enums import CauseKind, CauseMethod, ImprovementEvent, ProblemStatus
from analytics.errors import ProblemRefused
from analytics.models import CauseNode, ProblemEvidence, RootCause
from analytics.services.improvement_history import lock_problem, tell

MOST_WHYS = 9  # five is the name of it; some chains are longer
MOST_CAUSES = 60
EVENT = ImprovementEvent.CAUSE


@transaction.atomic
def begin_analysis(problem_id: int, method: CauseMethod, *, by: User) -> RootCause:
    """An empty chain or diagram; an open problem is being analysed from then on."""
    problem = lock_problem(problem_id)
    found = RootCause.objects.create(problem=problem, method=method, created_by=by)
    if problem.status == ProblemStatus.OPEN:
        problem.status, problem.status_since = ProblemStatus.ANALYSING, timezone.now()
        problem.save(update_fields=["status", "status_since"])
    tell(problem.pk, EVENT, by=by, method=str(method), did="begun")
    return found


@transaction.atomic
def add_cause(
    root_cause_id: int, *, by: User, text: str, kind: CauseKind | None = None
) -> CauseNode:
    """The next why of a chain, or a cause on the branch `kind` of a diagram. Raises
    ProblemRefused without words, beyond the most, and for what was confirmed."""
    found = _open(root_cause_id)
    _ensure_words(text)
    if (found.method == CauseMethod.ISHIKAWA) != (kind is not None):
        raise ProblemRefused(_("A cause of a diagram has a branch, a why has none."))
    most = MOST_CAUSES if kind else MOST_WHYS
    if found.nodes.count() >= most:
        raise ProblemRefused(_("There is no room for more."))
    last = found.nodes.aggregate(last=Max("position"))["last"]
    node = CauseNode.objects.create(
        root_cause=found,
        text=text.strip()[:300],
        kind=kind or "",
        position=0 if last is None else last + 1,
    )
    tell(found.problem_id, EVENT, by=by, method=found.method, did="added")
    return node


@transaction.atomic
def change_cause(node_id: int, *, by: User, text: str) -> CauseNode:
    """Say it otherwise. Raises ProblemRefused."""
    node = CauseNode.objects.get(pk=node_id)
    found = _open(node.root_cause_id)
    _ensure_words(text)
    if node.text != text.strip():
        node.text = text.strip()[:300]
        node.save(update_fields=["text"])
        tell(found.problem_id, EVENT, by=by, method=found.method, did="changed")
    return node


@transaction.atomic
def remove_cause(node_id: int, *, by: User) -> None:
    """It is none. Raises ProblemRefused for what was confirmed."""
    node = CauseNode.objects.get(pk=node_id)
    found = _open(node.root_cause_id)
    node.delete()
    tell(found.problem_id, EVENT, by=by, method=found.method, did="removed")


@transaction.atomic
def show_cause_by(node_id: int, evidence_ids: Iterable[int], *, by: User) -> CauseNode:
    """Link a why or a cause with the evidence of its problem that shows it, instead of what was
    linked before; what `by` may not see stays linked. Raises ProblemRefused."""
    node = CauseNode.objects.get(pk=node_id)
    found = _open(node.root_cause_id)
    visible = ProblemEvidence.objects.filter(problem=found.problem_id).visible_to(by)
    wanted = set(visible.filter(pk__in=list(evidence_ids)).values_list("pk", flat=True))
    linked = set(node.evidence.values_list("pk", flat=True))
    seen = set(visible.filter(pk__in=linked).values_list("pk", flat=True))
    if wanted != seen:
        node.evidence.set(wanted | (linked - seen))
        tell(found.problem_id, EVENT, by=by, method=found.method, did="shown")
    return node


@transaction.atomic
def confirm_cause(root_cause_id: int, *, by: User, conclusion: str) -> RootCause:
    """This is the root cause, in a sentence. Raises ProblemRefused without a sentence, or without
    anything that leads to it."""
    found = _open(root_cause_id)
    _ensure_words(conclusion)
    if not found.nodes.exists():
        raise ProblemRefused(_("Write down what leads to it first."))
    found.conclusion = conclusion.strip()[:1000]
    found.confirmed_by, found.confirmed_at = by, timezone.now()
    found.save(update_fields=["conclusion", "confirmed_by", "confirmed_at"])
    tell(found.problem_id, ImprovementEvent.CONFIRMED, by=by, method=found.method)
    return found


@transaction.atomic
def doubt_cause(root_cause_id: int, *, by: User) -> RootCause:
    """Not confirmed any more: it can be worked on again."""
    found = _locked(root_cause_id)
    if found.confirmed_at is not None:
        found.confirmed_by, found.confirmed_at = None, None
        found.save(update_fields=["confirmed_by", "confirmed_at"])
        tell(found.problem_id, EVENT, by=by, method=found.method, did="doubted")
    return found


@transaction.atomic
def remove_analysis(root_cause_id: int, *, by: User) -> None:
    """A chain or diagram that led nowhere. Raises ProblemRefused for what was confirmed."""
    found = _open(root_cause_id)
    problem_id, method = found.problem_id, found.method
    found.delete()
    tell(problem_id, EVENT, by=by, method=method, did="dropped")


def _locked(pk: int) -> RootCause:
    return RootCause.objects.select_for_update(of=["self"]).get(pk=pk)


def _open(pk: int) -> RootCause:
    found = _locked(pk)
    if found.confirmed_at is not None:
        raise ProblemRefused(_("It is confirmed: open it again before you change it."))
    return found


def _ensure_words(text: str) -> None:
    if not text.strip():
        raise ProblemRefused(_("Write something first."))
