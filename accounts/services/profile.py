"""What people set for themselves."""

from typing import Any

from django.db import transaction

from accounts.enums import AfterReply, WeeklyMail
from accounts.models import User


@transaction.atomic
def set_language(user_id: int, language: str) -> User:
    """`language` is one of settings.LANGUAGES, or empty: as the browser says."""
    user = User.objects.select_for_update().get(pk=user_id)
    if user.language != language:
        user.language = language
        user.save(update_fields=["language"])
    return user


@transaction.atomic
def change_profile(
    user_id: int,
    *,
    name: str,
    language: str,
    after_reply: AfterReply,
    shortcuts_on: bool,
    weekly_mail: WeeklyMail,
    on_board: bool,
) -> User:
    user = User.objects.select_for_update().get(pk=user_id)
    user.name = name
    user.language = language
    user.after_reply = after_reply
    user.shortcuts_on = shortcuts_on
    user.weekly_mail = weekly_mail
    user.on_board = on_board
    user.save(update_fields=[
        "name", "language", "after_reply", "shortcuts_on", "weekly_mail", "on_board",
    ])  # fmt: skip
    return user


@transaction.atomic
def choose_for_lists(user_id: int, name: str, value: Any) -> User:
    """Keep one choice about how this person's lists look, as plain JSON; None forgets it."""
    user = User.objects.select_for_update().get(pk=user_id)
    if value is None:
        user.list_choices.pop(name, None)
    else:
        user.list_choices[name] = value
    user.save(update_fields=["list_choices"])
    return user
