from __future__ import annotations

from datetime import datetime

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import NullIf
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import ContactKind, SuppressionReason, Tier
from accounts.models.custom_field import CustomValues, custom_index
from accounts.models.customer_tag import CustomerTag

# Without those who have none; the index has it in the same words.
BY_NAME = NullIf("name", Value(""))


class CustomerQuerySet(models.QuerySet["Customer"]):
    def known(self) -> CustomerQuerySet:
        """Without those whose data were erased, those who turned out to be another one, and
        whoever stands for our own staff."""
        return self.filter(erased_at=None, merged_into=None, is_house=False)

    def matching(self, words: str) -> CustomerQuerySet:
        """By a piece of the name or of any contact."""
        words = words.strip()
        if not words:
            return self
        points = ContactPoint.objects.filter(value__icontains=words).values("customer")
        return self.filter(Q(name__icontains=words) | Q(pk__in=points))

    def for_list(self) -> CustomerQuerySet:
        return self.select_related("organisation", "owner").prefetch_related("contact_points")


@pghistory.track()
class Customer(models.Model):
    """A person who tells us something, whatever the channel."""

    name = models.CharField(_("name"), max_length=200, blank=True)
    organisation = models.ForeignKey(
        "accounts.Organisation",
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("organisation"),
        related_name="customers",
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    tier = models.CharField(_("tier"), max_length=10, choices=Tier, default=Tier.STANDARD)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("success manager"),
        related_name="+",
    )
    preferred_channel = models.CharField(
        _("likes to be reached by"), max_length=10, choices=ContactKind, blank=True
    )
    do_not_contact_at = models.DateTimeField(_("asked not to be contacted"), null=True, blank=True)
    note = models.TextField(_("note for staff"), blank=True)
    custom = CustomValues()
    # A legal hold: nothing of theirs may be removed as long as it stands.
    held_at = models.DateTimeField(_("held since"), null=True, blank=True, editable=False)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        db_index=False,
        verbose_name=_("held by"),
        related_name="+",
    )
    hold_reason = models.CharField(
        _("held because"), max_length=500, blank=True, db_default="", editable=False
    )
    created_at = models.DateTimeField(_("known since"), default=timezone.now, editable=False)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)
    merged_into = models.ForeignKey(
        "self",
        models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("is the same as"),
    )
    tags: models.ManyToManyField[CustomerTag, models.Model] = models.ManyToManyField(
        CustomerTag, blank=True, related_name="customers", verbose_name=_("tags")
    )
    # What must not be erased or changed for now, for example because of a lawsuit.
    legal_hold = models.BooleanField(_("legal hold"), default=False, db_default=False)
    is_demo = models.BooleanField(_("of the demo"), default=False, editable=False)
    # The one who stands for all who work here (one more for those of the demo), whose
    # suggestions are records, too.
    is_house = models.BooleanField(
        _("stands for our own staff"), default=False, db_default=False, editable=False
    )

    objects = CustomerQuerySet.as_manager()

    # Of somebody made a moment ago: what they can be reached by, so that nobody need look it up.
    first_points: tuple[ContactPoint, ...] | None = None

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        ordering = ["-id"]
        indexes = [
            custom_index("customer_custom"),
            models.Index(BY_NAME.asc(nulls_last=True), F("id").asc(), name="customers_by_name"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["is_demo"], condition=Q(is_house=True), name="one_house_of_each_kind"
            )
        ]

    def __str__(self) -> str:
        return self.name or str(_("Customer %(id)s")) % {"id": self.pk}

    @property
    def email(self) -> str:
        """The address to write to; "" when there is none. Uses prefetched contact points."""
        there = self.contact_points.all() if self.first_points is None else self.first_points
        points = [p for p in there if p.kind == ContactKind.EMAIL]
        points.sort(key=lambda p: (not p.is_primary, p.pk))
        return points[0].value if points else ""


class ContactPointQuerySet(models.QuerySet["ContactPoint"]):
    def blocked(self, now: datetime) -> ContactPointQuerySet:
        """Those to which no automatic mail goes."""
        over = Q(suppressed_until__lte=now)
        return self.filter(suppressed_at__isnull=False).exclude(over)

    def email(self, address: str) -> ContactPointQuerySet:
        return self.filter(kind=ContactKind.EMAIL, value=address.strip().lower())


@pghistory.track()
class ContactPoint(models.Model):
    """One way to reach a customer. `value` is stored normalised (rules.contact)."""

    customer = models.ForeignKey(
        Customer, models.CASCADE, related_name="contact_points", verbose_name=_("customer")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ContactKind)
    value = models.CharField(_("value"), max_length=254)
    is_primary = models.BooleanField(_("primary"), default=False)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    suppressed_at = models.DateTimeField(_("not to be used since"), null=True, blank=True)
    suppressed_reason = models.CharField(
        _("because"), max_length=10, choices=SuppressionReason, blank=True
    )
    # Null: until somebody lifts it.
    suppressed_until = models.DateTimeField(_("not to be used until"), null=True, blank=True)
    # How it began, in the words of the server or of whoever blocked it; after it was lifted by a
    # person, why.
    suppressed_note = models.CharField(
        _("how it began"),
        max_length=500,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    soft_bounces = models.PositiveSmallIntegerField(_("times delayed"), default=0, editable=False)
    last_bounce_at = models.DateTimeField(
        _("last came back"), null=True, blank=True, editable=False
    )

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        indexes = [
            models.Index(
                fields=["-suppressed_at"],
                name="blocked_contacts",
                condition=Q(suppressed_at__isnull=False),
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["kind", "value"], name="a_contact_belongs_to_one"),
            models.CheckConstraint(
                name="a_suppressed_contact_says_why",
                condition=Q(suppressed_at=None) | ~Q(suppressed_reason=""),
            ),
        ]

    def __str__(self) -> str:
        return self.value

    @property
    def is_blocked(self) -> bool:
        """Whether no automatic mail goes there now."""
        until = self.suppressed_until
        return self.suppressed_at is not None and (until is None or until > timezone.now())
