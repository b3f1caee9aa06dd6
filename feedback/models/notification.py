from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from feedback.enums import MailWhen, NoticeKind
from feedback.models.feedback import Feedback


class NotificationQuerySet(models.QuerySet["Notification"]):
    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at=None, is_listed=True)

    def of(self, user: User) -> NotificationQuerySet:
        """Those in this person's list, about records that they may still see, or about pages."""
        visible = Feedback.objects.visible_to(user).values("pk")
        seen = Q(feedback__in=visible) | Q(feedback=None)
        return self.filter(seen, user=user, is_listed=True)

    def to_mail(self, now: datetime) -> NotificationQuerySet:
        """Wanted by mail, due, and not read in the product meanwhile."""
        return self.filter(mail_after__lte=now, mailed_at=None, read_at=None)


class Notification(models.Model):
    """Something that a person should know about a record, or about a page of the product."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("for")
    )
    feedback = models.ForeignKey(
        "feedback.Feedback",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("feedback"),
    )
    kind = models.CharField(_("what"), max_length=10, choices=NoticeKind)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    message = models.ForeignKey(
        "feedback.Message",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("message"),
    )
    # Codes and moments that its sentence needs: of a promise {"metric", "due", "on"}; of a page
    # {"page": its address, "title", "text": what somebody wrote there}.
    about = models.JSONField(_("about"), default=dict, db_default={}, blank=True)
    # So many further records to which the same happened in one go.
    more = models.PositiveIntegerField(_("further records"), default=0, db_default=0)
    # False: the person wants this kind by mail only.
    is_listed = models.BooleanField(_("in the list"), default=True)
    created_at = models.DateTimeField(_("at"), default=timezone.now)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    # When a mail about it may leave, unless it was read before; null = none is wanted.
    mail_after = models.DateTimeField(_("by mail after"), null=True, blank=True)
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["user", "-id"], name="notifications_of_user"),
            models.Index(
                fields=["user", "feedback"],
                name="unread_notifications",
                condition=Q(read_at=None),
            ),
            models.Index(
                fields=["mail_after"],
                name="notifications_to_mail",
                condition=Q(mail_after__isnull=False, mailed_at=None, read_at=None),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} #{self.feedback_id or '–'}"

    @property
    def url(self) -> str:
        """Where it leads."""
        if self.feedback is None:
            return str(self.about.get("page", "/"))
        anchor = f"#message-{self.message_id}" if self.message_id else ""
        return f"{self.feedback.get_absolute_url()}{anchor}"

    @property
    def subject(self) -> str:
        if self.feedback is None:
            return str(self.about.get("title", ""))
        return f"#{self.feedback.number} {self.feedback.subject}"

    @property
    def quoted(self) -> str:
        """What was written, if it is about words."""
        return self.message.text if self.message is not None else str(self.about.get("text", ""))


class NotificationChoice(models.Model):
    """How one person wants to be told of one kind of thing; without a row, as usual."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("person")
    )
    kind = models.CharField(_("what"), max_length=10, choices=NoticeKind)
    in_product = models.BooleanField(_("in the list"), default=True)
    mail = models.CharField(
        _("by mail"),
        max_length=10,
        choices=MailWhen,
        default=MailWhen.NEVER,
        db_default=MailWhen.NEVER,
    )

    class Meta:
        verbose_name = _("choice about notifications")
        verbose_name_plural = _("choices about notifications")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "kind"], name="one_choice_for_a_kind")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"
