from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from feedback.enums import Channel, Direction, MailFlag
from feedback.models.feedback import Feedback
from feedback.models.reply_template import ReplyTemplate


class MessageQuerySet(models.QuerySet["Message"]):
    def in_conversation_of(self, feedback: Feedback) -> MessageQuerySet:
        """Its own and those of the records that were merged into it; nothing was moved."""
        group = Feedback.objects.merged_with(feedback).order_by()
        return self.filter(feedback__in=group.values("pk"))

    def for_staff(self) -> MessageQuerySet:
        return (
            self.select_related("author", "outgoing")
            .prefetch_related("attachments")
            .order_by("created_at", "pk")
        )

    def for_customer(self) -> MessageQuerySet:
        """What the customer may read: never a note, and of automatic mail only ours."""
        return (
            self.exclude(direction=Direction.NOTE)
            .filter(is_recalled=False)
            .exclude(direction=Direction.IN, is_automatic=True)
            .select_related("author")
            .prefetch_related("attachments")
            .order_by("created_at", "pk")
        )


class Message(models.Model):
    """One message of a conversation: in, out, or a note that stays inside."""

    feedback = models.ForeignKey(
        "feedback.Feedback", models.CASCADE, related_name="messages", verbose_name=_("feedback")
    )
    direction = models.CharField(_("direction"), max_length=4, choices=Direction)
    channel = models.CharField(_("channel"), max_length=12, choices=Channel)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("author"),
    )
    # As it was then: people leave, customers change their name.
    author_name = models.CharField(_("name of the author"), max_length=200, blank=True)
    author_address = models.CharField(_("address of the author"), max_length=254, blank=True)
    text = models.TextField(_("text"))
    # What stood below it when it went out.
    signature = models.TextField(_("signature"), blank=True, default="", db_default="")
    # The whole mail with everything quoted, when it is more than `text`.
    full_text = models.TextField(_("whole text"), blank=True)
    # As the sender wrote it. Only ever shown through channels.email.safe_html.
    html = models.TextField(_("HTML"), blank=True)
    # The mail's own subject, where it is neither the record's nor one we wrote under.
    subject = models.CharField(_("subject"), max_length=255, blank=True, default="", db_default="")
    # Warnings about its sender: values of MailFlag.
    flags = models.JSONField(_("warnings"), default=list, db_default=[], blank=True)
    # Of a mail whose server we believe: what it found out about the sender, as
    # channels.email.authentication.Authentication.as_json; else empty.
    authentication = models.JSONField(_("sender check"), default=dict, db_default={}, blank=True)
    # Of a colleague's mail that nothing proves: whose mail it forwards, {"address", "name"}.
    forwarded = models.JSONField(_("forwarded mail"), default=dict, db_default={}, blank=True)
    is_automatic = models.BooleanField(_("automatic"), default=False)
    # From somebody who is not the customer of this record.
    is_third_party = models.BooleanField(_("not the customer"), default=False)
    is_recalled = models.BooleanField(_("taken back"), default=False)
    # Of a note: who is mentioned, as {"id": …, "as": what stands behind the @}.
    mentions = models.JSONField(_("mentions"), default=list, db_default=[], blank=True)
    outgoing = models.OneToOneField(
        "accounts.OutgoingMessage",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("outgoing message"),
    )
    # What it was written from, for counting.
    templates: models.ManyToManyField[ReplyTemplate, models.Model] = models.ManyToManyField(
        "feedback.ReplyTemplate",
        related_name="messages",
        editable=False,
        verbose_name=_("reply templates"),
    )
    # Same key, same message: a form sent twice.
    submission_key = models.CharField(  # noqa: DJ001 - null = no key, and unique
        _("key of the form"),
        max_length=64,
        unique=True,
        null=True,
        editable=False,
    )
    created_at = models.DateTimeField(_("at"), default=timezone.now)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["feedback", "created_at"], name="conversation")]
        constraints = [
            models.CheckConstraint(
                name="a_note_is_never_sent",
                condition=~Q(direction="note") | Q(outgoing__isnull=True),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_direction_display()} {self.pk}"

    @property
    def warnings(self) -> list[str]:
        """What is said beside it about its sender, in the reader's language."""
        return [self._warning(MailFlag(one)) for one in self.flags if one in MailFlag.values]

    def _warning(self, flag: MailFlag) -> str:
        said = [
            f"{name.upper()} {self.authentication[name]}"
            for name in ("dmarc", "spf", "dkim")
            if self.authentication.get(name)
        ]
        if flag != MailFlag.UNVERIFIED or not said:
            return str(flag.label)
        return f"{flag.label} ({', '.join(said)})"
