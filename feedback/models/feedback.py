from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models.custom_field import CustomValues, custom_index
from config.kernel.tokens import signature
from feedback.enums import (
    DONE_STATES,
    OPEN_STATES,
    Channel,
    JourneyStage,
    Priority,
    State,
)
from feedback.models.sla_clock import SLAClock

if TYPE_CHECKING:
    from accounts.models import User
    from feedback.models.message import Message


class NextNumber(Func):
    """The next human number; a sequence, so that two records never race for one."""

    template = "nextval('feedback_number')"
    output_field = models.BigIntegerField()

    def __init__(self) -> None:
        super().__init__()


def visible_condition(user: Any, prefix: str = "") -> Q:
    """What a record has to be for a member of staff without the permission to see every team:
    also of rows that point at one, by the way to it ("feedback__")."""
    mine: list[tuple[str, Any]] = [
        ("team__in", user.memberships.values("team")),
        ("team", None),
        ("assignee", user),
    ]
    return Q(*((f"{prefix}{name}", value) for name, value in mine), _connector=Q.OR)


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def visible_to(self, user: Any) -> FeedbackQuerySet:
        """What a member of staff may see: their teams' records, their own, and those that no
        team has yet; everything with the permission to see every team."""
        if not user.is_authenticated or not user.is_active:
            return self.none()
        if user.has_perm("accounts.view_every_team"):
            return self
        return self.filter(visible_condition(user))

    def open(self) -> FeedbackQuerySet:
        return self.filter(state__in=OPEN_STATES)

    def real(self) -> FeedbackQuerySet:
        """Counts in figures: neither spam nor merged into another record."""
        return self.exclude(state__in=[State.SPAM, State.MERGED])

    def of_customers(self) -> FeedbackQuerySet:
        """Counts in figures about customers: what is real, without the suggestions of staff."""
        return self.real().exclude(channel=Channel.STAFF)

    def merged_with(self, feedback: Feedback) -> FeedbackQuerySet:
        """The record and those that were merged into it: one conversation."""
        return self.filter(Q(pk=feedback.pk) | Q(merged_into=feedback.pk))

    def unassigned(self) -> FeedbackQuerySet:
        return self.filter(assignee=None)

    def assigned_to(self, user: User) -> FeedbackQuerySet:
        return self.filter(assignee=user)

    def overdue(self, now: datetime) -> FeedbackQuerySet:
        """Something that was promised should have happened by now. While the clock of a record
        stands still it has no `reply_due_at`."""
        return self.open().filter(reply_due_at__lt=now)

    def for_queue_page(
        self, *, related: Iterable[str] = (), only: Iterable[str] = ()
    ) -> FeedbackQuerySet:
        """What a row of the queue shows, and nothing else. `due_metric` and `due_warn_at`: what
        is due first, or stands still, and from when on that is a warning. `related` and `only`
        are what its further columns read."""
        soonest = SLAClock.objects.filter(feedback=OuterRef("pk")).live().soonest_first()
        rows = self.annotate(
            due_metric=Subquery(soonest.values("metric")[:1]),
            due_warn_at=Subquery(soonest.values("warn_at")[:1]),
        )
        usual = ("customer", "status", "assignee", "category")
        return rows.select_related(*usual, *related).only(
            "number",
            "subject",
            "channel",
            "state",
            "priority",
            "received_at",
            "reply_due_at",
            "snoozed_until",
            "last_customer_message_at",
            "last_staff_message_at",
            "customer__name",
            "customer__tier",
            "status__name_zh",
            "status__name_en",
            "assignee__name",
            "category__name_zh",
            "category__name_en",
            *only,
        )

    def for_record_page(self) -> FeedbackQuerySet:
        return self.select_related(
            "customer__organisation",
            "customer__owner",
            "status",
            "team",
            "assignee",
            "category",
            "product",
            "form",
            "merged_into",
            "follow_up_of",
            "quality",
            "hold",
        ).defer(*_of_a_link("merged_into"), *_of_a_link("follow_up_of"))


def _of_a_link(name: str) -> Iterable[str]:
    """The columns of another record that is only named: all but its number and subject."""
    named = {"id", "number", "subject"}
    return (
        f"{name}__{one.name}" for one in Feedback._meta.concrete_fields if one.name not in named
    )


class Feedback(models.Model):
    """One thing one customer told us, whatever the channel."""

    number = models.BigIntegerField(
        _("number"), unique=True, editable=False, db_default=NextNumber()
    )
    channel = models.CharField(_("channel"), max_length=12, choices=Channel)
    subject = models.CharField(_("subject"), max_length=255)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    customer = models.ForeignKey(
        "accounts.Customer", models.PROTECT, related_name="+", verbose_name=_("customer")
    )
    mailbox = models.ForeignKey(
        "feedback.Mailbox",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("mailbox"),
    )

    status = models.ForeignKey(
        "feedback.Status", models.PROTECT, related_name="+", verbose_name=_("status")
    )
    # status.state, written together with it by services.workflow: indexes need it in this table.
    state = models.CharField(_("state"), max_length=20, choices=State, editable=False)
    priority = models.PositiveSmallIntegerField(
        _("priority"), choices=Priority, default=Priority.NORMAL
    )
    category = models.ForeignKey(
        "feedback.Category",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("category"),
    )
    # Ids of categories that it is about beside the first; services.further_categories.
    also_categories = ArrayField(
        models.BigIntegerField(),
        default=list,
        db_default=[],
        editable=False,
        verbose_name=_("further categories"),
    )
    tags = models.ManyToManyField(
        "feedback.Tag", blank=True, related_name="+", verbose_name=_("tags")
    )
    team = models.ForeignKey(
        "accounts.Team",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("team"),
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("assignee"),
    )

    product = models.ForeignKey(
        "feedback.Product",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("product"),
    )
    order_number = models.CharField(_("order number"), max_length=60, blank=True)
    place = models.CharField(_("place"), max_length=120, blank=True)
    journey_stage = models.CharField(_("stage"), max_length=10, choices=JourneyStage, blank=True)

    custom = CustomValues()

    received_at = models.DateTimeField(_("received"), default=timezone.now)
    # The first of what is promised (feedback.SLAClock), written by services.sla_clocks; null when
    # nothing is, or while the clocks stand still.
    reply_due_at = models.DateTimeField(_("answer due"), null=True, blank=True)
    # Since when it is treated as negative; written by services.negative.
    negative_at = models.DateTimeField(_("negative since"), null=True, blank=True, editable=False)
    # How the customer feels, from -100 to 100, and who says so (a rule, an analysis, a person).
    sentiment = models.SmallIntegerField(_("sentiment"), null=True, blank=True, editable=False)
    sentiment_source = models.CharField(
        _("source of the sentiment"),
        max_length=20,
        blank=True,
        default="",
        db_default="",
        editable=False,
    )
    # The first day by which an open commitment is to be kept; written by services.commitments.
    promised_on = models.DateField(_("promised for"), null=True, blank=True, editable=False)
    first_response_at = models.DateTimeField(_("first answer"), null=True, blank=True)
    # Start of the oldest customer message that nobody has answered; null when it is not our turn.
    waiting_since = models.DateTimeField(_("waiting since"), null=True, blank=True)
    last_customer_message_at = models.DateTimeField(
        _("customer last wrote"), null=True, blank=True
    )
    last_staff_message_at = models.DateTimeField(_("staff last wrote"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("resolved by"),
    )
    resolved_team = models.ForeignKey(
        "accounts.Team",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("resolved by the team"),
    )
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    reopened_count = models.PositiveSmallIntegerField(_("times reopened"), default=0)
    # Nobody need look at it before then (services.snoozing); nothing that was promised waits.
    snoozed_until = models.DateTimeField(_("snoozed until"), null=True, blank=True)
    snoozed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("snoozed by"),
    )

    # By which form a customer wrote; what came otherwise, or before there were several, has none.
    form = models.ForeignKey(
        "feedback.FormDefinition",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name=_("form"),
    )

    satisfaction = models.PositiveSmallIntegerField(_("satisfaction"), null=True, blank=True)
    satisfaction_at = models.DateTimeField(_("rated"), null=True, blank=True)
    solved_for_customer = models.BooleanField(
        _("solved, says the customer"), null=True, blank=True
    )

    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    follow_up_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="follow_ups",
        verbose_name=_("follows"),
    )
    # What could tell who it was is gone (services.anonymising); so are all words with the second.
    anonymised_at = models.DateTimeField(_("anonymised"), null=True, editable=False)
    contents_deleted_at = models.DateTimeField(_("contents deleted"), null=True, editable=False)
    # Counts every change that people make here; a form that saw another version gets a 409.
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    # Part of the status link's signature: adding one makes every old link useless.
    link_epoch = models.PositiveSmallIntegerField(
        _("generation of links"), default=1, editable=False
    )
    # Same key, same record: a form sent twice, an API call repeated.
    submission_key = models.CharField(  # noqa: DJ001 - null = no key, and unique
        _("key of the form"),
        max_length=64,
        unique=True,
        null=True,
        editable=False,
    )

    objects = FeedbackQuerySet.as_manager()

    # Of a record made a moment ago: what it began with, so that nobody need look it up.
    first_message: Message | None = None

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-id"]
        permissions = [
            ("reply_feedback", "May answer customers"),
            ("reopen_closed_feedback", "May reopen what is closed for good"),
        ]
        indexes = [
            models.Index(
                F("reply_due_at").asc(nulls_last=True),
                F("id").desc(),
                name="feedback_open_due",
                condition=Q(state__in=["new", "open", "waiting_customer", "waiting_third"]),
                # All that the numbers beside the lists count by, so that they read nothing else.
                include=[
                    "state",
                    "team",
                    "assignee",
                    "snoozed_until",
                    "promised_on",
                    "negative_at",
                ],
            ),
            models.Index(
                fields=["snoozed_until"],
                name="feedback_snoozed",
                condition=Q(snoozed_until__isnull=False),
            ),
            models.Index(
                fields=["team", "state", "-id"],
                name="feedback_open_of_team",
                condition=Q(state__in=["new", "open", "waiting_customer", "waiting_third"]),
            ),
            models.Index(
                fields=["assignee", "state", "-id"],
                name="feedback_open_of_assignee",
                condition=Q(state__in=["new", "open", "waiting_customer", "waiting_third"]),
            ),
            models.Index(fields=["customer", "-id"], name="feedback_of_customer"),
            GinIndex(fields=["also_categories"], name="feedback_also_about"),
            models.Index(
                fields=["negative_at"],
                name="feedback_negative",
                condition=Q(negative_at__isnull=False),
            ),
            models.Index(
                fields=["promised_on"],
                name="feedback_promised",
                condition=Q(promised_on__isnull=False),
            ),
            # Counting reads these alone: what happened when, what a figure groups by, and what
            # decides who may see it (state, team, assignee).
            models.Index(
                fields=["received_at"],
                name="feedback_received",
                include=[
                    "channel",
                    "category",
                    "state",
                    "team",
                    "assignee",
                    "resolved_at",
                    "reopened_count",
                ],
            ),
            models.Index(
                fields=["first_response_at"],
                name="feedback_answered",
                condition=Q(first_response_at__isnull=False),
                include=["received_at", "state", "team", "assignee"],
            ),
            models.Index(
                fields=["resolved_at"],
                name="feedback_resolved",
                condition=Q(resolved_at__isnull=False),
                include=["received_at", "state", "team", "assignee", "category", "channel"],
            ),
            models.Index(
                fields=["satisfaction_at"],
                name="feedback_rated",
                condition=Q(satisfaction__isnull=False),
                include=["satisfaction", "state", "team", "assignee", "category"],
            ),
            custom_index("feedback_custom"),
            models.Index(
                fields=["form"], name="feedback_of_form", condition=Q(form__isnull=False)
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="resolved_feedback_has_a_date",
                condition=~Q(state="resolved") | Q(resolved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="merged_feedback_says_where_to",
                condition=~Q(state="merged") | Q(merged_into__isnull=False),
            ),
            models.CheckConstraint(
                name="sentiment_is_between_minus_and_plus_100",
                condition=Q(sentiment=None) | Q(sentiment__range=(-100, 100)),
            ),
            models.CheckConstraint(
                name="satisfaction_is_one_to_five",
                condition=Q(satisfaction=None) | Q(satisfaction__range=(1, 5)),
            ),
            models.CheckConstraint(
                name="feedback_has_a_known_state", condition=Q(state__in=State.values)
            ),
        ]

    def __str__(self) -> str:
        # Without words of a customer: it goes into titles, logs and histories.
        return f"#{self.number}"

    def get_absolute_url(self) -> str:
        return reverse("feedback:record", args=[self.number])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def is_done(self) -> bool:
        return self.state in DONE_STATES

    @property
    def status_token(self) -> str:
        """What opens the customer's status page: the number and a signature, nothing stored."""
        return f"{self.number}-{signature('status-page', f'{self.number}.{self.link_epoch}')}"
