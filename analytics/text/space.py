"""Texts as rows of numbers: TF-IDF of grams, the words and the pieces of words each of length 1.

What a finished model computes (config.kernel.text.scoring) and what it is taught with is the
same formula; tests compare the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from config.kernel.text.model import Numbers
from config.kernel.text.normalising import normalise
from config.kernel.text.tokens import PIECE, Analysis, Cutter

MOST_TERMS = 200_000
LEANING = 0.5  # of a unit of another model's score, beside the value 1 of a whole text
FEW_TEXTS = 300  # up to which a gram of one text counts


class _Growing(dict[str, int]):
    """Gives every gram the next number."""

    def __missing__(self, gram: str) -> int:
        self[gram] = number = len(self)
        return number


@dataclass(frozen=True, slots=True, eq=False)
class Space:
    """`matrix`: texts × grams (scipy CSR, float32); `scale`: ln((1 + n) / (1 + df)) + 1 of each
    gram; `pieces`: which grams are pieces of words. `leaning`: columns behind those of the grams
    that hold what another model says."""

    analysis: Analysis
    terms: tuple[str, ...]
    scale: Numbers
    pieces: NDArray[np.bool_]
    matrix: Any
    leaning: int = 0

    def leaning_on(self, scores: Numbers) -> "Space":
        """The same space with the scores of another model (texts × its labels) beside it."""
        from scipy import sparse

        beside = sparse.csr_matrix(scores * LEANING)
        matrix = sparse.hstack([self.matrix, beside]).tocsr()
        return replace(self, matrix=matrix, leaning=scores.shape[1])


def space_of(texts: Sequence[str], analysis: Analysis) -> Space:
    """The space of these texts: grams of two texts or more (of one where texts are few), of
    which the 200,000 commonest."""
    from scipy import sparse

    counts, terms = counted(texts, analysis)
    df = np.bincount(counts.indices, minlength=len(terms))
    kept = np.flatnonzero(df >= (1 if len(texts) < FEW_TEXTS else 2))
    if len(kept) > MOST_TERMS:
        kept = np.sort(kept[np.argsort(-df[kept], kind="stable")[:MOST_TERMS]])
    chosen = tuple(terms[at] for at in kept)
    scale = np.asarray(np.log((1 + len(texts)) / (1 + df[kept])) + 1, np.float32)
    pieces = np.array([len(term) > 1 and term[0] == PIECE for term in chosen], bool)
    matrix = counts[:, kept].tocsr()
    matrix.data = (1 + np.log(matrix.data)).astype(np.float32)
    matrix = (matrix @ sparse.diags(scale)).tocsr()
    squares = matrix.multiply(matrix)
    lengths = np.stack([_lengths(squares, ~pieces), _lengths(squares, pieces)])
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    matrix.data /= lengths[pieces[matrix.indices].astype(int), rows]
    return Space(analysis, chosen, scale, pieces, matrix.astype(np.float32))


def counted(texts: Sequence[str], analysis: Analysis) -> tuple[Any, list[str]]:
    """How often each gram occurs in each text (scipy CSR, texts × grams), and the grams."""
    from scipy import sparse

    vocabulary = _Growing()
    cutter: Cutter[int] = Cutter(analysis, vocabulary.__getitem__)
    keys: list[int] = []
    lengths = []
    for text in texts:
        before = len(keys)
        keys.extend(cutter.keys(normalise(text)))
        lengths.append(len(keys) - before)
    wide = max(len(vocabulary), 1)
    both = np.repeat(np.arange(len(texts)), lengths) * wide + np.asarray(keys, np.intp)
    cells, times = np.unique(both, return_counts=True)
    rows, columns = np.divmod(cells, wide)
    shape = (len(texts), wide)
    return sparse.csr_matrix((times, (rows, columns)), shape=shape), list(vocabulary) or [""]


def _lengths(squares: Any, columns: NDArray[np.bool_]) -> NDArray[np.floating[Any]]:
    """Length of each row within these columns, 1 where it is nothing."""
    sums = np.sqrt(squares @ columns.astype(np.float32))
    return np.where(sums > 0, sums, 1)
