"""Everything at once on this machine: web server, workers, mail server; `manage.py dev`."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from config.kernel.cluster import die_with_parent

TICK = 0.3  # seconds between two looks at the parts and at the source files
PATIENCE = 6.0  # seconds a part has to end before it is killed
SOURCES = ("config", "accounts", "feedback", "surveys", "analytics")


class PartEnded(Exception):
    """A part ended although nobody asked it to; the message says which."""


class PortTaken(Exception):
    """Somebody else listens there."""


def bound(port: int) -> socket.socket:
    """A socket on 127.0.0.1:`port` that only has to be listened to. Raises PortTaken."""
    ours = socket.socket()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        ours.bind(("127.0.0.1", port))
    except OSError as refused:
        ours.close()
        raise PortTaken(str(port)) from refused
    return ours


def source_files(root: Path) -> dict[Path, int]:
    """Modification time (ns) of every file whose change needs a new start."""
    found: dict[Path, int] = {}
    for folder in SOURCES:
        # Asked every moment: os.walk takes a third of what rglob does.
        for place, _, names in os.walk(root / folder):
            for name in names:
                if name.endswith(".py"):
                    try:
                        found[Path(place, name)] = os.stat(f"{place}/{name}").st_mtime_ns  # noqa: PTH116
                    except FileNotFoundError:  # an editor's, gone already
                        continue
    return found


class Part:
    """One process, in our process group."""

    def __init__(
        self,
        name: str,
        command: list[str],
        environment: dict[str, str],
        inherits: tuple[int, ...] = (),
    ) -> None:
        self.name = name
        self.command = [sys.executable, *command]
        self.environment = {**os.environ, **environment}
        self.inherits = inherits
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        ours = os.getpid()

        def in_the_child() -> None:
            die_with_parent(ours, signal.SIGTERM)
            # Ctrl-C reaches the whole group; the end is ours to arrange, in order.
            signal.signal(signal.SIGINT, signal.SIG_IGN)

        # We have one thread only, so this is safe.
        self.process = subprocess.Popen(  # noqa: S603
            self.command,
            env=self.environment,
            pass_fds=self.inherits,
            preexec_fn=in_the_child,  # noqa: PLW1509
        )

    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def ask_to_end(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.terminate()

    def wait(self, until: float) -> None:
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class Development:
    """Runs the parts until a signal or until one of them ends by itself.

    After a change of the source they are started anew; one that then does not come up (a slip
    of the pen) is waited for until the next change.
    """

    def __init__(self, root: Path, parts: list[Part], ready: Callable[[], bool]) -> None:
        self.root = root
        self.parts = parts
        self.ready = ready
        self.stopping = False

    def run(self, when_ready: Callable[[], None], say: Callable[[str], None]) -> None:
        """Raises PartEnded."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, self._stop)
        try:
            self._run(when_ready, say)
        finally:
            self._end()

    def _run(self, when_ready: Callable[[], None], say: Callable[[str], None]) -> None:
        files = source_files(self.root)
        changed, announced = False, False
        self._start()
        while not self.stopping:
            time.sleep(TICK)
            if not announced and self.ready():
                announced = True
                when_ready()
            now = source_files(self.root)
            if now != files:
                files, changed = now, True
                say("The source has changed; starting anew.")
                self._end()
                self._start()
            for part in self.parts:
                if part.has_ended() and not self.stopping:
                    if not changed:
                        raise PartEnded(part.name)
                    say(f"The {part.name} does not start; waiting for the next change.")
                    part.process = None

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _start(self) -> None:
        for part in self.parts:
            part.start()

    def _end(self) -> None:
        for part in self.parts:
            part.ask_to_end()
        until = time.monotonic() + PATIENCE
        for part in self.parts:
            part.wait(until)


def answers(port: int) -> bool:
    """Whether the web server of this machine is up."""
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
    try:
        asking.request("GET", "/healthz")
        return asking.getresponse().status == 200
    except OSError:
        return False
    finally:
        asking.close()
