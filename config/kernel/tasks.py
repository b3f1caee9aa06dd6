"""Housekeeping of the kernel's own tables."""

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone
from django_q.models import Failure

from config.kernel.models import IdempotencyRecord, RateCount

REPEATABLE_FOR = timedelta(days=1)
RETRIED_WITHIN = timedelta(hours=1)  # of Q_CLUSTER["retry"] and a long queue
FAILURES_KEPT_FOR = timedelta(days=90)


def tidy_up() -> None:
    """Remove what has expired: sessions, API answers, counters, rows of the cache, failed jobs."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    IdempotencyRecord.objects.filter(created_at__lt=now - REPEATABLE_FOR).delete()
    RateCount.objects.filter(until__lt=now).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_cache WHERE expires < now()")
    # A failure that did not come back was followed by a success, which is not recorded.
    attempts = settings.Q_CLUSTER["max_attempts"]
    failures = Failure.objects.filter(success=False)
    failures.filter(attempt_count__lt=attempts, stopped__lt=now - RETRIED_WITHIN).delete()
    failures.filter(stopped__lt=now - FAILURES_KEPT_FOR).delete()
