"""`manage.py dev`: everything together, and nothing left when it ends."""

import os
import shutil
import signal
import smtplib
import socket
import sys

import pytest
from django.core.management import CommandError, call_command

from config.kernel.development import Development, Part, PartEnded, source_files
from config.kernel.management.commands.dev import Command
from config.kernel.models import Beat
from tests.support.database import url_of_test_database
from tests.support.jobs import chores_were_done
from tests.support.processes import (
    PATIENCE,
    THE_QUEUE_ONLY,
    end,
    family,
    is_alive,
    start,
    wait_until,
)
from tests.support.web import Server, free_port


@pytest.fixture
def running():
    processes = []
    yield processes
    for process in processes:
        end(process)


@pytest.fixture
def development(transactional_db, running):
    chores_were_done()

    def launch(**environment: str):
        wishes = {
            "DEBUG": "1",
            "DATABASE_URL": url_of_test_database(),
            "PORT": str(free_port()),
            "SMTP_PORT": str(free_port()),
            "WORKERS": "1",
            "DEV_MAIL_HANDLER": "tests.support.chores.take_mail",
            **environment,
        }
        process = start("manage.py", "dev", **wishes)
        process.port, process.smtp_port = int(wishes["PORT"]), int(wishes["SMTP_PORT"])
        running.append(process)
        return process

    return launch


def ready(process):
    wait_until(lambda: "Huiyin is ready" in process.said() or process.poll(), what="the start")
    assert process.poll() is None, process.said()
    return family(process.pid)


def anybody(everybody):
    return [one for one in everybody if is_alive(one)]


def mail_server(process) -> smtplib.SMTP:
    # The parts start at the same time; the web server may be first.
    def connected():
        try:
            return smtplib.SMTP("127.0.0.1", process.smtp_port, timeout=PATIENCE)
        except OSError:
            return None

    return wait_until(connected, what="the mail server")


def test_it_serves_works_takes_mail_and_ends_without_a_trace(development):
    process = development()
    everybody = ready(process)
    assert {os.getpgid(one.pid) for one in everybody[:3]} == {os.getpgid(process.pid)}

    server = Server(process.port)
    assert server.get("/healthz").read() == b"ok\n"
    server.hang_up()
    wait_until(lambda: Beat.objects.filter(pk="worker").exists(), what="the worker")
    with mail_server(process) as smtp:
        smtp.sendmail("a@customer.test", ["help@our.test", "b@x.test"], b"Subject: hi\r\n\r\n")
        with pytest.raises(smtplib.SMTPDataError) as refused:
            smtp.sendmail("a@customer.test", ["c@our.test"], b"Subject: refuse\r\n\r\n")
    assert Beat.objects.filter(pk="a@customer.test help@our.test b@x.test").exists()
    assert refused.value.smtp_code == 451

    process.send_signal(signal.SIGTERM)

    assert process.wait(PATIENCE) == 0, process.said()
    assert anybody(everybody) == []


@pytest.fixture
def signals_as_before():
    ours = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = [signal.getsignal(number) for number in ours]
    yield
    for number, handler in zip(ours, before, strict=True):
        signal.signal(number, handler)


@pytest.mark.parametrize("victim", [0, 1, 2])
def test_whichever_part_dies_the_others_end(tmp_path, signals_as_before, victim):
    stay = ["-S", "-c", "import signal; signal.pause()"]
    parts = [Part(f"part {number}", stay, {}) for number in range(3)]

    def killed() -> bool:
        parts[victim].process.kill()
        return False

    with pytest.raises(PartEnded, match=f"^part {victim}$"):
        Development(tmp_path, parts, killed).run(lambda: None, print)

    assert all(part.has_ended() for part in parts)


def test_a_part_that_ends_by_itself_is_told_in_one_sentence(signals_as_before, monkeypatch):
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    command = Command()
    with socket.create_server(("127.0.0.1", 0)) as web, pytest.raises(CommandError) as told:
        command.run(web, web.getsockname()[1], command.environment(0))

    assert str(told.value).startswith("The web server ended by itself, so everything was stopped.")


# What the parts do when the kernel tells them to end, the first test shows with the real ones.
KILLED = """
import sys
from pathlib import Path
import django
django.setup()
from config.kernel.development import Development, Part

stay = ["-S", "-c", "import signal; signal.pause()"]
parts = [Part(f"part {number}", stay, {}) for number in range(3)]
say = lambda: print("ready", flush=True)
Development(Path(sys.argv[1]), parts, ready=lambda: True).run(say, print)
"""


def test_with_dev_itself_killed_everything_ends(running, tmp_path):
    process = start("-c", KILLED, str(tmp_path), **THE_QUEUE_ONLY)
    running.append(process)
    wait_until(lambda: "ready" in process.said() or process.poll(), what="the start")
    everybody = family(process.pid)
    assert len(everybody) == 3, process.said()

    process.kill()

    wait_until(lambda: not anybody(everybody))


def test_a_taken_port_is_told_in_one_sentence(settings):
    settings.DEBUG = True
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(CommandError) as told:
            call_command("dev", port=port)

    assert str(told.value) == (
        f"Port {port} is taken by another program: try `make run PORT={port + 1}`."
    )


def test_it_is_not_for_production():
    with pytest.raises(CommandError, match="use `make run`"):
        call_command("dev")


def test_a_changed_source_file_is_noticed(tmp_path):
    (tmp_path / "feedback").mkdir()
    module = tmp_path / "feedback" / "rules.py"
    module.write_text("one = 1")
    before = source_files(tmp_path)

    os.utime(module, ns=(0, 1))

    assert source_files(tmp_path) != before
    assert list(before) == [module]
