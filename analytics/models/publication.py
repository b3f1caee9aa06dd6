from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from analytics.enums import PublicationKind, PublicationState
from analytics.models.problem import Problem
from config.kernel.bilingual import is_chinese

READ, WRITE = "analytics.view_publication", "analytics.change_publication"
CHECK, PUBLISH = "analytics.check_publication", "analytics.publish_publication"
PARTS = ("title", "said", "did", "result")
WORDS = tuple(f"{part}_{language}" for language in ("zh", "en") for part in PARTS)
# What has once been public keeps its address.
PUBLIC = (PublicationState.PUBLISHED, PublicationState.WITHDRAWN)


@dataclass(frozen=True, slots=True)
class Wording:
    """What it says in one language ("zh-hans" or "en")."""

    language: str
    title: str
    said: str
    did: str
    result: str


def _behind_is_seen(user: Any) -> Q:
    """Whose a problem was, nobody knows once it is deleted: what is about none is for who drafted
    it, and for who sees every team."""
    seen = Q(problem__in=Problem.objects.visible_to(user).values("pk"))
    whole = user.has_perm("accounts.view_every_team")
    return seen | (Q(problem=None) if whole else Q(problem=None, created_by=user))


class PublicationQuerySet(models.QuerySet["Publication"]):
    def visible_to(self, user: Any) -> PublicationQuerySet:
        """What is public, what is about a problem that this person may see, and what is about none
        as far as it is theirs (as in changeable_by)."""
        if not user.is_authenticated or not user.has_perm(READ):
            return self.none()
        if user.has_perm("accounts.view_every_team"):
            return self
        return self.filter(Q(state__in=PUBLIC) | _behind_is_seen(user))

    def changeable_by(self, user: Any) -> PublicationQuerySet:
        """What is about a problem that this person may see, public or not: what they may change as
        far as their permissions go, and whose customers are their business. What is about no
        problem (written by hand, or it was deleted) is so for whoever drafted it and for who sees
        every team."""
        if not user.is_authenticated or not user.has_perm(READ):
            return self.none()
        return self.filter(_behind_is_seen(user))

    def with_sight_of(self, user: Any) -> PublicationQuerySet:
        """Each with `sees_behind`: whether this person may see what is behind it (as in
        changeable_by). Where not, nothing of its problem, measure or customers is shown."""
        seen = ExpressionWrapper(_behind_is_seen(user), output_field=BooleanField())
        return self.annotate(sees_behind=seen)

    def published(self) -> PublicationQuerySet:
        return self.filter(state=PublicationState.PUBLISHED)


class Publication(models.Model):
    """What customers said, what was done (or is planned) about it, and what came of it, in plain
    words of one or two languages. Written by services.publications; what happened to it stands in
    its history (PublicationEntry)."""

    kind = models.CharField(
        _("kind"), max_length=4, choices=PublicationKind, default=PublicationKind.DONE
    )
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(2000), MaxValueValidator(2199)]
    )
    quarter = models.PositiveSmallIntegerField(
        _("quarter"), validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    title_zh = models.CharField(_("headline (Chinese)"), max_length=120, blank=True)
    title_en = models.CharField(_("headline (English)"), max_length=120, blank=True)
    said_zh = models.TextField(_("what customers said (Chinese)"), max_length=2000, blank=True)
    said_en = models.TextField(_("what customers said (English)"), max_length=2000, blank=True)
    did_zh = models.TextField(_("what we do (Chinese)"), max_length=2000, blank=True)
    did_en = models.TextField(_("what we do (English)"), max_length=2000, blank=True)
    result_zh = models.TextField(_("what came of it (Chinese)"), max_length=2000, blank=True)
    result_en = models.TextField(_("what came of it (English)"), max_length=2000, blank=True)
    state = models.CharField(
        _("state"), max_length=9, choices=PublicationState, default=PublicationState.DRAFT
    )
    problem = models.ForeignKey(
        "analytics.Problem",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="publications",
        verbose_name=_("problem"),
        help_text=_("Whose feedback is its evidence can be told."),
    )
    measure = models.ForeignKey(
        "analytics.Measure",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="publications",
        verbose_name=_("measure"),
    )
    effect = models.ForeignKey(
        "analytics.EffectCheck",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("measured effect"),
    )
    version = models.PositiveIntegerField(_("version"), default=1)
    # Digests of what was found and may stand there; why is in the history.
    allowed = models.JSONField(_("what may stand in it"), default=list, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("drafted by"),
    )
    created_at = models.DateTimeField(_("drafted"), default=timezone.now)
    changed_at = models.DateTimeField(_("changed"), default=timezone.now)
    # The first time: a correction makes nothing new.
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("publication")
        verbose_name_plural = _("publications")
        ordering = ["-pk"]
        permissions = [
            ("check_publication", "May check publications and comments on them"),
            ("publish_publication", "May publish, withdraw and tell customers"),
        ]
        indexes = [
            models.Index(fields=["-year", "-quarter", "-id"], name="publications_by_quarter")
        ]
        constraints = [
            models.CheckConstraint(name="a_quarter_is_1_to_4", condition=Q(quarter__range=(1, 4))),
            models.CheckConstraint(
                name="what_is_public_has_a_day",
                condition=~Q(state__in=["published", "withdrawn"]) | Q(published_at__isnull=False),
            ),
            models.CheckConstraint(
                name="what_is_withdrawn_has_a_day",
                condition=~Q(state="withdrawn") | Q(withdrawn_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.wording().title

    def get_absolute_url(self) -> str:
        return reverse("analytics:publication", args=[self.pk])

    @property
    def is_plan(self) -> bool:
        return self.kind == PublicationKind.PLAN

    @property
    def is_published(self) -> bool:
        return self.state == PublicationState.PUBLISHED

    @property
    def is_withdrawn(self) -> bool:
        return self.state == PublicationState.WITHDRAWN

    def public_path(self, language: str) -> str:
        """Its page for everybody, the same for ever."""
        return reverse(
            "analytics:published_item", args=["zh" if is_chinese(language) else "en", self.pk]
        )

    def in_language(self, language: str) -> Wording:
        """Whatever is written in that language, perhaps nothing."""
        end = "zh" if is_chinese(language) else "en"
        said = {part: getattr(self, f"{part}_{end}") for part in PARTS}
        return Wording("zh-hans" if end == "zh" else "en", **said)

    def is_complete_in(self, language: str) -> bool:
        """Whether it can be read in that language. A plan needs no result."""
        words = self.in_language(language)
        needed = (words.title, words.said, words.did, words.result or self.is_plan)
        return all(needed)

    def wording(self, language: str | None = None) -> Wording:
        """In that language (default: the active one) where it is complete in it, else in the
        other one."""
        wanted = "zh-hans" if is_chinese(language or get_language()) else "en"
        other = "en" if wanted == "zh-hans" else "zh-hans"
        if not self.is_complete_in(wanted) and (
            self.is_complete_in(other) or not self.in_language(wanted).title
        ):
            wanted = other
        return self.in_language(wanted)


def quarter_of(day: date) -> tuple[int, int]:
    """The year and which quarter of it, 1 to 4."""
    return day.year, (day.month + 2) // 3
