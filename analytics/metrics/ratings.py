"""Ratings arrive as counts per step of a scale: counts add up, averages do not."""

from collections.abc import Mapping


def counts_on_scale(counts: Mapping[int, int], lowest: int, highest: int) -> tuple[int, ...]:
    """The number of answers for each step from `lowest` to `highest`, zeros included.

    Raises ValueError for a rating outside the scale (two scales were mixed) or a negative count.
    """
    for rating, count in counts.items():
        if not lowest <= rating <= highest:
            raise ValueError(f"Rating {rating} is not on the scale {lowest} to {highest}.")
        if count < 0:
            raise ValueError(f"Rating {rating} has a negative count.")
    return tuple(counts.get(step, 0) for step in range(lowest, highest + 1))
