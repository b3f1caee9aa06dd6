from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.kernel.numbers import row_id
from config.kernel.punctuation import with_aside
from config.kernel.tokens import signature, signature_holds
from surveys.enums import BookedBy, BookingState

LINK = "event-booking"


class BookingQuerySet(models.QuerySet["Booking"]):
    def booked(self) -> BookingQuerySet:
        return self.filter(state=BookingState.BOOKED)

    def in_line(self) -> BookingQuerySet:
        """Who waits, the first first."""
        return self.filter(state=BookingState.WAITING).order_by("booked_at", "pk")

    def standing(self) -> BookingQuerySet:
        """Who has a place or waits for one."""
        return self.exclude(state=BookingState.CANCELLED)

    def of_token(self, token: str) -> Booking | None:
        """The sign-up whose secret link this is; None for a wrong one."""
        number, _, given = token.partition("-")
        pk = row_id(number)
        booking = self.filter(pk=pk).first() if pk is not None else None
        if booking is None or not signature_holds(LINK, booking.signed, given):
            return None
        return booking


class Booking(models.Model):
    """One person's sign-up for an event: with a place, waiting for one, or cancelled.

    The link to it carries the number of this row and a signature over it, as that of an
    invitation; counting `link_epoch` up makes it useless.
    """

    gathering = models.ForeignKey(
        "surveys.Gathering",
        models.CASCADE,
        related_name="bookings",
        verbose_name=pgettext_lazy("people come together", "event"),
    )
    customer = models.ForeignKey(
        "accounts.Customer",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customer"),
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    # Empty for somebody who came without one, and for who was forgotten.
    address = models.CharField(_("e-mail address"), max_length=254, blank=True)
    remark = models.CharField(_("what we should know"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    state = models.CharField(_("state"), max_length=10, choices=BookingState)
    how = models.CharField(
        _("signed up by"), max_length=6, choices=BookedBy, default=BookedBy.PAGE
    )
    # None: nobody has said.
    attended = models.BooleanField(_("came"), null=True, blank=True)
    attended_at = models.DateTimeField(_("ticked"), null=True, blank=True)
    # The order of the waiting list.
    booked_at = models.DateTimeField(_("signed up"), default=timezone.now)
    moved_up_at = models.DateTimeField(_("moved up"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True)
    link_epoch = models.PositiveSmallIntegerField(
        _("generation of links"), default=1, editable=False
    )
    # How many mails about it were ordered: tells one from the next.
    mails = models.PositiveIntegerField(_("mails ordered"), default=0, editable=False)

    objects = BookingQuerySet.as_manager()

    class Meta:
        verbose_name = _("sign-up for an event")
        verbose_name_plural = _("sign-ups for events")
        ordering = ["booked_at", "pk"]
        indexes = [
            models.Index(fields=["customer", "-booked_at"], name="booking_of_customer"),
            models.Index(fields=["gathering", "state", "booked_at"], name="booking_in_line"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["gathering", "address"],
                condition=~Q(address=""),
                name="an_address_signs_up_once_for_an_event",
            )
        ]

    def __str__(self) -> str:
        return with_aside(self.name or self.address or "–", self.get_state_display())

    @property
    def called(self) -> str:
        """The name to show; the address of whoever gave none."""
        return self.name or self.address or "–"

    @property
    def signed(self) -> str:
        return f"{self.pk}.{self.link_epoch}"

    @property
    def token(self) -> str:
        return f"{self.pk}-{signature(LINK, self.signed)}"

    @property
    def is_booked(self) -> bool:
        return self.state == BookingState.BOOKED

    @property
    def is_cancelled(self) -> bool:
        return self.state == BookingState.CANCELLED
