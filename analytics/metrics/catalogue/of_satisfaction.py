"""What customers say when they are asked, and how they sound when they are not."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from analytics.charts.data import Unit
from analytics.metrics.catalogue import making
from analytics.metrics.catalogue.metric import Better, Metric
from analytics.metrics.catalogue.sources import MEANS, NPS, SHARES
from analytics.metrics.catalogue.sums import FactName


def _satisfaction(key: str, fact: FactName, **more: Any) -> Metric:
    return Metric(
        key=key,
        formula="(answers of 4 and 5) / (all valid answers)",
        source=SHARES,
        unit=Unit.SHARE,
        better=Better.HIGHER,
        fact=fact,
        needs=making.RATINGS,
        value=making.satisfied,
        change=making.satisfied_compared,
        **more,
    )


SATISFACTION = (
    _satisfaction(
        "csat",
        FactName.RATED,
        name=_("Satisfied customers"),
        explanation=_(
            "How many of the customers who rated the way their matter was handled gave 4 or 5 "
            "of 5."
        ),
    ),
    _satisfaction(
        "overall",
        FactName.OVERALL,
        name=_("Overall satisfaction"),
        explanation=_(
            "How many of those who were asked in surveys how satisfied they are gave 4 or 5 of 5."
        ),
    ),
    _satisfaction(
        "functional",
        FactName.FUNCTIONAL,
        name=_("Functional satisfaction"),
        explanation=_("How many gave 4 or 5 of 5 for what the product does."),
    ),
    _satisfaction(
        "service",
        FactName.SERVICE,
        name=_("Service satisfaction"),
        explanation=_("How many gave 4 or 5 of 5 for how they are served."),
    ),
    _satisfaction(
        "emotional",
        FactName.EMOTIONAL,
        name=_("Emotional satisfaction"),
        explanation=_("How many gave 4 or 5 of 5 for how they feel about the company."),
    ),
    Metric(
        key="nps",
        name=_("Net Promoter Score"),
        explanation=_(
            "Of those who said from 0 to 10 whether they would recommend us: the percentage of 9 "
            "and 10 less the percentage of 0 to 6."
        ),
        formula="100 · (promoters - detractors) / n",
        source=NPS,
        unit=Unit.POINTS,
        better=Better.HIGHER,
        fact=FactName.NPS,
        needs=making.CHANCES,
        value=making.net_promoters,
        change=making.promoters_compared,
    ),
    Metric(
        key="ces",
        name=_("Ease (CES)"),
        explanation=_(
            "The mean of how far customers agree, from 1 to 7, that it was made easy for them; 7 "
            "is the least effort."
        ),
        formula="sum of the ratings / n",
        source=MEANS,
        unit=Unit.RATING,
        better=Better.HIGHER,
        fact=FactName.CES,
        needs=making.EFFORTS,
        value=making.effort,
        change=making.effort_compared,
    ),
    Metric(
        key="negative",
        name=_("Negative share"),
        explanation=_(
            "How much of what came in, and whose sentiment is known, sounds negative: below "
            "minus 20 on the scale from minus 100 to 100."
        ),
        formula="negative / sentiment known, of what was received in the period",
        source=SHARES,
        unit=Unit.SHARE,
        better=Better.LOWER,
        fact=FactName.RECEIVED,
        needs=("negative", "felt"),
        value=making.share_of("negative", "felt"),
        change=making.shares_compared("negative", "felt"),
        listed="negative",
        list_filters={"mood": "negative"},
    ),
    Metric(
        key="mood",
        name=_("Average sentiment"),
        explanation=_(
            "The mean sentiment of what came in, from minus 100 to 100, where it is known."
        ),
        formula="sum of the sentiments / n",
        source=MEANS,
        unit=Unit.POINTS,
        better=Better.HIGHER,
        fact=FactName.RECEIVED,
        needs=("felt", "feeling", "feeling_squared"),
        value=making.mean_of("felt", "feeling", "feeling_squared", -100, 100),
        change=making.means_compared("felt", "feeling", "feeling_squared"),
        listed="felt",
        list_filters={"mood": ("negative", "neutral", "positive")},
    ),
)
