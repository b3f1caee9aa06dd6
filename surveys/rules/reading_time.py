"""How long it takes to read a page.

People read 228 English words or 255 Chinese characters a minute (Trauzettel-Klosinski and Dietz,
“Standardized assessment of reading performance: the new International Reading Speed Texts
IReST”, Invest. Ophthalmol. Vis. Sci. 53, 2012). Nobody has to read everything: only what is asked
is counted, not what can be chosen, and rules divide the time by how much faster somebody may be.
"""

import re

from surveys.rules.written import HAN

WORDS_A_MINUTE = 228
CHARACTERS_A_MINUTE = 255
_WORD = re.compile(r"[^\W_]+")


def seconds_to_read(text: str) -> float:
    """At the usual speed; Chinese characters and words of other languages may be mixed."""
    han = len(HAN.findall(text))
    words = len(_WORD.findall(HAN.sub(" ", text)))
    return 60 * (han / CHARACTERS_A_MINUTE + words / WORDS_A_MINUTE)
