"""What the outside may ask about our state: /healthz, /readyz, /metrics.

Apps add their own checks and gauges in AppConfig.ready(): `register_check`, `register_gauges`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

import psycopg
from django.conf import settings
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Min
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_GET
from django_q.models import OrmQ
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from config.kernel.database import connection_parameters
from config.kernel.http import is_from_this_machine
from config.kernel.jobs import WORKER_BEAT
from config.kernel.models import Beat, PeriodicJob

PROBE_TIMEOUT = 3  # seconds the database has to answer


class Finding(NamedTuple):
    ok: bool
    detail: str
    # False: something is wrong, but people are served all the same.
    needed: bool = True

    def as_told(self) -> dict[str, object]:
        told = self._asdict()
        if self.needed:
            del told["needed"]
        return told


# None: does not apply here (no mailbox is polled, …).
Check = Callable[[], Finding | None]


@dataclass(frozen=True)
class Gauge:
    """One number to watch, {(): 12.0}, or one per value of its labels, {("sent",): 12.0}."""

    name: str  # without the prefix "huiyin_"
    help: str
    values: Mapping[Any, float]
    labels: tuple[str, ...] = field(default=())


_checks: dict[str, Check] = {}
_gauges: dict[str, Callable[[], Iterable[Gauge]]] = {}


def register_check(name: str, check: Check) -> None:
    """Let /readyz ask `check` too. It may use the database; it should take milliseconds."""
    _checks[name] = check


def register_gauges(owner: str, collect: Callable[[], Iterable[Gauge]]) -> None:
    """Let /metrics show what `collect` finds at the moment of asking."""
    _gauges[owner] = collect


def beat_within(beat: str, seconds: float, *, needed: Callable[[], bool] | None = None) -> Check:
    """A check that `beat` (kernel Beat) is younger than `seconds`; `needed` says whether it is
    expected at all."""

    def check() -> Finding | None:
        if needed is not None and not needed():
            return None
        age = Beat.objects.age(beat, timezone.now())
        if age is None:
            return Finding(ok=False, detail="never seen")
        return Finding(ok=age <= seconds, detail=f"{age:.0f} s ago (at most {seconds:.0f})")

    return check


@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """The process is alive. Asks nothing else, so that a slow database kills no web server."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_GET
def readyz(request: HttpRequest) -> JsonResponse:
    """Everything that is needed to serve people is there; else 503 with what is not."""
    findings = _findings()
    failed = [name for name, found in findings.items() if found.needed and not found.ok]
    ok = not failed
    body: dict[str, object] = {"status": "ready" if ok else "not ready"}
    if _may_see_details(request):
        body["checks"] = {name: finding.as_told() for name, finding in findings.items()}
    elif not ok:
        body["failed"] = failed
    return JsonResponse(body, status=200 if ok else 503, headers={"Cache-Control": "no-store"})


@require_GET
def metrics(request: HttpRequest) -> HttpResponse:
    """Numbers for Prometheus. To strangers the page does not exist."""
    if not _may_see_details(request):
        return HttpResponse(status=404)
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Collector())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


for _view in (healthz, readyz, metrics):
    _view.access = "public"  # type: ignore[attr-defined]  # as accounts.access marks its views


def _may_see_details(request: HttpRequest) -> bool:
    """From this very machine, or with METRICS_TOKEN as a bearer token."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if settings.METRICS_TOKEN and scheme.lower() == "bearer":
        return constant_time_compare(token.strip(), settings.METRICS_TOKEN)
    return is_from_this_machine(request)


# --- Checks --------------------------------------------------------------------------------------


def _findings() -> dict[str, Finding]:
    findings = {"database": _database()}
    if findings["database"].ok:
        for name, check in (
            ("migrations", _migrations),
            ("worker", beat_within(WORKER_BEAT, settings.WORKER_STALE_SECONDS)),
            *_checks.items(),
        ):
            try:
                finding = check()
            except Error as trouble:
                finding = Finding(ok=False, detail=type(trouble).__name__)
            if finding is not None:
                findings[name] = finding
    return findings


def _database() -> Finding:
    # A connection of its own, because the pool would make us wait for one.
    parameters = connection_parameters() | {"connect_timeout": PROBE_TIMEOUT}
    try:
        with psycopg.connect(**parameters) as ours:
            ours.execute("SELECT 1")
    except psycopg.Error as trouble:
        return Finding(ok=False, detail=str(trouble).strip().splitlines()[-1])
    return Finding(ok=True, detail="answers")


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    missing = [str(migration) for migration, _backwards in plan]
    return Finding(ok=not missing, detail=", ".join(missing) or "all applied")


# --- Numbers -------------------------------------------------------------------------------------


class _Collector(Collector):
    def collect(self) -> Iterable[GaugeMetricFamily]:
        for collect in (_kernel_gauges, *_gauges.values()):
            for gauge in collect():
                family = GaugeMetricFamily(f"huiyin_{gauge.name}", gauge.help, labels=gauge.labels)
                for labels, value in gauge.values.items():
                    family.add_metric(labels, value)
                yield family


def _kernel_gauges() -> Iterable[Gauge]:
    now = timezone.now()
    yield Gauge(
        "up", "Always 1; the version is the label.", {(settings.VERSION,): 1}, ("version",)
    )
    waiting = OrmQ.objects.filter(lock__lte=now)
    taken = OrmQ.objects.filter(lock__gt=now).count()
    yield Gauge(
        "jobs",
        "Background jobs by what they are doing.",
        {("waiting",): waiting.count(), ("taken",): taken},
        ("state",),
    )
    # While a job waits, its lock is the moment at which it was queued.
    oldest = waiting.aggregate(at=Min("lock"))["at"]
    yield Gauge("oldest_job_seconds", "Age of the oldest waiting job.", {(): seconds(oldest, now)})
    ages = {(beat.name,): seconds(beat.at, now) for beat in Beat.objects.all()}
    yield Gauge("beat_age_seconds", "Time since the last sign of life.", ages, ("name",))
    late = {(job.path,): max(0.0, seconds(job.next_at, now)) for job in PeriodicJob.objects.all()}
    yield Gauge("periodic_late_seconds", "How late a periodic job is.", late, ("job",))


def seconds(since: datetime | None, now: datetime) -> float:
    """The age of something in seconds; 0 when there is nothing."""
    return 0.0 if since is None else (now - since).total_seconds()
