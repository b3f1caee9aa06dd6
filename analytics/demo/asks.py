"""Who was asked how it went, who answered, and what they said.

Follows surveys.services.inviting: a solution plans a survey for a day later; it is not sent when
the record was taken up again meanwhile, or to people who were asked within the last fortnight or
do not want to be asked.
"""

import heapq
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from random import Random

from analytics.demo.conversation import CLOSED_AFTER
from analytics.demo.people import Person
from analytics.demo.scenario import Plan
from analytics.demo.steps import Answer, Invite, Rate, Step, Write, state_after
from feedback.enums import State
from surveys.enums import InvitationState, NotAsked

ASKED_AFTER = timedelta(hours=24)
QUIET = timedelta(days=14)
SENT_WITHIN = timedelta(seconds=30)  # the worker looks as often
SHARE_ANSWERED = 0.66
CALLS_WAIT = timedelta(days=3)
SHARE_CLOSED = 0.5


@dataclass(slots=True, eq=False)
class Ask:
    """One invitation, or why there was none."""

    plan: Plan
    solved_at: datetime
    round: int
    state: InvitationState = InvitationState.QUEUED
    reason: str = ""
    sent_at: datetime | None = None
    rating: Rate | None = None
    key: int | None = None
    outgoing: int | None = None

    @property
    def send_at(self) -> datetime:
        return self.solved_at + ASKED_AFTER


@dataclass(slots=True)
class Asking:
    """Goes through all solutions in order of time."""

    rng: Random
    now: datetime
    asks: list[Ask] = field(default_factory=list)
    _due: list[tuple[datetime, int, str, Ask]] = field(default_factory=list)
    _order: Iterable[int] = field(default_factory=count)
    _last_asked: dict[int, datetime] = field(default_factory=dict)

    def everybody(self, plans: list[Plan]) -> list[Ask]:
        for plan in plans:
            self._solutions_of(plan, since=None)
        while self._due:
            at, _, what, ask = heapq.heappop(self._due)
            if at > self.now:
                break
            if what == "plan":
                self._plan(ask)
            else:
                self._send(ask, at)
        for plan in plans:
            self._close(plan)
            plan.steps.sort(key=lambda step: step.at)
        return self.asks

    # --- when something is due ----------------------------------------------------------------
    def _solutions_of(self, plan: Plan, since: datetime | None) -> None:
        for at, number in _solutions(plan.steps):
            if since is None or at > since:
                self._push(at, "plan", Ask(plan, at, number))

    def _push(self, at: datetime, what: str, ask: Ask) -> None:
        heapq.heappush(self._due, (at, next(iter(self._order)), what, ask))

    # --- surveys.services.inviting ------------------------------------------------------------
    def _plan(self, ask: Ask) -> None:
        self.asks.append(ask)
        reopened_at = _taken_up_again(ask.plan.steps, ask.solved_at)
        why = self._why_not(ask.plan.person, ask.solved_at)
        if why is not None:
            self._give_up(ask, why, ask.solved_at)
        elif reopened_at is not None and reopened_at < ask.send_at:
            self._give_up(ask, NotAsked.REOPENED, reopened_at)
        else:
            seconds = self.rng.randrange(1, int(SENT_WITHIN.total_seconds()))
            self._push(ask.send_at + timedelta(seconds=seconds), "send", ask)

    def _why_not(self, person: Person, at: datetime) -> NotAsked | None:
        silent_since = person.customer.do_not_contact_at
        if silent_since is not None:
            return NotAsked.OPTED_OUT
        if not person.email:
            return NotAsked.NO_ADDRESS
        if person.suppressed_at is not None:
            return NotAsked.SUPPRESSED
        last = self._last_asked.get(id(person))
        return NotAsked.ASKED_RECENTLY if last is not None and last > at - QUIET else None

    def _give_up(self, ask: Ask, why: NotAsked, at: datetime) -> None:
        ask.reason, ask.state = why, InvitationState.SKIPPED
        if why == NotAsked.ASKED_RECENTLY:
            ask.state = InvitationState.THROTTLED
        elif why == NotAsked.OPTED_OUT:
            ask.state = InvitationState.OPTED_OUT
        ask.plan.steps.append(Invite(at=at, ask=ask, state=ask.state, reason=why))

    def _send(self, ask: Ask, at: datetime) -> None:
        why = self._why_not(ask.plan.person, at)
        if why is not None:
            self._give_up(ask, why, at)
            return
        ask.state, ask.sent_at = InvitationState.SENT, at
        self._last_asked[id(ask.plan.person)] = at
        ask.plan.steps.append(Invite(at=at, ask=ask, state=ask.state))
        if _taken_up_again(ask.plan.steps, ask.solved_at) is None:
            self._hear(ask, at)

    # --- what they say ------------------------------------------------------------------------
    def _hear(self, ask: Ask, asked_at: datetime) -> None:
        rng, script = self.rng, ask.plan.script
        if script is None or rng.random() > SHARE_ANSWERED:
            return
        at = asked_at + timedelta(hours=min(9 * rng.lognormvariate(0, 1.1), 300))
        if at > self.now:
            return
        scores = _scores(rng, ask.plan)
        solved = _solved(rng, scores["overall"])
        comment = ""
        if rng.random() < (0.7 if scores["overall"] <= 2 else 0.42):
            comment = script.comment(scores["overall"])
        ask.rating = Rate(
            at=at,
            ask=ask,
            began=at - timedelta(seconds=rng.randint(18, 240)),
            scores=scores,
            solved=solved,
            comment=comment,
        )
        ask.state = InvitationState.COMPLETED
        script.steps = []
        script.rate(ask.rating)
        if at > self.now - CALLS_WAIT and rng.random() < 0.6:
            script.steps = script.steps[:1]  # nobody has called yet
        ask.plan.steps += [step for step in script.steps if step.at <= self.now]
        self._solutions_of(ask.plan, since=at)

    def _close(self, plan: Plan) -> None:
        """Half of what is solved is closed for good a fortnight later."""
        if plan.script is None or self.rng.random() > SHARE_CLOSED:
            return
        plan.steps.sort(key=lambda step: step.at)
        ended = plan.steps[-1].at
        if ended + CLOSED_AFTER < self.now - timedelta(hours=1) and _is_resolved(plan.steps):
            plan.script.steps, plan.script.at = [], ended
            plan.script.close_later()
            plan.steps += plan.script.steps


def _solutions(steps: list[Step]) -> list[tuple[datetime, int]]:
    """(when, how often it had been reopened before) for each time that a record was resolved."""
    found, state, reopened = [], State.NEW, 0
    for step in steps:
        before, state = state, state_after([step], state)
        if before == State.RESOLVED and state == State.OPEN:
            reopened += 1
        if state == State.RESOLVED and before != State.RESOLVED:
            found.append((step.at, reopened))
    return found


def _taken_up_again(steps: list[Step], solved_at: datetime) -> datetime | None:
    later = (
        step.at
        for step in steps
        if step.at > solved_at
        and (
            (isinstance(step, Write) and not step.is_automatic)
            or (isinstance(step, Rate) and step.solved == "no")
        )
    )
    return min(later, default=None)


def _is_resolved(steps: list[Step]) -> bool:
    solutions = _solutions(steps)
    return bool(solutions) and _taken_up_again(steps, solutions[-1][0]) is None


# --- how content people are -------------------------------------------------------------------
def _scores(rng: Random, plan: Plan) -> dict[str, int]:
    """Stars for the four satisfactions: lower for slow answers, second attempts and grave
    matters, higher for praise and quick people."""
    script, first = plan.script, plan.steps[0]
    assert script is not None  # noqa: S101 - spam is not asked about
    topic, pace = script.matter.topic, script.matter.agent.pace
    answered = next((step.at for step in plan.steps if isinstance(step, Answer)), first.at)
    hours = (answered - first.at).total_seconds() / 3600
    waited = min(hours, 96) / 24 * 0.28
    attempts = len(_solutions(plan.steps)) - 1
    base = 4.62 - topic.severity - waited - 0.75 * attempts - 0.3 * (pace - 1)
    if rng.random() < 0.07:  # some are angry whatever we do
        base -= 1.8
    felt = rng.gauss(base, 0.95)
    return {
        "overall": _stars(felt),
        "functional": _stars(felt - 0.6 * topic.severity + rng.gauss(0.05, 0.55)),
        "service": _stars(felt + 0.2 - 0.3 * waited + rng.gauss(0, 0.5)),
        "emotional": _stars(felt - 0.1 + rng.gauss(0, 0.6)),
    }


def _stars(value: float) -> int:
    return min(5, max(1, round(value)))


def _solved(rng: Random, overall: int) -> str:
    shares = {1: (20, 25, 55), 2: (40, 30, 30), 3: (70, 22, 8), 4: (90, 9, 1), 5: (97, 3, 0)}
    return rng.choices(("yes", "partly", "no"), shares[overall])[0]
