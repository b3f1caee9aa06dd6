"""Pareto: which few causes make up most of the trouble."""

from collections.abc import Mapping
from dataclasses import dataclass

VITAL = 0.8


@dataclass(frozen=True, slots=True)
class Cause:
    """`amount`: records, people or money; `share` of the whole and `together` with all causes
    before it, both 0..1; `is_vital`: one of the few that make up `VITAL`."""

    name: str
    amount: float
    share: float
    together: float
    is_vital: bool


def pareto(
    amounts: Mapping[str, float], *, last: str | None = None, vital: float = VITAL
) -> list[Cause]:
    """The causes from the largest to the smallest, equal ones in the order given.

    `last` is the name of the rest ("other"): it stands at the end whatever its size, and is never
    among the vital ones, which are the fewest named causes that make up `vital` of the whole (all
    of them where they do not). Causes with nothing are left out. ValueError for a negative amount.
    """
    if min(amounts.values(), default=0) < 0:
        raise ValueError("An amount is zero or more.")
    whole = sum(amounts.values())
    ordered = sorted(
        ((name, amount) for name, amount in amounts.items() if amount),
        key=lambda cause: (cause[0] == last and last is not None, -cause[1]),
    )
    causes, before = [], 0.0
    for name, amount in ordered:
        is_rest = last is not None and name == last
        causes.append(
            Cause(
                name=name,
                amount=amount,
                share=amount / whole,
                together=min(1.0, (before + amount) / whole),
                is_vital=not is_rest and before < vital * whole * (1 - 1e-12),
            )
        )
        before += amount
    return causes
