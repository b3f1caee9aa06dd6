"""Topics by latent Dirichlet allocation, where the extra `topics` (tomotopy, MIT) is installed."""

from collections.abc import Sequence
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

MODULE = "tomotopy"
ROUNDS = 150  # of Gibbs sampling
SEED = 20_261_123


class NotInstalled(RuntimeError):
    """The extra `topics` is not installed."""


def is_installed() -> bool:
    return find_spec(MODULE) is not None


def by_lda(
    texts: Sequence[Sequence[str]], topics: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """For each text the topic that has most of it, and that share of it (0..1); the same for the
    same texts. Blei, Ng and Jordan 2003 (JMLR 3:993), collapsed Gibbs sampling (Griffiths and
    Steyvers 2004, PNAS 101:5228). NotInstalled without tomotopy; no text may be empty."""
    if not is_installed():
        raise NotInstalled("tomotopy is not installed: make install-topics")
    import tomotopy

    model = tomotopy.LDAModel(k=topics, seed=SEED, alpha=0.1, eta=0.01)
    for text in texts:
        model.add_doc(list(text))
    model.train(ROUNDS, workers=1)
    shares = np.array([document.get_topic_dist() for document in model.docs], np.float32)
    return shares.argmax(axis=1), shares.max(axis=1)
