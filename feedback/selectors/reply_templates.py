"""The reply templates as the settings list them."""

from typing import Any

from django.db.models import Q

from accounts.models import User
from feedback.models import Feedback, ReplyTemplate
from feedback.models.reply_template import ReplyTemplateQuerySet


def templates_in_settings(
    user: User,
    *,
    q: str = "",
    kind: str = "",
    language: str = "",
    team: Any = None,
    use: str = "",
) -> ReplyTemplateQuerySet:
    """Those that the user may see, narrowed: `language` "zh" or "en" = has a text in it, `use`
    "mine" or "archived". With how often each was used."""
    rows = ReplyTemplate.objects.shown_in_settings_to(user).with_usage().in_order()
    rows = rows.filter(archived_at__isnull=use != "archived")
    if use == "mine":
        rows = rows.filter(owner=user)
    if kind:
        rows = rows.filter(kind=kind)
    if language:
        rows = rows.exclude(**{f"body_{language}": ""})
    if team is not None:
        rows = rows.filter(team=team)
    for word in q.split():
        rows = rows.filter(_holds(word))
    return rows.select_related("team", "owner")


def _holds(word: str) -> Q:
    columns = ("shortcut", "name_zh", "name_en", "body_zh", "body_en")
    found = Q()
    for column in columns:
        found |= Q(**{f"{column}__icontains": word})
    return found


def record_to_try(user: User, number: int | None) -> Feedback | None:
    """The record with this number that the user may see; without a number the newest."""
    visible = Feedback.objects.visible_to(user).for_record_page()
    if number is not None:
        visible = visible.filter(number=number)
    return visible.order_by("-pk").first()
