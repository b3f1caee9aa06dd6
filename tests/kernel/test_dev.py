"""`manage.py dev`: everything together, and nothing left when it ends."""

import os
import signal
import smtplib
import socket

import pytest
from django.core.management import CommandError, call_command

from config.kernel.development import Development, Part, PartEnded, source_files
from config.kernel.models import Beat
from tests.support.database import url_of_test_database
from tests.support.jobs import chores_were_done
from tests.support.processes import PATIENCE, end, family, is_alive, start, wait_until
from tests.support.web import Server, free_port


@pytest.fixture
def development(transactional_db):
    running = []
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

    yield launch
    for process in running:
        end(process)


def ready(process):
    wait_until(lambda: "Huiyin is ready" in process.said() or process.poll(), what="the start")
    assert process.poll() is None, process.said()
    return family(process.pid)


def part(everybody, word: str):
    return next(one for one in everybody if any(word in argument for argument in one.cmdline()))


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


def test_a_part_that_dies_ends_everything_with_a_sentence(development):
    process = development()
    everybody = ready(process)

    part(everybody, "worker").kill()

    assert process.wait(PATIENCE) == 1
    assert "The worker ended by itself, so everything was stopped" in process.said()
    wait_until(lambda: not anybody(everybody))


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


def test_with_dev_itself_killed_everything_ends(development):
    process = development()
    everybody = ready(process)

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
