"""How the desk does: what comes in, how long it takes, what stays, what comes back."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from analytics.charts.data import Unit
from analytics.metrics.catalogue import making
from analytics.metrics.catalogue.metric import Better, Metric
from analytics.metrics.catalogue.sources import COUNTED, QUANTILES, SHARES
from analytics.metrics.catalogue.sums import FactName


def _duration(share: float, **more: Any) -> Metric:
    return Metric(
        formula=f"quantile {share:g} of the durations",
        source=QUANTILES,
        unit=Unit.HOURS,
        better=Better.LOWER,
        needs=(),
        uses_cells=True,
        quantile=share,
        value=making.hours_at(share),
        change=making.hours_compared(share),
        **more,
    )


def _promise(promise: str, **more: Any) -> Metric:
    return Metric(
        key=f"kept_{promise}",
        formula="kept / (kept + missed), of the promises settled in the period",
        source=SHARES,
        unit=Unit.SHARE,
        better=Better.HIGHER,
        fact=FactName.PROMISED,
        within={"promise": (promise,)},
        needs=("kept", "n"),
        value=making.share_of("kept", "n"),
        change=making.shares_compared("kept", "n"),
        **more,
    )


_ALL_PROMISES = _(
    "How many of the promises that were settled in the period were kept. A promise is settled "
    "when it is kept, or at the moment at which it is missed."
)

SERVICE = (
    Metric(
        key="volume",
        name=_("Received"),
        explanation=_("Feedback that came in; neither spam nor merged into another record."),
        formula="n",
        source=COUNTED,
        unit=Unit.COUNT,
        better=Better.NEITHER,
        fact=FactName.RECEIVED,
        needs=("n",),
        value=making.number_of("n"),
        small=0,
    ),
    Metric(
        key="answered",
        name=_("First answered"),
        explanation=_("Feedback that was answered by a person for the first time."),
        formula="n",
        source=COUNTED,
        unit=Unit.COUNT,
        better=Better.NEITHER,
        fact=FactName.ANSWERED,
        needs=("n",),
        value=making.number_of("n"),
        small=0,
    ),
    Metric(
        key="solved",
        name=_("Feedback resolved"),
        explanation=_("Feedback that was resolved and has stayed so."),
        formula="n",
        source=COUNTED,
        unit=Unit.COUNT,
        better=Better.NEITHER,
        fact=FactName.RESOLVED,
        needs=("n",),
        value=making.number_of("n"),
        small=0,
    ),
    Metric(
        key="backlog",
        name=_("Backlog"),
        explanation=_(
            "What had come in by the end of the last day and is not resolved by then. What was "
            "opened again counts as open since it came."
        ),
        formula="n received until then - n resolved until then",
        source=COUNTED,
        unit=Unit.COUNT,
        better=Better.LOWER,
        fact=FactName.RECEIVED,
        minus=FactName.RESOLVED,
        needs=("n",),
        value=making.number_of("n"),
        small=0,
    ),
    Metric(
        key="backlog_age",
        name=_("Age of the backlog"),
        explanation=_("How long ago what is not resolved came in, on average."),
        formula="moment - (sum of receipts / n) of what is open",
        source="exact mean of everything that is open",
        unit=Unit.HOURS,
        better=Better.LOWER,
        fact=FactName.RECEIVED,
        minus=FactName.RESOLVED,
        needs=("n", "came"),
        value=making.mean_age,
    ),
    Metric(
        key="reopened",
        name=_("Reopened share"),
        explanation=_(
            "How much of what came in and was resolved at least once has been opened again."
        ),
        formula="reopened / solved, of what was received in the period",
        source=SHARES,
        unit=Unit.SHARE,
        better=Better.LOWER,
        fact=FactName.RECEIVED,
        needs=("reopened", "solved"),
        value=making.share_of("reopened", "solved"),
        change=making.shares_compared("reopened", "solved"),
        listed="reopened",
        list_filters={"reopened": "yes"},
    ),
    Metric(
        key="first_contact",
        name=_("Resolved at first contact"),
        explanation=_(
            "How much of what was resolved took exactly one answer and was never opened again."
        ),
        formula="one answer by a person and never reopened / resolved, of the period",
        source=SHARES,
        unit=Unit.SHARE,
        better=Better.HIGHER,
        fact=FactName.RESOLVED,
        needs=("first_contact", "n"),
        value=making.share_of("first_contact", "n"),
        change=making.shares_compared("first_contact", "n"),
    ),
    _duration(
        0.5,
        key="first_answer_time",
        name=_("Time to the first answer"),
        explanation=_(
            "Half of what was first answered in the period waited no longer than this, around "
            "the clock."
        ),
        fact=FactName.ANSWERED,
    ),
    _duration(
        0.9,
        key="first_answer_time_p90",
        name=_("Time to the first answer, 9 of 10"),
        explanation=_(
            "Nine of ten that were first answered in the period waited no longer than this, "
            "around the clock."
        ),
        fact=FactName.ANSWERED,
    ),
    _duration(
        0.5,
        key="resolution_time",
        name=_("Time to the solution"),
        explanation=_(
            "Half of what was resolved in the period took no longer than this, around the clock."
        ),
        fact=FactName.RESOLVED,
    ),
    _duration(
        0.9,
        key="resolution_time_p90",
        name=_("Time to the solution, 9 of 10"),
        explanation=_(
            "Nine of ten that were resolved in the period took no longer than this, around the "
            "clock."
        ),
        fact=FactName.RESOLVED,
    ),
    _duration(
        0.5,
        key="first_answer_working_time",
        name=_("Working time to the first answer"),
        explanation=_(
            "Half of the first answers that were promised in working hours took no longer than "
            "this: in working hours, without the time in which the clock stood still."
        ),
        fact=FactName.PROMISED,
        within={"promise": ("first_response",), "working_hours": (True,)},
        listed="timed",
    ),
    _duration(
        0.5,
        key="resolution_working_time",
        name=_("Working time to the solution"),
        explanation=_(
            "Half of the solutions that were promised in working hours took no longer than this: "
            "in working hours, without the time in which the clock stood still."
        ),
        fact=FactName.PROMISED,
        within={"promise": ("resolution",), "working_hours": (True,)},
        listed="timed",
    ),
    Metric(
        key="promises_kept",
        name=_("Promises kept"),
        explanation=_ALL_PROMISES,
        formula="kept / (kept + missed), of the promises settled in the period",
        source=SHARES,
        unit=Unit.SHARE,
        better=Better.HIGHER,
        fact=FactName.PROMISED,
        needs=("kept", "n"),
        value=making.share_of("kept", "n"),
        change=making.shares_compared("kept", "n"),
    ),
    _promise(
        "first_response",
        name=_("First answers in time"),
        explanation=_(
            "How many first answers came within the promised time, of those promises that were "
            "settled in the period."
        ),
    ),
    _promise(
        "resolution",
        name=_("Solutions in time"),
        explanation=_(
            "How many solutions came within the promised time, of those promises that were "
            "settled in the period."
        ),
    ),
)
