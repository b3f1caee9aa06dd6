"""The category tree: saving keeps the paths, deleting becomes archiving."""

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from config.kernel.archiving import bring_back, is_referred_to, named_by
from config.kernel.errors import DomainError
from config.kernel.jobs import enqueue
from feedback.enums import TimelineKind
from feedback.models import Category, Feedback
from feedback.services.further_categories import name_further_instead
from feedback.services.records import tell_many
from feedback.services.setting_names import ensure_code_stays, name_instead

MAX_DEPTH = 3
LONGEST_ROOT = 40  # letters of a code that is made here, before its number


class TreeNotPossible(DomainError):
    code = "tree_not_possible"


class MergeNotPossible(DomainError):
    code = "merge_not_possible"

    def __init__(self) -> None:
        super().__init__(_("A category cannot be merged into itself or into what lies below it."))


def ensure_place(category: Category, parent: Category | None) -> None:
    """Raises TreeNotPossible when `category` cannot lie in `parent`: it would be its own
    ancestor, or something would be deeper than three levels."""
    if parent is None:
        return
    if category.pk and f"/{category.pk}/" in parent.path:
        raise TreeNotPossible(_("A category cannot lie inside itself."))
    if _level(parent.path) + 1 + _height(category) > MAX_DEPTH:
        raise TreeNotPossible(_("Categories can be three levels deep."))


def _level(path: str) -> int:
    """1 for a root."""
    return path.count("/") - 1


def _height(category: Category) -> int:
    """How many levels lie below it."""
    if not category.pk:
        return 0
    below = Category.objects.under(category).values_list("path", flat=True)
    return max((_level(path) for path in below), default=0) - _level(category.path)


@transaction.atomic
def save_category(category: Category) -> Category:
    """Store a new or changed category and the paths of everything below it. One without a code
    gets one from its name.

    Raises TreeNotPossible when it would become its own ancestor or lie deeper than three,
    CodeInUse when settings name the code that it had.
    """
    parent = category.parent
    ensure_place(category, parent)
    if category.pk:
        stored = Category.objects.filter(pk=category.pk).first()
        category.code = category.code or (stored.code if stored else "")
        ensure_code_stays(stored, category.code)
    category.code = category.code or _free_code(category.name_en)
    old_path = category.path if category.pk else ""
    category.save()
    new_path = f"{parent.path if parent else '/'}{category.pk}/"
    if category.path != new_path:
        category.path = new_path
        category.save(update_fields=["path"])
        if old_path:
            below = Category.objects.filter(path__startswith=old_path).exclude(pk=category.pk)
            for child in below:
                child.path = new_path + child.path.removeprefix(old_path)
                child.save(update_fields=["path"])
    return category


def _free_code(name: str) -> str:
    """Of a name that is only Chinese nothing is left: "category", "category-2" …"""
    root = slugify(name)[:LONGEST_ROOT].strip("-") or "category"
    taken = set(Category.objects.filter(code__startswith=root).values_list("code", flat=True))
    number = 2
    found = root
    while found in taken:
        found, number = f"{root}-{number}", number + 1
    return found


@transaction.atomic
def remove_category(category: Category) -> bool:
    """Delete what nothing points at or names; archive the rest with everything below it. True when
    it was deleted."""
    named = Feedback.objects.filter(also_categories__contains=[category.pk])
    if not is_referred_to(category) and not named_by(category) and not named.exists():
        category.delete()
        return True
    archive_category(category)
    return False


@transaction.atomic
def archive_category(category: Category) -> None:
    """Out of use, with everything below it."""
    Category.objects.under(category).filter(archived_at=None).update(archived_at=timezone.now())


@transaction.atomic
def bring_back_category(category: Category) -> None:
    bring_back(category)


@transaction.atomic
def merge_category(source: Category, *, into: Category, by: User) -> int:
    """Give everything that `source` holds to `into`: records, the categories below it, and the
    conditions and other settings that name it; then `source` is removed. Each record tells
    it. Gives the number of records.

    Raises MergeNotPossible, TreeNotPossible.
    """
    if into.path.startswith(source.path):
        raise MergeNotPossible
    moved = list(
        Feedback.objects.select_for_update().filter(category=source).values_list("pk", flat=True)
    )
    Feedback.objects.filter(pk__in=moved).update(category=into, version=F("version") + 1)
    tell_many(moved, TimelineKind.CATEGORY, by=by, before=source.pk, after=into.pk, merged=True)
    if moved:  # another service level may fit now
        enqueue("feedback.tasks.recompute_promises")
    name_further_instead(source, into, by=by)
    name_instead(source, into)
    for child in source.children.all():
        child.parent = into
        save_category(child)
    source.refresh_from_db()
    remove_category(source)
    return len(moved)
