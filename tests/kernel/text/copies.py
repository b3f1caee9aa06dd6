"""Edited copies of texts, for trials of what finds them."""

import random

SIGNS = "的了是在不我有很吃好也到说这那aeiortnsl"


def edited(text: str, share: float, *, seed: int) -> str:
    """The text with `share` (0..1) of its letters taken out, put in or exchanged, scattered."""
    rng = random.Random(seed)
    letters = list(text)
    for _edit in range(max(1, round(len(letters) * share))):
        place = rng.randrange(len(letters))
        kind = rng.choice(["out", "in", "other"])
        if kind == "out" and len(letters) > 1:
            del letters[place]
        elif kind == "in":
            letters.insert(place, rng.choice(SIGNS))
        else:
            letters[place] = rng.choice(SIGNS)
    return "".join(letters)


def made(count: int, *, parts: list[list[str]], seed: int) -> list[str]:
    """Different texts put together from one piece of each list of `parts`."""
    rng = random.Random(seed)
    texts: dict[str, None] = {}
    while len(texts) < count:
        texts["".join(rng.choice(pieces) for pieces in parts)] = None
    return list(texts)
