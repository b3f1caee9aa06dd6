"""How a survey stands to its plan: whom it is about, how many answers it needs and has."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import Customer
from accounts.selectors.conditions import context_for
from config.kernel.conditions.compilation import to_q
from config.kernel.conditions.errors import ConditionInvalid
from config.kernel.conditions.reading import read_tree
from config.kernel.conditions.sentences import sentence
from config.kernel.conditions.vocabulary import vocabulary
from surveys.models import PlannedStep, Response, SurveyPlan
from surveys.rules.sampling import SamplePlan, margin_of_error, plan_sample


@dataclass(frozen=True, slots=True)
class Audience:
    """In words, and how many customers fit; `problem` when the condition no longer reads."""

    words: str
    customers: int
    problem: str = ""


def audience_of(tree: Any) -> Audience:
    """One query for the customers, beside those that reading needs."""
    try:
        condition = read_tree(tree, vocabulary("customer"))
    except ConditionInvalid as invalid:
        return Audience("", 0, " ".join(str(problem.message) for problem in invalid.problems))
    customers = Customer.objects.known().filter(to_q(condition, context_for(None)))
    return Audience(sentence(condition), customers.count())


@dataclass(frozen=True, slots=True)
class Progress:
    """What was planned, and what is there. `reached` is the margin that the answers of now give,
    a share; None without answers."""

    audience: Audience
    population: int
    sample: SamplePlan | None
    answers: int
    reached: float | None

    @property
    def share(self) -> float:
        """Of the answers that are needed, 0–100."""
        if self.sample is None:
            return 0.0
        return min(100.0, 100 * self.answers / self.sample.answers)


def progress_of(plan: SurveyPlan) -> Progress:
    audience = audience_of(plan.audience)
    population = plan.population or audience.customers
    answers = Response.objects.complete().filter(survey=plan.survey_id).count()
    confidence = plan.confidence / 100
    reached = None
    if answers:
        within = population if population >= answers else None
        reached = margin_of_error(answers, population=within, confidence=confidence)
    return Progress(audience, population, sample_for(plan, population), answers, reached)


def sample_for(plan: SurveyPlan, population: int) -> SamplePlan | None:
    """None when nobody is meant."""
    if not population:
        return None
    return plan_sample(
        float(plan.margin) / 100,
        response_rate=plan.response_rate / 100,
        population=population,
        confidence=plan.confidence / 100,
    )


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a plan that is being written would need."""

    plan: SurveyPlan
    audience: Audience
    population: int
    sample: SamplePlan | None


def estimate_for(plan: SurveyPlan) -> Estimate:
    """Of a plan that need not be stored."""
    audience = audience_of(plan.audience)
    population = plan.population or audience.customers
    return Estimate(plan, audience, population, sample_for(plan, population))


def is_late(step: PlannedStep, today: date) -> bool:
    return step.done_on is None and step.due_on is not None and step.due_on < today
