"""The category tree: saving keeps the paths, deleting becomes archiving."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from config.kernel.errors import DomainError
from feedback.models import Category, Feedback

MAX_DEPTH = 3


class TreeNotPossible(DomainError):
    code = "tree_not_possible"


@transaction.atomic
def save_category(category: Category) -> Category:
    """Store a new or changed category and the paths of everything below it.

    Raises TreeNotPossible when it would become its own ancestor or lie deeper than three.
    """
    parent = category.parent
    if parent is not None and category.pk and f"/{category.pk}/" in parent.path:
        raise TreeNotPossible(_("A category cannot lie inside itself."))
    if parent is not None and parent.path.count("/") > MAX_DEPTH:
        raise TreeNotPossible(_("Categories can be three levels deep."))
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


@transaction.atomic
def remove_category(category: Category) -> bool:
    """Delete what nothing points at, archive the rest. True when it was deleted."""
    used = Feedback.objects.filter(category=category).exists()
    if used or category.children.exists():
        Category.objects.filter(path__startswith=category.path, archived_at=None).update(
            archived_at=timezone.now()
        )
        return False
    category.delete()
    return True
