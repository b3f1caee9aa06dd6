from __future__ import annotations

from decimal import Decimal
from typing import Any

import pghistory
from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.kernel.bilingual import localized
from config.kernel.tokens import new_secret
from surveys.enums import RewardKind
from surveys.rules.lottery import seed_digest


def new_seed() -> str:
    return new_secret(24)


def new_token() -> str:
    return new_secret(12)


@pghistory.track(exclude=["seed", "granted", "spent", "drawn_at"])
class Reward(models.Model):
    """What valid responses to a survey are thanked with, within a budget."""

    survey = models.OneToOneField(
        "surveys.Survey", models.CASCADE, related_name="reward", verbose_name=_("survey")
    )
    kind = models.CharField(_("kind"), max_length=8, choices=RewardKind)
    name_zh = models.CharField(_("name (Chinese)"), max_length=120)
    name_en = models.CharField(_("name (English)"), max_length=120)
    note_zh = models.CharField(_("what to do with it (Chinese)"), max_length=500, blank=True)
    note_en = models.CharField(_("what to do with it (English)"), max_length=500, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    points = models.PositiveIntegerField(_("points"), default=0)
    winners = models.PositiveIntegerField(
        _("winners"), default=1, validators=[MinValueValidator(1)]
    )
    draws_on = models.DateField(_("drawn on"), null=True, blank=True)
    value = models.DecimalField(
        _("what one costs us"),
        max_digits=12,
        decimal_places=2,
        default=Decimal(0),
        validators=[MinValueValidator(0)],
    )
    budget = models.DecimalField(
        _("budget"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text=_("Empty: no cap."),
        validators=[MinValueValidator(0)],
    )
    # What has been promised; counted where the budget is asked, so that nobody overdraws it.
    granted = models.PositiveIntegerField(_("granted"), default=0, editable=False)
    spent = models.DecimalField(
        _("spent"), max_digits=14, decimal_places=2, default=Decimal(0), editable=False
    )
    # Of a lottery: published as a digest from the start, in clear after the draw.
    seed = models.CharField(_("seed"), max_length=40, default=new_seed, editable=False)
    token = models.CharField(
        _("key of the link"), max_length=40, unique=True, default=new_token, editable=False
    )
    drawn_at = models.DateTimeField(_("drawn"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("reward")
        verbose_name_plural = _("rewards")
        constraints = [
            models.CheckConstraint(
                name="points_are_worth_something",
                condition=~Q(kind="points") | Q(points__gt=0),
                violation_error_message=_("Say how many points."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return localized(self, "name")

    @property
    def note(self) -> str:
        return localized(self, "note")

    @property
    def seed_digest(self) -> str:
        return seed_digest(self.seed)

    @property
    def costs_by_grant(self) -> bool:
        """Coupons and points cost with each answer; a lottery costs what its winners get."""
        return self.kind != RewardKind.LOTTERY


class Coupon(models.Model):
    """One code of an imported list. It is given away once and never comes back."""

    reward = models.ForeignKey(
        Reward, models.CASCADE, related_name="coupons", verbose_name=_("reward")
    )
    code = models.CharField(_("code"), max_length=100)
    is_taken = models.BooleanField(_("given away"), default=False)

    class Meta:
        verbose_name = _("coupon")
        verbose_name_plural = _("coupons")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["reward", "code"], name="a_coupon_is_listed_once")
        ]
        indexes = [
            models.Index(fields=["reward", "id"], name="coupons_left", condition=Q(is_taken=False))
        ]

    def __str__(self) -> str:
        return self.code


class RewardGrantQuerySet(models.QuerySet["RewardGrant"]):
    def standing(self) -> RewardGrantQuerySet:
        return self.filter(withdrawn_at=None)


class RewardGrant(models.Model):
    """What one response was thanked with: a coupon, points, or a ticket of the lottery."""

    reward = models.ForeignKey(
        Reward, models.PROTECT, related_name="grants", verbose_name=_("reward")
    )
    response = models.OneToOneField(
        "surveys.Response", models.CASCADE, related_name="grant", verbose_name=_("response")
    )
    customer = models.ForeignKey(
        "accounts.Customer",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customer"),
    )
    coupon = models.OneToOneField(
        Coupon,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="grant",
        verbose_name=_("coupon"),
    )
    points = models.PositiveIntegerField(_("points"), default=0)
    ticket = models.CharField(_("ticket"), max_length=20, blank=True)
    is_winner = models.BooleanField(pgettext_lazy("of a ticket", "won"), default=False)
    # Of a winner: when the letter that says so was written.
    told_at = models.DateTimeField(_("told"), null=True, blank=True)
    granted_at = models.DateTimeField(_("granted"), default=timezone.now)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("withdrawn by"),
    )

    objects = RewardGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("granted reward")
        verbose_name_plural = _("granted rewards")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["reward", "ticket"], condition=~Q(ticket=""), name="a_ticket_is_given_once"
            )
        ]

    def __str__(self) -> str:
        return str(self.reward)


class PointsEntryQuerySet(models.QuerySet["PointsEntry"]):
    def balance_of(self, customer: Any) -> int:
        """What a customer has; entries are never changed, only added."""
        return int(self.filter(customer=customer).aggregate(sum=Sum("amount"))["sum"] or 0)


class PointsEntry(models.Model):
    """One line of a customer's account of points."""

    customer = models.ForeignKey(
        "accounts.Customer", models.CASCADE, related_name="+", verbose_name=_("customer")
    )
    amount = models.IntegerField(_("points"))
    grant = models.ForeignKey(
        RewardGrant,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("granted reward"),
    )
    at = models.DateTimeField(_("when"), default=timezone.now)

    objects = PointsEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("points entry")
        verbose_name_plural = _("points entries")
        ordering = ["-id"]
        indexes = [models.Index(fields=["customer", "-id"], name="points_of_customer")]

    def __str__(self) -> str:
        return f"{self.amount:+d}"
