from datetime import datetime

from django.db import models
from django.utils import timezone


class BeatQuerySet(models.QuerySet["Beat"]):
    def age(self, name: str, now: datetime) -> float | None:
        """Seconds since `name` last beat; None when it never did."""
        at = self.filter(pk=name).values_list("at", flat=True).first()
        return None if at is None else (now - at).total_seconds()

    def mark(self, name: str) -> None:
        self.update_or_create(pk=name, defaults={"at": timezone.now()})


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
