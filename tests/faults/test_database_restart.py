"""PostgreSQL goes away in the midst of the work and comes back."""

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
from feedback.forms.public import new_stamp
from feedback.models import Feedback
from tests.faults.installation import Visitor, installation
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


@pytest.fixture
def server():
    """A server of its own: the one of the tests is shared."""
    # Not in pytest's folder, which the account of a server started by root cannot reach.
    with tempfile.TemporaryDirectory(prefix="huiyin") as name:
        folder = Path(name) / "data"
        owner = subprocess.Popen(
            [sys.executable, "-c", OWNER, str(folder)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        server = PostgreSQL(folder, owner.stdout.readline().strip())
        setup = start("manage.py", "setup", DATABASE_URL=server.url)
        assert setup.wait(120) == 0, setup.said()
        end(setup)
        yield server
        owner.communicate(timeout=30)


def test_every_form_that_was_taken_is_there_and_the_work_goes_on(server, smtp_server):
    environment = {"SMTP_HOST": "127.0.0.1", "SMTP_PORT": str(smtp_server.port)}
    with installation(DATABASE_URL=server.url, **environment) as place:
        visitors = [Visitor(place.server.port, n, new_stamp()) for n in range(FORMS)]
        waiting = iter(visitors)
        next_one = threading.Lock()
        taken: list[float] = []

        def keep_sending() -> None:
            while True:
                with next_one:
                    visitor = next(waiting, None)
                if visitor is None:
                    return
                visitor.send()
                taken.append(time.monotonic())

        opened = time.monotonic()
        wait_until(lambda: time.monotonic() > opened + 3)
        web, worker = place.web.pid, place.worker.pid
        pauses = []
        with ThreadPoolExecutor(AT_ONCE) as crowd:
            for _ in range(AT_ONCE):
                crowd.submit(keep_sending)
            for number, mode in enumerate(["immediate", "fast", "immediate"], 1):
                wait_until(lambda number=number: len(taken) >= FORMS * number // 4, what="forms")
                server.restart(mode)
                back, before = time.monotonic(), len(taken)
                # Those that were on their way may still count; after them comes a new one.
                wait_until(lambda before=before: len(taken) > before + AT_ONCE, what="a form")
                pauses.append(time.monotonic() - back)
            wait_until(lambda: len(taken) == FORMS, what="all forms")

        def settled() -> bool:
            states = dict(
                server.ask("SELECT state, count(*) FROM accounts_outgoingmessage GROUP BY state")
            )
            return states == {"sent": FORMS}

        began = time.monotonic()
        place.wait_until(settled, 60, "every acknowledgement")
        waited = time.monotonic() - began
        jobs = {pk for (pk,) in server.ask("SELECT id FROM django_q_ormq")}

        def is_over() -> bool:
            return not jobs & {pk for (pk,) in server.ask("SELECT id FROM django_q_ormq")}

        place.wait_until(is_over, 60, "the jobs' end")
        records = server.ask(
            "SELECT m.author_address, f.number, f.link_epoch FROM feedback_feedback f"
            " JOIN feedback_message m ON m.feedback_id = f.id"
        )
        refusals = [one for visitor in visitors for one in visitor.refusals]
        print(
            f"\npauses {[round(one, 1) for one in pauses]} s, acknowledgements {waited:.1f} s "
            f"after the last form; {sum(one.tries for one in visitors)} tries, refused {refusals}"
        )
        assert (place.web.pid, place.worker.pid) == (web, worker)

    tokens = {
        address: Feedback(number=number, link_epoch=epoch).status_token
        for address, number, epoch in records
    }
    assert len(records) == len(tokens) == FORMS
    assert all(tokens[one.address] in one.location for one in visitors)
    ids = [one.message_id for one in smtp_server.taken]
    assert {one.recipients[0] for one in smtp_server.taken} == {one.address for one in visitors}
    assert len(set(ids)) == FORMS
    assert set(refusals) <= {503}
