"""Text as it is compared: upper and lower case, full and half width are the same.

Two programs have to agree on it, this one and PostgreSQL, whatever locale and library the
database was made with. So neither is asked for its own idea of lower case. Both do the same
three steps: Unicode NFKC (tables that never change for a character once it is assigned), the
letters A-Z, then one fixed list of letters; ß counts as ss. The list covers Latin, Greek,
Cyrillic and Armenian; in other scripts with two cases (Cherokee, Deseret …) case matters.

The database has it as the function conditions_fold (migration kernel.0005), immutable, so that
an index can be made over it; in queries it is the transform `fold`: Q(subject__fold="abc").
"""

from functools import lru_cache
from itertools import chain
from string import ascii_lowercase, ascii_uppercase
from unicodedata import normalize

from django.db.models import CharField, TextField, Transform

# Latin in three blocks, Greek, Cyrillic, Armenian.
SCRIPTS = (
    (0x00C0, 0x0180),
    (0x0180, 0x0370),
    (0x0370, 0x0400),
    (0x0400, 0x0530),
    (0x0530, 0x0590),
    (0x1E00, 0x1F00),
)


def small_letters(first: int, end: int) -> dict[int, str]:
    """Capital → small for the code points from `first` to before `end`, one letter for one."""
    folded = {code: chr(code).casefold() for code in range(first, end)}
    return {
        code: small for code, small in folded.items() if len(small) == 1 and small != chr(code)
    }


_LETTERS = {
    **dict(zip(map(ord, ascii_uppercase), ascii_lowercase, strict=True)),
    **dict(chain.from_iterable(small_letters(*script).items() for script in SCRIPTS)),
    ord("ß"): "ss",
    ord("ẞ"): "ss",
}


@lru_cache(maxsize=2048)
def _fold_short(text: str) -> str:
    return normalize("NFKC", text).translate(_LETTERS)


def fold(text: str) -> str:
    """`text` as it is compared."""
    return _fold_short(text) if len(text) < 200 else _fold_short.__wrapped__(text)


class Fold(Transform):
    """The same in the database."""

    lookup_name = "fold"
    function = "conditions_fold"
    output_field = TextField()


CharField.register_lookup(Fold)
TextField.register_lookup(Fold)
