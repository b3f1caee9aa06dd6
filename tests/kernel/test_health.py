"""What monitors may ask."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from config.kernel import health
from config.kernel.health import Finding, Gauge, beat_within, register_check, register_gauges
from config.kernel.jobs import enqueue
from config.kernel.models import Beat
from tests.support.web import web_server


@pytest.fixture
def here(db) -> Client:
    return Client(REMOTE_ADDR="127.0.0.1")


@pytest.fixture
def elsewhere(db) -> Client:
    return Client(REMOTE_ADDR="203.0.113.9")


@pytest.fixture
def working_worker(db):
    Beat.objects.mark("worker")


@pytest.fixture(autouse=True)
def only_the_kernels_own(monkeypatch):
    monkeypatch.setattr(health, "_checks", {})
    monkeypatch.setattr(health, "_gauges", {})


def test_the_process_is_alive_without_asking_the_database(elsewhere, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert elsewhere.get("/healthz").content == b"ok\n"


def test_ready_when_everything_is_there(here, working_worker):
    response = here.get("/readyz")

    assert response.status_code == 200
    assert {name: check["ok"] for name, check in response.json()["checks"].items()} == {
        "database": True,
        "migrations": True,
        "worker": True,
    }


def test_a_worker_that_never_worked_is_named(here):
    response = here.get("/readyz")

    assert response.status_code == 503
    assert response.json()["checks"]["worker"] == {"ok": False, "detail": "never seen"}


def test_a_worker_that_stopped_working_is_named(here, settings):
    long_ago = timezone.now() - timedelta(seconds=settings.WORKER_STALE_SECONDS + 1)
    Beat.objects.create(name="worker", at=long_ago)

    assert here.get("/readyz").json()["checks"]["worker"]["ok"] is False


def test_a_missing_migration_is_named(here, working_worker):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'kernel' AND name >= '0003'")

    response = here.get("/readyz")

    assert response.status_code == 503
    assert "kernel.0003" in response.json()["checks"]["migrations"]["detail"]


def test_strangers_learn_what_fails_but_no_details(elsewhere):
    response = elsewhere.get("/readyz")

    assert response.json() == {"status": "not ready", "failed": ["worker"]}


def test_apps_add_checks_that_may_not_apply(here, working_worker):
    register_check("broken", lambda: Finding(ok=False, detail="so"))
    register_check("not needed", beat_within("mail-poll", 60, needed=lambda: False))
    register_check("needed", beat_within("mail-poll", 60, needed=lambda: True))

    checks = here.get("/readyz").json()["checks"]

    assert checks["broken"] == {"ok": False, "detail": "so"}
    assert checks["needed"]["ok"] is False
    assert "not needed" not in checks


def test_without_a_database_we_are_alive_but_not_ready(transactional_db):
    with web_server(DATABASE_URL="postgres://nobody@127.0.0.1:1/none") as server:
        response = server.get("/readyz")

        assert response.status == 503
        assert b'"database": {"ok": false' in response.read()


def test_metrics_tell_of_the_queue_and_of_what_apps_register(here):
    Beat.objects.mark("worker")
    enqueue("tests.support.chores.mark", name="x")
    states = {("sent",): 3, ("failed",): 1}
    register_gauges("mail", lambda: [Gauge("outgoing", "Mail by state.", states, ("state",))])

    page = here.get("/metrics").content.decode()

    assert 'huiyin_jobs{state="waiting"} 1.0' in page
    assert 'huiyin_jobs{state="taken"} 0.0' in page
    age = re.search(r"^huiyin_oldest_job_seconds (\S+)$", page, re.MULTILINE)
    assert 0 < float(age[1]) < 600
    assert 'huiyin_beat_age_seconds{name="worker"}' in page
    assert 'huiyin_outgoing{state="sent"} 3.0' in page


TOKEN = "t" * 20


@pytest.mark.parametrize(
    ("headers", "seen"),
    [
        ({}, True),
        ({"HTTP_X_FORWARDED_FOR": "203.0.113.9"}, False),
        ({"REMOTE_ADDR": "203.0.113.9"}, False),
        ({"REMOTE_ADDR": "203.0.113.9", "HTTP_AUTHORIZATION": f"Bearer {TOKEN}"}, True),
        ({"HTTP_X_FORWARDED_FOR": "203.0.113.9", "HTTP_AUTHORIZATION": f"bearer {TOKEN}"}, True),
        ({"REMOTE_ADDR": "203.0.113.9", "HTTP_AUTHORIZATION": "Bearer wrong"}, False),
        ({"REMOTE_ADDR": ""}, False),
        ({"REMOTE_ADDR": "::1"}, True),
    ],
)
def test_details_are_for_this_machine_and_for_the_token(here, settings, headers, seen):
    settings.METRICS_TOKEN = TOKEN

    assert here.get("/metrics", **headers).status_code == (200 if seen else 404)


def test_behind_a_proxy_nobody_is_local(here, settings):
    settings.BEHIND_PROXY = True

    assert here.get("/metrics").status_code == 404


def test_an_empty_token_opens_nothing(elsewhere):
    assert elsewhere.get("/metrics", HTTP_AUTHORIZATION="Bearer ").status_code == 404
