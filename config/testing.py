"""Where the tests keep what they write."""

import os
import shutil
import sys
from pathlib import Path

from config.env import BASE_DIR

# As in the Makefile: what is compiled is kept, here and for the processes that the tests start.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder in it is ours alone, or not taken
ROOM = 2 * 10**9


def folder_of_tests() -> Path:
    """In memory where there is room: after each test that commits the database is copied anew,
    and its 1,300 files cost a disk up to a second of processor, memory a twentieth of that.

    `make clean` knows the name, too."""
    folder = MEMORY / f"huiyin-tests{str(BASE_DIR).replace('/', '-')}"
    try:
        if not folder.exists() and shutil.disk_usage(MEMORY).free > ROOM:
            folder.mkdir(mode=0o700, exist_ok=True)
        if folder.is_dir() and not folder.is_symlink() and folder.stat().st_uid == os.geteuid():
            return folder
    except OSError:  # there is no such memory on this system, or none for us
        pass
    return BASE_DIR / "var" / "test"
