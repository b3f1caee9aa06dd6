"""Marks between words that are put together by code: "a, b" in English, “a、b” in Chinese.

What is one sentence is one sentence for the translator too; these are only for lists of any
length and for a label before its words.
"""

from collections.abc import Iterable

from django.utils.translation import gettext, pgettext


def listed(words: Iterable[object]) -> str:
    """Names one after the other: "red, green"."""
    return pgettext("between the names of a list", ", ").join(map(str, words))


def clauses(sentences: Iterable[object]) -> str:
    """Parts of a sentence one after the other: "gave it to Li; changed the team"."""
    return pgettext("between the parts of a sentence", "; ").join(map(str, sentences))


def labelled(label: object, words: object) -> str:
    """What it is about, then what is said: "Subject: too long"."""
    return gettext("%(label)s: %(words)s") % {"label": label, "words": words}


def with_aside(words: object, aside: object) -> str:
    """What is said, then something beside it: "Call back (not solved)"."""
    return gettext("%(words)s (%(aside)s)") % {"words": words, "aside": aside}
