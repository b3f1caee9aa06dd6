"""The font that came by pip, so that Chinese is right on a server without fonts of its own."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path


@cache
def package() -> Path | None:
    """The folder of the package with Noto Sans CJK; None where it is not installed."""
    spec = find_spec("noto_cjk_sans_otc")
    return Path(str(spec.origin)).parent if spec is not None else None


def files() -> list[str]:
    """Paths of its font files."""
    folder = package()
    return [] if folder is None else sorted(str(path) for path in folder.glob("*.tt[cf]"))
