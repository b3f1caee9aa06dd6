"""A real web server on the test's database."""

import http.client
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.database import url_of_test_database
from tests.support.processes import PATIENCE, end, start, wait_until


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, port: int) -> None:
        self.port = port
        self.responses: list[http.client.HTTPResponse] = []

    def get(self, path: str, **headers: str) -> http.client.HTTPResponse:
        """The response, its body still to be read; a minute of silence is an error."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        # With this header the socket belongs to the response.
        connection.request("GET", path, headers={"Connection": "close", **headers})
        self.responses.append(connection.getresponse())
        return self.responses[-1]

    def answers(self) -> bool:
        try:
            return self.get("/healthz").read() == b"ok\n"
        except OSError:
            return False

    def hang_up(self) -> None:
        for response in self.responses:
            response.close()


@contextmanager
def web_server(**environment: str) -> Iterator[Server]:
    """A uvicorn that serves the product on a port of this machine."""
    server = Server(free_port())
    command = ["-m", "uvicorn", "config.asgi:application", "--port", str(server.port)]
    wishes = {
        "DATABASE_URL": url_of_test_database(),
        "HUIYIN_PROCESS": "web",
        "DJANGO_SETTINGS_MODULE": "config.settings_test",
        **environment,
    }
    process = start(*command, "--log-level", "warning", **wishes)
    try:
        wait_until(lambda: server.answers() or process.poll() is not None, what="the web server")
        assert process.poll() is None, process.said()
        yield server
    finally:
        server.hang_up()
        end(process)
