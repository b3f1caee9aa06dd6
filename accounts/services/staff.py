"""Who works here: invited by an admin, never deleted once they have left a trace."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.enums import OutgoingKind, Role
from accounts.errors import NotYourself
from accounts.models import Membership, OutgoingMessage, User
from accounts.services.outbox import queue_mail
from config.kernel.archiving import is_referred_to
from config.kernel.site import site_name

# What belongs to a person's account and goes with it.
_PARTS = (Membership, User.groups.through, User.user_permissions.through)


@transaction.atomic
def invite_staff(user: User) -> User:
    """Store a new member of staff, who gets a mail with the link to choose a password."""
    user.email = user.email.strip().lower()
    user.set_unusable_password()
    user.save()
    send_invitation(user.pk)
    return user


@transaction.atomic
def make_first_admin(*, email: str, name: str, password: str) -> User:
    """The person who sets an installation up: an admin who may do everything."""
    user = User.objects.create_superuser(email, password, name=name)
    user.groups.add(Group.objects.get(name=Role.ADMIN))
    return user


def has_real_admin() -> bool:
    """Whether somebody who is not of the demo could set things up."""
    real = User.objects.filter(is_active=True, is_demo=False)
    return real.filter(Q(is_superuser=True) | Q(groups__name=Role.ADMIN, is_staff=True)).exists()


@transaction.atomic
def change_staff(user: User, *, by: User) -> User:
    """Store what was changed about a person. Raises NotYourself when somebody would lock
    themselves out."""
    if user.pk == by.pk and not (user.is_active and user.is_staff):
        raise NotYourself
    user.email = user.email.strip().lower()
    user.save()
    if not user.is_active:
        _end_access(user)
    return user


@transaction.atomic
def remove_staff(user: User, *, by: User) -> bool:
    """Delete an account that never did anything; else end its access and keep the name on what
    was done. True when it was deleted. Raises NotYourself."""
    if user.pk == by.pk:
        raise NotYourself
    if not is_referred_to(user, parts=_PARTS):
        user.delete()
        return True
    user.is_active = False
    user.save(update_fields=["is_active"])
    _end_access(user)
    return False


def _end_access(user: User) -> None:
    user.api_tokens.filter(revoked_at=None).update(revoked_at=timezone.now())


@transaction.atomic
def send_invitation(user_id: int) -> OutgoingMessage:
    """The mail by which a person chooses a password; the link works until it is used or
    PASSWORD_RESET_TIMEOUT has passed."""
    user = User.objects.get(pk=user_id)
    with translation.override(user.language or translation.get_language()):
        return queue_mail(
            kind=OutgoingKind.ACCOUNT,
            tag=f"u{user.pk}",
            to_address=user.email,
            to_name=user.name,
            subject=_("Your access to %(site)s") % {"site": site_name()},
            body_text=_invitation(user),
            language=translation.get_language() or "",
        )


def _invitation(user: User) -> str:
    return _(
        "Hello %(name)s,\n\n"
        "you can now work with customer feedback in %(site)s. Choose a password here:\n"
        "%(link)s\n\n"
        "The link works for %(days)d days. Afterwards you sign in with %(email)s."
    ) % {
        "name": user.name,
        "site": site_name(),
        "link": password_link(user),
        "days": settings.PASSWORD_RESET_TIMEOUT // 86400,
        "email": user.email,
    }


def password_link(user: User) -> str:
    """Where this person, and nobody else, can choose a new password."""
    key = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    return settings.SITE_URL + reverse("account_reset_password_from_key", kwargs=key)
