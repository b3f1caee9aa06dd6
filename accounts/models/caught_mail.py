from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone


class CaughtMail(models.Model):
    """A mail that the development mail server took instead of delivering it."""

    envelope_from = models.CharField(max_length=254, blank=True)
    recipients = ArrayField(models.CharField(max_length=254))
    sender = models.CharField(max_length=254, blank=True)
    subject = models.CharField(max_length=255, blank=True)
    raw = models.BinaryField()
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "caught mail"
        verbose_name_plural = "caught mail"
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.subject or f"#{self.pk}"
