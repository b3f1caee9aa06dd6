"""What was typed into a search, understood.

Words must all be there; `"several words"` stand side by side; `-word` must not be there;
`#1042` is a number. Words are pieces of Chinese text and beginnings of other words.
"""

import re
from dataclasses import dataclass

from config.kernel.search.folding import composed, fold
from config.kernel.search.tokens import LONGEST, RUN, pairs

AT_MOST = 12  # words
_PART = re.compile(r"""([-－−]?)(?:["“”„「『]([^"“”」』]*)(?:["“”」』]|$)|(\S+))""")
_NUMBER = re.compile(r"[#＃]?(\d{1,18})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Term:
    """`text` is the folded word or phrase; `lexemes` what the index is asked for (token, whether
    it may go on); `verify`: the index finds more than the text, which must be looked at too."""

    text: str
    lexemes: tuple[tuple[str, bool], ...]
    verify: bool

    @property
    def tsquery(self) -> str:
        """For PostgreSQL; tokens are letters and digits, nothing needs escaping."""
        return self.tsquery_in("")

    def tsquery_in(self, weights: str) -> str:
        """Only in places of these weights, such as "AB"."""
        return " & ".join(
            f"'{token}':{'*' if open_ended else ''}{weights}"
            if open_ended or weights
            else f"'{token}'"
            for token, open_ended in self.lexemes
        )


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """`wanted` and `unwanted` words; `number` when nothing but a record's number was typed."""

    typed: str
    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    number: int | None = None

    @property
    def tsquery(self) -> str:
        """All that is wanted; "" when that is nothing."""
        return self.tsquery_in("")

    def tsquery_in(self, weights: str) -> str:
        """All that is wanted, in places of these weights."""
        return " & ".join(term.tsquery_in(weights) for term in self.wanted)


def understand(typed: str) -> SearchQuery:
    """Read what a person typed. Nothing is an error: what has no letters is left out."""
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for minus, phrase, word in _PART.findall(composed(typed).replace("\0", " ")):
        term = _term(phrase or word)
        if term is not None and len(wanted) + len(unwanted) < AT_MOST:
            (unwanted if minus else wanted).append(term)
    only = _NUMBER.fullmatch(typed.strip())
    return SearchQuery(typed, tuple(wanted), tuple(unwanted), int(only[1]) if only else None)


def _term(written: str) -> Term | None:
    folded = fold(written)
    runs = list(RUN.finditer(folded))
    if not runs:
        return None
    text = folded[runs[0].start() : runs[-1].end()]
    lexemes: list[tuple[str, bool]] = []
    for run in runs:
        lexemes += _lexemes(run, alone=len(runs) == 1, last=run is runs[-1])
    return Term(text, tuple(dict.fromkeys(lexemes)), verify=len(lexemes) > 1 or len(runs) > 1)


def _lexemes(run: re.Match[str], *, alone: bool, last: bool) -> list[tuple[str, bool]]:
    """How the index is asked for one run of letters. Only the last of a word may go on."""
    word = run[0]
    if run[1]:
        return [(pair, False) for pair in pairs(word)] or [(word, True)]
    if len(word) == 1 and last:
        # One letter begins far too many words. Where more is asked for, the text decides.
        return [(word, False)] if alone else []
    return [(word[:LONGEST], last or len(word) > LONGEST)]
