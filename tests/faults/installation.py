"""The product as it runs somewhere: a web server and a worker, each started anew when it has
died, as systemd does; and somebody who kills them."""

import http.client
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

import psutil

from tests.support.processes import PATIENCE, Started, family, is_alive, start, wait_until
from tests.support.web import Server, free_port

WORKER_PARTS = ("sentinel", "child", "monitor", "pusher")


@dataclass
class Installation:
    environment: dict[str, str]
    server: Server = field(default_factory=lambda: Server(free_port()))
    kills: list[str] = field(default_factory=list)
    _seen: list[psutil.Process] = field(default_factory=list)
    _ended: list[Started] = field(default_factory=list)

    def start_web(self) -> None:
        command = ["-m", "uvicorn", "config.asgi:application", "--port", str(self.server.port)]
        self.web = start(
            *command, "--log-level", "warning",
            **self.environment, HUIYIN_PROCESS="web", PGAPPNAME="web",
        )  # fmt: skip

    def start_worker(self) -> None:
        self.worker = start(
            "manage.py", "worker", **self.environment, WORKERS="1", PGAPPNAME="worker"
        )

    def process(self, role: str) -> psutil.Process | None:
        """ "web", "supervisor", "parent" (of the cluster) or one of WORKER_PARTS, if it lives."""
        if role == "web":
            return psutil.Process(self.web.pid)
        if role == "supervisor":
            return psutil.Process(self.worker.pid)
        try:
            parent = psutil.Process(self.worker.pid).children()[0]
            if role == "parent":
                return parent
            sentinel = parent.children()[0]
            if role == "sentinel":
                return sentinel
            child, monitor, pusher = sorted(sentinel.children(), key=lambda one: one.create_time())
        except (psutil.NoSuchProcess, IndexError, ValueError):
            return None
        return {"child": child, "monitor": monitor, "pusher": pusher}[role]

    def kill(self, role: str) -> None:
        """kill -9 at this moment; for one of the worker's parts its parent if there is none."""
        self._seen += family(self.worker.pid)
        victim = self.process(role) or self.process("supervisor")
        os.kill(victim.pid, signal.SIGKILL)
        self.kills.append(role)

    def tend(self) -> None:
        """What the system does for its services."""
        for service, begin in ((self.web, self.start_web), (self.worker, self.start_worker)):
            if service.poll() is not None:
                self._ended.append(service)
                begin()

    def wait_until(self, happened, seconds: float = PATIENCE, what: str = "") -> object:
        def tended():
            self.tend()
            return happened()

        try:
            # Most answers cost a look at every process there is, or a page of the web server's.
            return wait_until(tended, seconds, what, pause=0.2)
        except AssertionError as late:
            raise AssertionError(f"{late}\n{self.said()}") from None

    def is_whole(self) -> bool:
        return self.server.answers() and self.process("pusher") is not None

    def said(self) -> str:
        parts = [*self._ended, self.web, self.worker]
        return "\n".join(part.said()[-4000:] for part in parts)

    def end(self) -> None:
        self._seen += family(self.worker.pid)
        for service in (self.web, self.worker):
            if service.poll() is None:
                service.kill()
            service.wait(PATIENCE)
        for process in self._seen:
            if is_alive(process):
                process.kill()
        for service in (*self._ended, self.web, self.worker):
            service.output.close()


@contextmanager
def installation(**environment: str) -> Iterator[Installation]:
    place = Installation({"DJANGO_SETTINGS_MODULE": "tests.faults.settings", **environment})
    place.start_web()
    place.start_worker()
    try:
        place.wait_until(place.is_whole, what="the first start")
        yield place
    finally:
        place.end()


@dataclass
class Visitor:
    """Somebody who fills in the form and sends it until it is taken."""

    port: int
    number: int
    stamp: str
    tries: int = 0
    status: int = 0
    location: str = ""
    refusals: list[int] = field(default_factory=list)

    @property
    def address(self) -> str:
        return f"visitor{self.number}@example.org"

    def send(self, seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        while self.status != 302 and time.monotonic() < deadline:
            try:
                self._post()
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)  # a moment before the browser's "try again" is pressed

    def _post(self) -> None:
        self.tries += 1
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        fields = {
            "stamp": self.stamp,
            "text": f"Leak number {self.number}.",
            "name": f"Visitor {self.number}",
            "email": self.address,
            "website": "",
        }
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Forwarded-For": f"198.51.{self.number // 250}.{self.number % 250 + 1}",
            "Connection": "close",
        }
        try:
            connection.request("POST", "/write/", urlencode(fields), headers)
            response = connection.getresponse()
            self.location = response.headers.get("Location", "")
            response.read()
            self.status = response.status
            if self.status != 302:
                self.refusals.append(self.status)
                time.sleep(0.1)
        finally:
            connection.close()
