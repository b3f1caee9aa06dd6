"""Housekeeping of the kernel's own tables."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from config.kernel.models import IdempotencyRecord

REPEATABLE_FOR = timedelta(days=1)


def tidy_up() -> None:
    """Remove what has expired: sessions, remembered API answers, rows of the cache."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    IdempotencyRecord.objects.filter(created_at__lt=now - REPEATABLE_FOR).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kernel_cache WHERE expires < now()")
