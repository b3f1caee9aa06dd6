"""Real processes in tests: start, ask, wait with a deadline, and leave nothing behind."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]
# Seconds after which something will not happen any more, however busy the machine is.
PATIENCE = 60.0
# For a process that needs no more of the product: it starts in a third of the time.
THE_QUEUE_ONLY = {"DJANGO_SETTINGS_MODULE": "tests.support.settings_of_the_queue"}


def wait_until(
    happened: Callable[[], object],
    seconds: float = PATIENCE,
    what: str = "",
    *,
    pause: float = 0.05,
) -> object:
    """Ask again and again until the answer is true; give it back, or fail after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        if answer := happened():
            return answer
        in_vain = f"waited {seconds:.0f} s in vain for {what or happened}"
        assert time.monotonic() < deadline, in_vain
        time.sleep(pause)


class Started(subprocess.Popen):
    """A process whose output goes into a file, so that it can be read at any time."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.output = tempfile.TemporaryFile("w+b")  # noqa: SIM115 - end() closes it
        super().__init__(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=self.output,
            stderr=subprocess.STDOUT,
        )

    def said(self) -> str:
        """All it has written so far."""
        return os.pread(self.output.fileno(), 1_000_000, 0).decode()


def start(*command: str, **environment: str) -> Started:
    """`python *command` in the checkout, in a session of its own."""
    return Started([sys.executable, *command], environment)


def family(pid: int) -> list[psutil.Process]:
    """All descendants of `pid`, parents first."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return []


def is_alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def end(process: Started) -> None:
    """Kill `process` and all it has started, however they are."""
    everybody = family(process.pid)
    process.kill()
    for one in everybody:
        if is_alive(one):
            os.kill(one.pid, signal.SIGKILL)
    process.wait(PATIENCE)
    process.output.close()
