from __future__ import annotations

from typing import Any

import pghistory
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import AfterReply
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


@pghistory.track(exclude=["password", "last_login"])
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

    @property
    def initials(self) -> str:
        """For the avatar: 王敏 → 敏, Ada King → AK."""
        words = self.name.split()
        if len(words) > 1:
            return (words[0][0] + words[-1][0]).upper()
        return self.name[-1:].upper() or "?"
