from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import Case, Exists, F, Func, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import Delivery, NotSent, OutgoingKind, OutgoingState
from accounts.models.mail_stop import MailStop
from accounts.rules.reply_codes import meaning_of

WAITING = (OutgoingState.QUEUED, OutgoingState.RETRY)
DOMAIN = Func(
    F("to_address"), Value("@"), Value(-1), function="split_part", output_field=models.TextField()
)
STOPPABLE = tuple(kind for kind in OutgoingKind if kind.can_be_stopped)
TO_MANY = tuple(kind for kind in OutgoingKind if kind.goes_to_many)
BY_ITSELF = tuple(kind for kind in OutgoingKind if kind.answers_by_itself)


class OutgoingMessageQuerySet(models.QuerySet["OutgoingMessage"]):
    def due(self, now: datetime) -> OutgoingMessageQuerySet:
        """To be sent now, including those whose sender died holding the lease."""
        waiting = Q(state__in=WAITING, not_before__lte=now)
        abandoned = Q(state=OutgoingState.SENDING, lease_until__lt=now)
        stopped = Q(kind__in=STOPPABLE) & Exists(MailStop.objects.in_force())
        return self.filter(waiting | abandoned).exclude(stopped)

    def held(self) -> OutgoingMessageQuerySet:
        """What waits, or would wait, for automatic mail to go on."""
        return self.filter(state__in=WAITING, kind__in=STOPPABLE)

    def urgent(self) -> OutgoingMessageQuerySet:
        """What somebody waits for."""
        return self.exclude(kind__in=TO_MANY)

    def by_urgency(self) -> OutgoingMessageQuerySet:
        """What somebody waits for before what we ask for."""
        return self.order_by(Case(When(kind__in=TO_MANY, then=1), default=0), "not_before", "pk")

    def really_to(self, address: str) -> OutgoingMessageQuerySet:
        """What went out, or will, to one address."""
        unsent = (OutgoingState.SUPPRESSED, OutgoingState.CANCELLED)
        return self.filter(to_address=address).exclude(state__in=unsent)


class OutgoingMessage(models.Model):
    """A mail that we promised to send. Its Message-ID is fixed before the first attempt, so
    that every retry is recognisable as the same mail."""

    key = models.UUIDField(_("key"), default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField(_("kind"), max_length=16, choices=OutgoingKind)
    customer = models.ForeignKey(
        "accounts.Customer",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("customer"),
    )
    to_address = models.EmailField(_("to"))
    to_name = models.CharField(_("name of the recipient"), max_length=200, blank=True)
    from_address = models.EmailField(_("from"))
    from_name = models.CharField(_("name of the sender"), max_length=200, blank=True)
    reply_to = models.CharField(_("answers go to"), max_length=254, blank=True)
    subject = models.CharField(_("subject"), max_length=255)
    body_text = models.TextField(_("text"))
    body_html = models.TextField(_("text as HTML"), blank=True)
    language = models.CharField(_("language"), max_length=10, blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=255, unique=True)
    in_reply_to = models.CharField(_("answers the mail"), max_length=998, blank=True)
    references = models.TextField(_("earlier mails"), blank=True)
    headers = models.JSONField(_("headers"), default=dict, blank=True)
    # [{"path": in the private storage, "name": …, "content_type": …}]; "text" instead of "path"
    # is the file itself.
    attachments = models.JSONField(_("attachments"), default=list, blank=True)
    # Says what this message is for, e.g. "ack:12": asking twice sends once.
    dedupe_key = models.CharField(
        _("key against duplicates"), max_length=120, unique=True, null=True, blank=True
    )

    state = models.CharField(
        _("state"), max_length=12, choices=OutgoingState, default=OutgoingState.QUEUED
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    not_before = models.DateTimeField(_("not before"), default=timezone.now)
    lease_until = models.DateTimeField(_("in hand until"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)
    # The connection first broke after the whole mail was on the wire, or the death of a sender
    # was noticed: the customer may have it twice, under one Message-ID.
    uncertain_at = models.DateTimeField(_("uncertain since"), null=True, blank=True)
    # The server's words; for a suppressed message the code of the reason (enums.NotSent).
    answer = models.TextField(_("the server's answer"), blank=True)
    delivery = models.CharField(
        _("delivery"), max_length=10, choices=Delivery, default=Delivery.UNKNOWN
    )
    created_at = models.DateTimeField(_("created"), default=timezone.now)
    # A person wants it to wait (services.holding). One that a sender has in hand obeys when it
    # comes back without having left.
    on_hold = models.BooleanField(
        _("to be held back"), default=False, db_default=False, editable=False
    )

    objects = OutgoingMessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("outgoing message")
        verbose_name_plural = _("outgoing messages")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["not_before"],
                name="outgoing_waiting",
                condition=Q(state__in=["queued", "retry", "sending"]),
            ),
            models.Index(fields=["to_address", "-created_at"], name="outgoing_by_address"),
            models.Index(fields=["sent_at"], name="outgoing_sent"),
            models.Index(
                fields=["-created_at"],
                name="outgoing_not_sent",
                condition=Q(state="suppressed"),
            ),
            models.Index(fields=["id"], name="outgoing_held", condition=Q(state="held")),
        ]
        constraints = [
            models.CheckConstraint(
                name="a_sent_message_has_a_date",
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
            ),
            models.CheckConstraint(
                name="whoever_sends_holds_a_lease",
                condition=~Q(state="sending") | Q(lease_until__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.to_address}"

    @property
    def explanation(self) -> str:
        """Why it stands as it stands, for people: the reason in their language, or what the
        server answered."""
        if self.state == OutgoingState.SUPPRESSED and self.answer in NotSent.values:
            return str(NotSent(self.answer).label)
        return self.answer

    @property
    def meaning(self) -> str:
        """What the server's answer means, for people; "" when nobody knows."""
        return "" if self.state == OutgoingState.SUPPRESSED else meaning_of(self.answer)

    @property
    def waits(self) -> bool:
        """Whether it can still be cancelled."""
        return self.state in {*WAITING, OutgoingState.HELD}

    @property
    def can_be_sent_again(self) -> bool:
        return self.state in {OutgoingState.FAILED, OutgoingState.UNCERTAIN}
