"""The shipped Chinese prior of sentiment: where `manage.py train_prior` puts it while installing.

Without it everything runs, by the words alone.
"""

from functools import lru_cache
from pathlib import Path

from config.kernel.text.model import Model
from config.kernel.text.model_file import NotAModel, load

NAME = "sentiment_zh"
LICENCE = "sentiment_zh.LICENSE.txt"


def load_prior(folder: Path) -> Model | None:
    """The prior of sentiment, read once for each process; None where it was never trained (no
    network while installing) or is not of this version."""
    path = folder / NAME
    try:
        return _loaded(path, path.with_suffix(".npz").stat().st_mtime_ns)
    except (OSError, NotAModel):
        return None


@lru_cache(maxsize=2)
def _loaded(path: Path, _written: int) -> Model:
    return load(path)
