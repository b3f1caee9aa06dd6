"""Emoji, bracketed names of them and faces made of signs, with what they say: -3 to 3."""

import re
from collections.abc import Iterator
from functools import cache

from config.kernel.text.mood.lists import sections

# 🙂 under a Chinese text is as often meant the other way.
DOUBLE_TONGUED = "🙂😅🙃😂🤣😏👏🤡"

# Told by eyes and mouth, so that many drawings of one face are one. Applied to the normal form.
_FACES = (
    (r"(?<![\w:])[:;=]'?-?[)\]d>3p*]+(?!\w)", 1.5),
    (r"(?<![\w:])[:=]'?-?[(\[/|\\]+(?!\w)", -1.5),
    (r"[(]?[*o~]?\^[_.\-oωw▽ー]*\^[*o~;]*[)]?", 1.5),
    (r"[(][^()\s]{0,3}[≧>][^()\s]{0,2}[▽∇ω0o][^()\s]{0,2}[≦<][^()\s]{0,3}[)]", 1.5),
    (r"[(][^()\s]{0,2}[◕•・'●ˊ][^()\s]{0,2}[‿▽ωᴗ◡∀︶][^()\s]{0,2}[◕•・'●ˋ][^()\s]{0,3}[)]", 1.5),
    (r"(?<![a-z])(?:t[_.]t|q[_a]q|tat|;_;|t﹏t|ಥ_ಥ|╥﹏╥|╥_╥|;﹏;)(?![a-z])", -1.5),
    (r"(?<!\w)(?:orz|囧|[=\-]_[=\-]#?\|*|>_<|>﹏<|-\.-|¬_¬)(?!\w)", -1.0),
    (r"[(]╯[^()\s]{0,6}[)]╯[^\s]{0,4}|┻━┻", -2.0),
    (r"(?<!\w)(?:233+|哈{2,}|hah(?:a|h)*)(?!\w)", 0.8),
    (r"(?<!\w)(?:呵呵+|emm+|额{2,})(?!\w)", -0.8),
)
_HINT = re.compile(
    r"[^\w\s,.!?;\"'，。！？；、…%&+@#$]"
    r"|tat|t_t|orz|囧|哈哈|呵呵|hah|233|额额|emm|qaq"
)


@cache
def _known() -> tuple[re.Pattern[str], dict[str, float], list[tuple[re.Pattern[str], float]]]:
    values = {sign: value for (_, value), listed in sections("signs").items() for sign in listed}
    pattern = re.compile("|".join(map(re.escape, sorted(values, key=len, reverse=True))))
    return pattern, values, [(re.compile(face), value) for face, value in _FACES]


def signs(text: str) -> Iterator[tuple[int, int, float]]:
    """Where each sign of a normalised text begins and ends, and what it says."""
    if not _HINT.search(text):
        return
    pattern, values, faces = _known()
    for match in pattern.finditer(text):
        yield match.start(), match.end(), values[match[0]]
    for face, value in faces:
        for match in face.finditer(text):
            yield match.start(), match.end(), value
