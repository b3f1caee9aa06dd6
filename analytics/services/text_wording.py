"""Changing which words count, and reading texts again with them."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from analytics.models import ReadingProgress, TextReading, TextWording

AGAIN = timedelta(days=90)


@transaction.atomic
def save_text_wording(wording: TextWording) -> TextWording:
    """There is one row. What is counted follows at once; what was cut stays so until it is read
    again. Raises ValidationError by field."""
    there = TextWording.objects.select_for_update().first()
    if there is not None:
        wording.pk, wording.code = there.pk, there.code
    wording.full_clean(exclude=["id", "code"])
    wording.save()
    return wording


@transaction.atomic
def read_lately_said_again() -> int:
    """Have the worker read again what was said within 90 days, newest first, a little at a time;
    gives how many texts. What people decided stays."""
    said = TextReading.objects.said(since=timezone.now() - AGAIN)
    number = said.update(reader=0)
    ReadingProgress.objects.update(reader=0)
    return number
