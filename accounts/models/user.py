from __future__ import annotations

from datetime import datetime
from typing import Any

import pghistory
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import AfterReply, Availability, WeeklyMail
from accounts.rules.demo_logins import DEMO_PASSWORD


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        return self.create_user(
            email, password, **{**fields, "is_staff": True, "is_superuser": True}
        )

    def get_by_natural_key(self, email: str | None) -> User:
        return self.get(email=(email or "").strip().lower())


# When somebody took a break is nobody's business afterwards: no history of it is kept.
@pghistory.track(
    exclude=[
        "password",
        "last_login",
        "availability",
        "available_again_at",
        "substitute",
        "list_choices",
        "weekly_mail",
        "on_board",
    ]
)
class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who works here: logs in by e-mail, belongs to teams, holds roles (groups)."""

    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=120)
    language = models.CharField(
        _("language"), max_length=10, blank=True, help_text=_("Empty: as the browser says.")
    )
    after_reply = models.CharField(
        _("after sending a reply"), max_length=8, choices=AfterReply, default=AfterReply.NEXT
    )
    shortcuts_on = models.BooleanField(_("keyboard shortcuts"), default=True)
    availability = models.CharField(
        _("availability"),
        max_length=10,
        choices=Availability,
        default=Availability.AVAILABLE,
        db_default=Availability.AVAILABLE,
    )
    # Null: until they say otherwise.
    available_again_at = models.DateTimeField(_("available again"), null=True, blank=True)
    substitute = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("substitute"),
        help_text=_("Gets what would be given to this person while they are out of office."),
    )
    max_open = models.PositiveSmallIntegerField(
        _("open records at most"),
        null=True,
        blank=True,
        help_text=_(
            "Records that wait for us; no more are given by themselves. Empty: as the team says."
        ),
    )
    # How their lists look, kept by services.profile.choose_for_lists; what it means is known to
    # the app that has the lists. Here, because everybody who asks for a page is read anyway.
    list_choices = models.JSONField(
        _("choices for lists"), default=dict, db_default={}, blank=True, editable=False
    )
    weekly_mail = models.CharField(
        _("mail about last week"),
        max_length=5,
        choices=WeeklyMail,
        default=WeeklyMail.TEAMS,
        db_default=WeeklyMail.TEAMS,
        help_text=_("On the first working day of a week, when something happened."),
    )
    on_board = models.BooleanField(
        _("shown on the recognition board"),
        default=True,
        db_default=True,
        help_text=_("Without it colleagues see neither what you are thanked for nor by whom."),
    )
    is_staff = models.BooleanField(_("may enter the settings"), default=False)
    is_active = models.BooleanField(_("active"), default=True)
    is_demo = models.BooleanField(_("of the demo"), default=False, editable=False)
    date_joined = models.DateTimeField(_("works here since"), default=timezone.now, editable=False)
    teams = models.ManyToManyField(
        "accounts.Team",
        through="accounts.Membership",
        related_name="members",
        verbose_name=_("teams"),
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("staff member")
        verbose_name_plural = _("staff")
        ordering = ["name"]
        permissions = [("view_every_team", "May see the records of all teams")]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="one_staff_member_per_address")
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def check_password(self, raw_password: str | None) -> bool:
        # The one that everybody knows opens nothing where the product is in earnest, whatever
        # was tried out on this database before.
        if raw_password == DEMO_PASSWORD and not settings.DEBUG:
            return False
        return super().check_password(raw_password)

    def get_full_name(self) -> str:
        return self.name

    def is_available(self, now: datetime) -> bool:
        """Takes new work: says so, or was to be back by now."""
        if self.availability == Availability.AVAILABLE:
            return True
        return self.available_again_at is not None and self.available_again_at <= now

    @property
    def is_available_now(self) -> bool:
        return self.is_available(timezone.now())

    @property
    def initials(self) -> str:
        """For the avatar: 王敏 → 敏, Ada King → AK."""
        words = self.name.split()
        if len(words) > 1:
            return (words[0][0] + words[-1][0]).upper()
        return self.name[-1:].upper() or "?"
