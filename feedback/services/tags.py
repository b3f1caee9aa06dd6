from collections.abc import Iterable
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.models import User
from config.kernel.archiving import bring_back, remove
from config.kernel.errors import DomainError
from feedback.enums import TimelineKind
from feedback.models import Feedback, RoutingRule, Skill, Tag
from feedback.services.records import tell_many
from feedback.services.setting_names import name_instead


class SameTag(DomainError):
    code = "same_tag"

    def __init__(self) -> None:
        super().__init__(_("Choose another tag."))


@transaction.atomic
def save_tag(tag: Tag) -> Tag:
    tag.name = " ".join(tag.name.split())
    tag.save()
    return tag


def tags_named(names: Iterable[str]) -> list[Tag]:
    """The tags of these names; unknown ones are made. The caller holds the transaction."""
    wanted = {name.strip()[:60].casefold(): name.strip()[:60] for name in names if name.strip()}
    if not wanted:
        return []
    same = reduce(or_, (Q(name__iexact=name) for name in wanted.values()))
    found = {tag.name.casefold(): tag for tag in Tag.objects.filter(same).order_by("-pk")}
    return [
        found.get(folded) or Tag.objects.filter(name__iexact=name).first() or _made(name)
        for folded, name in wanted.items()
    ]


def _made(name: str) -> Tag:
    return Tag.objects.create(name=name)


@transaction.atomic
def remove_tag(tag: Tag) -> bool:
    """True when deleted, False when archived because records carry it."""
    return remove(tag)


@transaction.atomic
def bring_back_tag(tag: Tag) -> None:
    bring_back(tag)


@transaction.atomic
def merge_tags(source: Tag, *, into: Tag, by: User) -> int:
    """Every record with `source` carries `into` instead, and tells it; `source` is deleted.
    Gives the number of records. Raises SameTag."""
    if source.pk == into.pk:
        raise SameTag
    carrying = Feedback.objects.filter(tags=source)
    moved = list(carrying.select_for_update(of=["self"]).values_list("pk", flat=True))
    through = Feedback.tags.through.objects
    have_both = through.filter(tag=into, feedback__in=moved).values("feedback")
    through.filter(tag=source, feedback__in=have_both).delete()
    through.filter(tag=source).update(tag=into)
    for rule in RoutingRule.objects.filter(add_tags=source):
        rule.add_tags.add(into)
    for skill in Skill.objects.filter(tag=source):
        Skill.objects.get_or_create(user=skill.user, tag=into)
    name_instead(source, into)
    Feedback.objects.filter(pk__in=moved).update(version=F("version") + 1)
    tell_many(
        moved, TimelineKind.TAGS, by=by, before=[source.name], after=[into.name], merged=True
    )
    source.delete()
    return len(moved)
