"""What it takes before a model decides anything alone. Pure."""

from collections.abc import Mapping
from typing import Any

from analytics.enums import TextTask

TASKS = (
    TextTask.CATEGORY,
    TextTask.FURTHER,
    TextTask.SENTIMENT,
    TextTask.URGENCY,
    TextTask.TAGS,
)
# Decisions below which nothing is decided alone, whatever cross-validation says.
FEWEST_TO_DECIDE = 50
NEVER = 1.01  # no confidence is as high


def threshold_of(figures: Mapping[str, Any], decisions: int, accuracy: int | None) -> float:
    """From which confidence on a model decides alone: where as many are right as was asked for
    (`accuracy` of 100); never, where nobody wants that or too little is known."""
    if decisions < FEWEST_TO_DECIDE or accuracy is None:
        return NEVER
    found = figures.get("coverage", {}).get(str(accuracy), {}).get("threshold")
    return NEVER if found is None else float(found)
