"""Words that a company keeps for counting texts, as people type them into three fields. Pure.

All are compared as texts are folded: small letters, half width, simplified Chinese.
"""

import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from analytics.errors import WordingRefused
from analytics.text.keywords import Wording, singular
from config.kernel.text.normalising import normalise

LONGEST, MOST = 40, 500
_BETWEEN = re.compile(r"[,、;\n]+")


def stop_words_of(text: str) -> list[str]:
    """Words that are not counted, each once. Raises WordingRefused."""
    return _words(normalise(text))


def own_words_of(text: str) -> list[str]:
    """Words that are never cut. Raises WordingRefused."""
    return _words(normalise(text))


def synonyms_of(text: str) -> dict[str, str]:
    """What each word counts as, of lines like “main = other, other”. Raises WordingRefused: for a
    line without both sides, a word that would count as two, and a chain."""
    found: dict[str, str] = {}
    for number, line in enumerate(normalise(text).split("\n"), 1):
        if not line.strip():
            continue
        main, is_there, others = line.partition("=")
        mains, words = _words(main), _words(others)
        if not is_there or len(mains) != 1 or not words:
            raise WordingRefused(
                _("Line %(number)s: write it as “main = other, other”.") % {"number": number}
            )
        for word in words:
            if word != mains[0] and found.setdefault(word, mains[0]) != mains[0]:
                both = {"word": word, "first": found[word], "second": mains[0]}
                raise WordingRefused(
                    _("“%(word)s” cannot count as both “%(first)s” and “%(second)s”.") % both
                )
    if len(found) > MOST:
        raise WordingRefused(_("These are more than %(most)s words.") % {"most": MOST})
    for word, main in found.items():
        if main in found:
            chain = {"word": word, "main": main, "end": found[main]}
            raise WordingRefused(
                _(
                    "“%(word)s” counts as “%(main)s”, and that as “%(end)s”: "
                    "put all of them in one line."
                )
                % chain
            )
    return found


def wording_of(stop: str, synonyms: str, own: str) -> Wording:
    """The three fields for counting. English words are meant with their plural."""
    words = synonyms_of(synonyms)
    singulars = {singular(word): main for word, main in words.items()}
    stops = stop_words_of(stop)
    return Wording(
        stop=frozenset({*stops, *map(singular, stops)}),
        synonyms={word: main for word, main in (singulars | words).items() if word != main},
        own=frozenset(own_words_of(own)),
    )


def kept_whole(synonyms: str, own: str) -> list[str]:
    """What is never cut: own words, and words that count as others or for others."""
    words = synonyms_of(synonyms)
    return list(dict.fromkeys([*own_words_of(own), *words, *words.values()]))


def _words(text: str) -> list[str]:
    found = list(dict.fromkeys(_checked(text)))
    if len(found) > MOST:
        raise WordingRefused(_("These are more than %(most)s words.") % {"most": MOST})
    return found


def _checked(text: str) -> Iterator[str]:
    for part in _BETWEEN.split(text):
        word = part.strip()
        if not word:
            continue
        if " " in word:
            raise WordingRefused(
                _(
                    "“%(word)s” has a space in it. Only single words stand here; words that often "
                    "stand beside each other are found as phrases by themselves."
                )
                % {"word": word[:LONGEST]}
            )
        if "=" in word:
            raise WordingRefused(
                _("“%(word)s”: “=” stands only between words that count as one.")
                % {"word": word[:LONGEST]}
            )
        if len(word) > LONGEST:
            raise WordingRefused(
                _("“%(word)s…” is longer than %(longest)s letters.")
                % {"word": word[:LONGEST], "longest": LONGEST}
            )
        yield word
