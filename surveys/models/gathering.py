from __future__ import annotations

import secrets
from datetime import datetime, timedelta

import pghistory
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from config.kernel.bilingual import localized
from config.kernel.time_zones import known_time_zones
from surveys.enums import AskedAfter, BookingState, GatheringKind, GatheringState
from surveys.rules.moments import span_in
from surveys.rules.reminding import EARLIEST, LATEST, usual_reminders

DAY = timedelta(days=1)


def new_slug() -> str:
    return secrets.token_hex(5)


def usual_zone() -> str:
    return settings.TIME_ZONE


def ensure_zone(value: str) -> None:
    if value not in known_time_zones():
        raise ValidationError(_("This time zone is not known."))


def ensure_reminders(value: object) -> None:
    fits = isinstance(value, list) and all(
        isinstance(one, int) and LATEST <= one <= EARLIEST for one in value
    )
    if not fits:
        raise ValidationError(_("Reminders are minutes before the event begins."))


class GatheringQuerySet(models.QuerySet["Gathering"]):
    def upcoming(self, now: datetime) -> GatheringQuerySet:
        """Not over yet, the next first."""
        return self.filter(ends_at__gt=now).order_by("begins_at", "pk")

    def past(self, now: datetime) -> GatheringQuerySet:
        return self.filter(ends_at__lte=now).order_by("-begins_at", "-pk")

    def with_counts(self) -> GatheringQuerySet:
        """`booked`, `waiting` and `came`: how many sign-ups are so."""
        booked = Q(bookings__state=BookingState.BOOKED)
        return self.annotate(
            booked=Count("bookings", filter=booked),
            waiting=Count("bookings", filter=Q(bookings__state=BookingState.WAITING)),
            came=Count("bookings", filter=booked & Q(bookings__attended=True)),
        )


@pghistory.track(exclude=["reminded", "revision"])
class Gathering(models.Model):
    """An event to which customers come, in a room or online: people sign up for a place."""

    slug = models.SlugField(
        _("address of its page"),
        max_length=60,
        unique=True,
        default=new_slug,
        validators=[RegexValidator(r"^[a-z0-9][a-z0-9-]{2,59}$")],
        help_text=_("Small letters, digits and “-”, three at least."),
    )
    kind = models.CharField(
        _("kind"), max_length=12, choices=GatheringKind, default=GatheringKind.WEBINAR
    )
    title_zh = models.CharField(_("title (Chinese)"), max_length=200)
    title_en = models.CharField(_("title (English)"), max_length=200)
    description_zh = models.TextField(_("what it is about (Chinese)"), max_length=5000, blank=True)
    description_en = models.TextField(_("what it is about (English)"), max_length=5000, blank=True)
    place_zh = models.CharField(_("place (Chinese)"), max_length=300, blank=True)
    place_en = models.CharField(_("place (English)"), max_length=300, blank=True)
    online_link = models.URLField(
        _("link to take part"),
        max_length=500,
        blank=True,
        help_text=_("Only whoever has a place sees it."),
    )
    begins_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    time_zone = models.CharField(
        _("time zone"), max_length=60, default=usual_zone, validators=[ensure_zone]
    )
    capacity = models.PositiveIntegerField(
        _("places"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("Empty: as many as come."),
    )
    has_waiting_list = models.BooleanField(
        _("waiting list"),
        default=True,
        help_text=_("Whoever waits moves up by itself when a place becomes free."),
    )
    opens_at = models.DateTimeField(_("sign-up from"), null=True, blank=True)
    closes_at = models.DateTimeField(
        _("sign-up until"), null=True, blank=True, help_text=_("Empty: until it begins.")
    )
    state = models.CharField(
        _("state"), max_length=10, choices=GatheringState, default=GatheringState.DRAFT
    )
    reminders = models.JSONField(
        pgettext_lazy("of an event", "reminders"),
        default=usual_reminders,
        blank=True,
        validators=[ensure_reminders],
    )
    # Names of reminders (rules.reminding.name_of) that were dealt with.
    reminded = models.JSONField(_("reminders dealt with"), default=list, editable=False)
    survey = models.ForeignKey(
        "surveys.Survey",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("survey after it"),
    )
    asked_after = models.CharField(
        _("who is asked"), max_length=12, choices=AskedAfter, default=AskedAfter.CAME_OR_ALL
    )
    survey_hours = models.PositiveSmallIntegerField(
        _("hours after its end"), default=2, validators=[MaxValueValidator(24 * 14)]
    )
    # By which the survey goes out; made when it does.
    collector = models.ForeignKey(
        "surveys.Collector",
        models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("collector"),
    )
    surveyed_at = models.DateTimeField(_("survey sent"), null=True, blank=True, editable=False)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("owner"),
    )
    team = models.ForeignKey(
        "accounts.Team",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
        help_text=_("Gets the feedback that notes become."),
    )
    # Counts what participants' calendars must learn of.
    revision = models.PositiveIntegerField(_("revision"), default=0, editable=False)
    created_at = models.DateTimeField(_("created"), default=timezone.now, editable=False)
    cancelled_at = models.DateTimeField(_("called off"), null=True, blank=True, editable=False)
    cancelled_why_zh = models.CharField(_("why (Chinese)"), max_length=500, blank=True)
    cancelled_why_en = models.CharField(_("why (English)"), max_length=500, blank=True)

    objects = GatheringQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("people come together", "event")
        verbose_name_plural = pgettext_lazy("people come together", "events")
        ordering = ["-begins_at", "-pk"]
        indexes = [
            models.Index(fields=["ends_at"], name="gathering_by_end"),
            models.Index(fields=["state", "begins_at"], name="gathering_to_remind"),
        ]
        constraints = [
            models.CheckConstraint(
                name="an_event_ends_after_it_begins",
                condition=Q(ends_at__gt=F("begins_at")),
                violation_error_message=_("It must end after it begins."),
            ),
            models.CheckConstraint(
                name="sign_up_ends_after_it_begins",
                condition=Q(opens_at=None) | Q(closes_at=None) | Q(closes_at__gt=F("opens_at")),
                violation_error_message=_("Sign-up must close after it opens."),
            ),
            models.CheckConstraint(
                name="an_event_has_a_place_at_least",
                condition=Q(capacity=None) | Q(capacity__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return localized(self, "title")

    @property
    def description(self) -> str:
        return localized(self, "description")

    @property
    def place(self) -> str:
        return localized(self, "place")

    @property
    def cancelled_why(self) -> str:
        return localized(self, "cancelled_why")

    @property
    def when(self) -> str:
        """As the clocks at the place of the event show it."""
        return span_in(self.begins_at, self.ends_at, self.time_zone)

    @property
    def is_online(self) -> bool:
        """People take part from where they are."""
        return bool(self.online_link) and not self.place

    @property
    def is_open(self) -> bool:
        return self.state == GatheringState.OPEN

    @property
    def is_cancelled(self) -> bool:
        return self.state == GatheringState.CANCELLED

    @property
    def has_begun(self) -> bool:
        return self.begins_at <= timezone.now()

    @property
    def is_near(self) -> bool:
        """From a day before on, people may come in."""
        return self.begins_at - DAY <= timezone.now()

    @property
    def is_over(self) -> bool:
        return self.ends_at <= timezone.now()
