"""PostgreSQL goes away in the midst of the work and comes back."""

import logging
import os
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from config.embedded_postgres import _programs, _run
from feedback.forms.public import TOO_QUICK, new_stamp
from feedback.models import Feedback
from tests.faults.installation import Installation, Visitor, installation
from tests.support.database import ready_database, url_of_test_database
from tests.support.processes import ROOT, end, start, wait_until

# Starts the server of argv[1], says where it is, stays until its input ends.
OWNER = """
import sys
from pathlib import Path
from config.embedded_postgres import url_of_running_server
print(url_of_running_server(Path(sys.argv[1])), flush=True)
sys.stdin.read()
"""
FORMS = 36
AT_ONCE = 4
_log = logging.getLogger(__name__)  # pytest -o log_cli=true --log-level=INFO


class PostgreSQL:
    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url = folder, url

    def restart(self, mode: str) -> None:
        command = [_programs(self.folder)["pg_ctl"], "-D", str(self.folder), "-m", mode, "-w"]
        done = _run([*command, "restart"], self.folder)
        assert done.returncode == 0, done.stdout

    def ask(self, question: str) -> list[tuple]:
        with psycopg.connect(self.url.replace("postgres://", "postgresql://")) as ours:
            return ours.execute(question).fetchall()


def fill(server: PostgreSQL) -> None:
    """With a copy of what `manage.py setup` has made for the tests: to migrate takes a minute."""
    programs = Path(_programs(server.folder)["pg_ctl"]).parent
    if {"DATABASE_URL", "DATABASE_URL_FILE"} & set(os.environ) or not (
        programs / "pg_dump"
    ).exists():
        setup = start("manage.py", "setup", DATABASE_URL=server.url)
        assert setup.wait(120) == 0, setup.said()
        end(setup)
        return
    ready = url_of_test_database(ready_database())
    dump = subprocess.run(
        [programs / "pg_dump", "--no-owner", "--dbname", ready], capture_output=True, check=True
    )
    subprocess.run(
        [programs / "psql", "-qX", "-v", "ON_ERROR_STOP=1", "--dbname", server.url],
        input=dump.stdout, stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip


@pytest.fixture
def server(django_db_setup):
    """A server of its own: the one of the tests is shared."""
    # Not in pytest's folder, which the account of a server started by root cannot reach.
    with tempfile.TemporaryDirectory(prefix="huiyin") as name:
        folder = Path(name) / "data"
        owner = subprocess.Popen(
            [sys.executable, "-c", OWNER, str(folder)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        server = PostgreSQL(folder, owner.stdout.readline().strip())
        fill(server)
        yield server
        owner.communicate(timeout=30)


class Crowd:
    """Visitors who send their forms, a few at a time, until all are taken."""

    def __init__(self, port: int) -> None:
        self.visitors = [Visitor(port, n, new_stamp()) for n in range(FORMS)]
        self.taken = 0
        self._waiting = iter(self.visitors)
        self._door = threading.Lock()
        opened = time.monotonic()
        wait_until(lambda: time.monotonic() > opened + TOO_QUICK.total_seconds())

    def keep_sending(self) -> None:
        while True:
            with self._door:
                visitor = next(self._waiting, None)
            if visitor is None:
                return
            visitor.send()
            with self._door:
                self.taken += 1

    def wait_for(self, number: int) -> None:
        wait_until(lambda: self.taken >= number, what=f"{number} forms")


def restart_now_and_then(server: PostgreSQL, crowd: Crowd) -> list[float]:
    """Seconds that it took, each time, until forms were taken again."""
    pauses = []
    for number, mode in enumerate(["immediate", "fast", "immediate"], 1):
        crowd.wait_for(FORMS * number // 4)
        server.restart(mode)
        back = time.monotonic()
        # Those that were on their way may still count; after them comes a new one, unless the
        # last of all got through before the server went down.
        crowd.wait_for(min(crowd.taken + AT_ONCE + 1, FORMS))
        pauses.append(time.monotonic() - back)
    return pauses


def wait_for_the_work(server: PostgreSQL, place: Installation) -> None:
    """Until every acknowledgement has left and every job that is there now has ended."""
    states = "SELECT state, count(*) FROM accounts_outgoingmessage GROUP BY state"
    place.wait_until(lambda: dict(server.ask(states)) == {"sent": FORMS}, 60, "acknowledgements")
    queue = "SELECT id FROM django_q_ormq"
    jobs = set(server.ask(queue))
    place.wait_until(lambda: not jobs & set(server.ask(queue)), 60, "the jobs' end")


def test_every_form_that_was_taken_is_there_and_the_work_goes_on(server, smtp_server, caplog):
    caplog.set_level(logging.WARNING, "mail.log")
    environment = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(smtp_server.port)}
    with installation(DATABASE_URL=server.url, **environment) as place:
        services = place.web.pid, place.worker.pid
        crowd = Crowd(place.server.port)
        with ThreadPoolExecutor(AT_ONCE) as threads:
            for _ in range(AT_ONCE):
                threads.submit(crowd.keep_sending)
            pauses = restart_now_and_then(server, crowd)
            crowd.wait_for(FORMS)
        began = time.monotonic()
        wait_for_the_work(server, place)
        waited = time.monotonic() - began
        records = server.ask(
            "SELECT m.author_address, f.number, f.link_epoch FROM feedback_feedback f"
            " JOIN feedback_message m ON m.feedback_id = f.id"
        )
        assert (place.web.pid, place.worker.pid) == services
    refusals = [one for visitor in crowd.visitors for one in visitor.refusals]
    tries = sum(one.tries for one in crowd.visitors)
    _log.info(
        "web away for %s s after a start; all work done %.1f s after the last form; "
        "%s tries for %s forms, refused %s", pauses, waited, tries, FORMS, refusals,
    )  # fmt: skip

    tokens = {
        address: Feedback(number=number, link_epoch=epoch).status_token
        for address, number, epoch in records
    }
    assert len(records) == len(tokens) == FORMS
    assert all(tokens[one.address] in one.location for one in crowd.visitors)
    assert {one.recipients[0] for one in smtp_server.taken} == set(tokens)
    assert len({one.message_id for one in smtp_server.taken}) == FORMS
    assert set(refusals) <= {503}
