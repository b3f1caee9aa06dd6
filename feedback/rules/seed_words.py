"""Words by which a category is told, as people type them into one field. Pure."""

import re

_BETWEEN = re.compile(r"[,，、;；\n]+")
LONGEST, MOST = 40, 200


def seed_words_of(text: str, *names: str) -> list[str]:
    """Each word or phrase once, in lower case, the names first; what is longer than 40 letters
    is none, and after 200 it is enough."""
    said = [*names, *_BETWEEN.split(text)]
    found = dict.fromkeys(" ".join(one.split()).lower() for one in said)
    return [one for one in found if 0 < len(one) <= LONGEST][:MOST]
