from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from config.kernel.tokens import digest, new_secret


def new_token() -> str:
    return new_secret(18)


class SharedResultsQuerySet(models.QuerySet["SharedResults"]):
    def for_list(self) -> SharedResultsQuerySet:
        # Rows of one maker get one User, which remembers what it may do: `works` asks each row.
        return self.select_related("withdrawn_by").prefetch_related("made_by").order_by("-pk")


class SharedResults(models.Model):
    """A link by which people who do not work here read the results of a survey: as `made_by` may
    see them, narrowed by `query`, until it ends or is withdrawn."""

    survey = models.ForeignKey(
        "surveys.Survey", models.CASCADE, related_name="+", verbose_name=_("survey")
    )
    token = models.CharField(max_length=40, unique=True, default=new_token)
    # The parameters of the address of the results, and what they are compared with.
    query = models.JSONField(default=dict)
    compare = models.CharField(max_length=200, blank=True)
    with_texts = models.BooleanField(_("with what people wrote"), default=False)
    password = models.CharField(_("password"), max_length=128, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    made_at = models.DateTimeField(_("made"), default=timezone.now)
    ends_at = models.DateTimeField(_("works until"))
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )
    last_opened_at = models.DateTimeField(_("last opened"), null=True)
    times_opened = models.PositiveIntegerField(_("times opened"), default=0)

    objects = SharedResultsQuerySet.as_manager()

    class Meta:
        verbose_name = _("shared results")
        verbose_name_plural = _("shared results")

    def __str__(self) -> str:
        return f"{self.survey_id}: {self.made_at:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("analytics:shared_results", args=[self.token])

    @property
    def url(self) -> str:
        return f"{settings.SITE_URL}{self.get_absolute_url()}"

    @property
    def password_mark(self) -> str:
        """What a browser keeps once it knew the password; another password makes it void."""
        return digest(self.password)

    def is_open_to(self, user: Any) -> bool:
        """Whether a colleague may have the address: it shows what `made_by` may see."""
        return self.made_by_id == user.pk or user.has_perm("accounts.view_every_team")

    def works(self, now: datetime) -> bool:
        """Not once it ended, was withdrawn, or whoever made it may no longer see results."""
        maker: Any = self.made_by
        if self.withdrawn_at is not None or now >= self.ends_at or maker is None:
            return False
        return bool(maker.is_active and maker.has_perm("surveys.view_response"))
