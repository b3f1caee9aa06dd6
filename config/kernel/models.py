from datetime import datetime, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone


class BeatQuerySet(models.QuerySet["Beat"]):
    def age(self, name: str, now: datetime) -> float | None:
        """Seconds since `name` last beat; None when it never did."""
        at = self.filter(pk=name).values_list("at", flat=True).first()
        return None if at is None else (now - at).total_seconds()

    def mark(self, name: str) -> None:
        self.bulk_create(
            [self.model(name=name, at=timezone.now())],
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["at"],
        )


class Beat(models.Model):
    """When a process last proved that it does its work (worker, mail poll …)."""

    name = models.CharField(max_length=60, primary_key=True)
    at = models.DateTimeField()

    objects = BeatQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name


class IdempotencyRecord(models.Model):
    """What an API client got for its Idempotency-Key, so that a repeat gets the same."""

    owner = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(null=True)
    body = models.JSONField(null=True)
    created_at = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "key"], name="one_answer_per_idempotency_key")
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.key}"


class PeriodicJobQuerySet(models.QuerySet["PeriodicJob"]):
    def due(self, now: datetime) -> "PeriodicJobQuerySet":
        """Time has come, and the last run is over (or was lost with its worker)."""
        idle = Q(queued_at=None) | Q(queued_at__lt=now - PeriodicJob.LOST_AFTER)
        return self.filter(idle, next_at__lte=now)


class PeriodicJob(models.Model):
    """When a job of settings.PERIODIC is next to be queued: the lease that worker machines
    share, so that several of them queue it once."""

    LOST_AFTER = timedelta(minutes=30)  # well above Q_CLUSTER["retry"]

    path = models.CharField(max_length=200, primary_key=True)
    next_at = models.DateTimeField(default=timezone.now)
    queued_at = models.DateTimeField(null=True)  # empty when no run is waiting or under way
    finished_at = models.DateTimeField(null=True)

    objects = PeriodicJobQuerySet.as_manager()

    def __str__(self) -> str:
        return self.path


class RateCount(models.Model):
    """How often something happened lately (ratelimit.py). The table is not logged: a crash of
    the database empties it, which harms nobody, and counting never waits for the disk."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.key


class AbandonedJob(models.Model):
    """How often a queued job was in the hands of workers that died; see kernel/cluster.py."""

    queue_id = models.BigIntegerField(primary_key=True)
    times = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return str(self.queue_id)
