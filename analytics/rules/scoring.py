"""What each scheme asks for, and what comes of it (metrics.priority has the formulas)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from analytics.enums import ScoreScheme
from analytics.metrics.priority import CONFIDENCES, IMPACTS, comes_first, ice, rice, risk_number

MOST_REACH = 10_000_000
MOST_EFFORT = 1_000  # person-months


@dataclass(frozen=True, slots=True)
class Scored:
    """`comes_first`: before everything else, whatever the value (FMEA, severity 9 or 10)."""

    value: float
    comes_first: bool = False


# Names of the inputs, in the order in which people are asked.
INPUTS: dict[ScoreScheme, tuple[str, ...]] = {
    ScoreScheme.RICE: ("reach", "impact", "confidence", "effort"),
    ScoreScheme.ICE: ("impact", "confidence", "ease"),
    ScoreScheme.FMEA: ("severity", "occurrence", "detection"),
}
CHOICES: dict[str, tuple[float, ...]] = {"impact": IMPACTS, "confidence": CONFIDENCES}


def scored(scheme: ScoreScheme, inputs: Mapping[str, float]) -> Scored:
    """The score of these inputs. ValueError when one is missing, unknown or outside its scale."""
    if set(inputs) != set(INPUTS[scheme]) or not all(map(math.isfinite, inputs.values())):
        raise ValueError("These are not the inputs of the scheme.")
    match scheme:
        case ScoreScheme.RICE:
            if inputs["reach"] > MOST_REACH or inputs["effort"] > MOST_EFFORT:
                raise ValueError("Reach or effort is beyond what can be meant.")
            return Scored(float(rice(**inputs)))
        case ScoreScheme.ICE:
            return Scored(float(ice(**_whole(inputs))))
        case ScoreScheme.FMEA:
            tens = _whole(inputs)
            return Scored(float(risk_number(**tens)), comes_first(tens["severity"]))


def _whole(inputs: Mapping[str, float]) -> dict[str, int]:
    if any(value != int(value) for value in inputs.values()):
        raise ValueError("Each value is a whole number.")
    return {name: int(value) for name, value in inputs.items()}
