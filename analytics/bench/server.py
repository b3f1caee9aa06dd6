"""The product as in production – uvicorn, one process, no DEBUG – on a port of this machine."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection
from pathlib import Path

from django.conf import settings

from analytics.bench.scratch import url_of_database

STARTS_WITHIN = 60.0  # seconds
NOT_MEASURED = ["admin", "rest_framework", "drf_spectacular_sidecar"]
# Nobody asks for the files themselves: they are not compressed.
COLLECT = f"""
import django
from django.conf import settings
from django.core.management import call_command
django.setup()
settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ["css", "html", "js", "json", "map", "svg", "txt"]
call_command("collectstatic", interactive=False, verbosity=0, ignore_patterns={NOT_MEASURED})
"""


class ServerFailed(Exception):
    """It did not start, or answered otherwise than a page does."""


@contextmanager
def static_files() -> Iterator[Path]:
    """The files of which the measured pages tell where they are, collected once for all servers.
    The admin and the document of the API are not measured."""
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as folder:
        _run("-c", COLLECT, environment=_environment(0, folder))
        yield Path(folder) / "static"


@contextmanager
def measured_server(static: Path) -> Iterator[int]:
    """The port of a server on the database that this process is connected to."""
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as folder:
        port, log = _free_port(), Path(folder) / "server.log"
        environment = _environment(port, folder)
        (Path(folder) / "static").symlink_to(static)
        uvicorn = ["-m", "uvicorn", "analytics.bench.asgi:application", "--port", str(port)]
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                [sys.executable, *uvicorn, "--log-level", "warning", "--no-access-log"],
                cwd=settings.BASE_DIR,
                env=environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            _wait_for(port, process, log)
            yield port
        except ServerFailed as failure:
            raise ServerFailed(f"{failure}\n{_end_of(log)}") from failure
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _environment(port: int, folder: str) -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if name != "DATABASE_URL_FILE"}
    return {
        **given,
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": url_of_database(),
        "HUIYIN_PROCESS": "web",
        "DEBUG": "0",
        "SECRET_KEY": settings.SECRET_KEY,  # sessions are made here and read there
        "HTTPS": "0",
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": f"http://127.0.0.1:{port}",
        "DATA_DIR": folder,
        "TRUSTED_PROXY_COUNT": "1",  # each form comes from another visitor
        "LOG_LEVEL": "ERROR",
    }


def _run(*command: str, environment: dict[str, str]) -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter and command
        [sys.executable, *command],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise ServerFailed(done.stderr[-2000:])


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise ServerFailed("The server ended at once.")
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            try:
                connection.request("GET", "/bench/empty/")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                time.sleep(0.1)
    raise ServerFailed("The server did not answer in time.")


def _end_of(log: Path) -> str:
    return log.read_text(errors="replace")[-3000:]
