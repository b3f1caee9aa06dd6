"""The database of a first run, with real servers in folders of their own."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from tests.support.processes import PATIENCE, ROOT, end, start, wait_until

# Joins the server of argv[1], says where it is, stays until its input ends.
USER = """
import sys, psycopg
from pathlib import Path
from config.embedded_postgres import url_of_running_server
url = url_of_running_server(Path(sys.argv[1]), durable=False)
with psycopg.connect(url.replace("postgres://", "postgresql://")) as connection:
    print(url, connection.info.backend_pid > 0, flush=True)
sys.stdin.read()
"""


def joined(folder: Path, **kwargs) -> subprocess.Popen:
    process = subprocess.Popen(
        [sys.executable, "-c", USER, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        **kwargs,
    )
    assert "True" in process.stdout.readline()
    return process


def left(process: subprocess.Popen) -> None:
    process.communicate(timeout=PATIENCE)


@pytest.fixture
def place():
    """Reachable for the account under which root runs a server, unlike pytest's own folder."""
    with tempfile.TemporaryDirectory(prefix="huiyin") as name:
        yield Path(name)


def runs(folder: Path) -> bool:
    return (folder / "postmaster.pid").exists()


def test_the_last_to_leave_stops_the_server(place):
    first = joined(place / "data")
    second = joined(place / "data")

    left(first)
    assert runs(place / "data")
    left(second)
    assert not runs(place / "data")


def test_a_killed_process_is_not_waited_for(place):
    first = joined(place / "data")
    second = joined(place / "data")

    first.kill()
    first.communicate()
    left(second)

    assert not runs(place / "data")


def test_a_server_that_was_left_running_is_joined_and_the_data_are_there(place):
    first = joined(place / "data")
    first.kill()
    first.communicate()
    assert runs(place / "data")

    left(joined(place / "data"))

    assert not runs(place / "data")


def test_a_crash_of_the_server_is_recovered_from(place):
    first = joined(place / "data")
    server = int((place / "data" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(server, 9)
    first.kill()
    first.communicate()
    wait_until(lambda: not Path(f"/proc/{server}/fd").exists(), what="the server's end")

    left(joined(place / "data"))


@pytest.mark.parametrize("name", ["d" * 120, "它的 folder, with comma's"])
def test_any_path_will_do(place, name):
    left(joined(place / name / "data"))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_an_ordinary_user_can_run_it(place):
    place.chmod(0o777)
    somebody = {"user": 65534, "group": 65534, "extra_groups": []}
    try:
        subprocess.run([sys.executable, "-c", ""], check=True, **somebody)
    except PermissionError:
        pytest.skip("this Python is for root only")

    left(joined(place / "data", **somebody))


def complaint(**environment: str) -> str:
    """What `manage.py check` says at once when it cannot get a database."""
    environment = {"DEBUG": "1", "DATABASE_URL": "", **environment}
    process = start("-c", WITHOUT_URL, **environment)
    try:
        assert process.wait(PATIENCE) == 1
        said = process.said()
    finally:
        end(process)
    assert len(said.strip().splitlines()) == 1
    return said


WITHOUT_URL = """
import os, sys
del os.environ["DATABASE_URL"]
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
import config.embedded_postgres as embedded
if os.environ.get("NO_PROGRAMS"):
    embedded._all_programs = lambda: iter(())
sys.argv = ["manage.py", "check"]
import manage
manage.main()
"""


def test_without_any_postgresql_one_sentence_says_what_to_do(place):
    said = complaint(DATA_DIR=str(place), NO_PROGRAMS="1")

    assert "install PostgreSQL 15" in said
    assert "DATABASE_URL" in said


def test_data_of_a_postgresql_that_is_gone_are_named(place):
    (place / "postgres").mkdir()
    (place / "postgres" / "PG_VERSION").write_text("9")

    assert "written by PostgreSQL 9" in complaint(DATA_DIR=str(place))


def test_damaged_data_are_told_with_the_servers_own_reason(place):
    left(joined(place / "postgres"))
    (place / "postgres" / "global" / "pg_control").unlink()

    said = complaint(DATA_DIR=str(place))

    assert "does not start" in said
    assert "pg_control" in said


def test_a_folder_that_cannot_be_made_is_told(place):
    (place / "file").write_text("")

    assert "cannot be used" in complaint(DATA_DIR=str(place / "file"))
