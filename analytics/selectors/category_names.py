"""Categories by the names that tell them apart: with those above them."""

from collections.abc import Mapping

from feedback.models import Category
from feedback.selectors.kept_settings import categories


def category_names(*, offered: bool = False) -> dict[int, str]:
    """The whole name of each, {id: "Service › Refunds"}; `offered`: only of those that can still
    be chosen."""
    known = categories()
    return {
        pk: _whole_name(one, known)
        for pk, one in known.items()
        if not offered or one.archived_at is None
    }


def _whole_name(category: Category, known: Mapping[int, Category]) -> str:
    names, seen = [category.name], {category.pk}
    parent = category.parent_id
    while parent is not None and parent in known and parent not in seen:
        seen.add(parent)
        names.append(known[parent].name)
        parent = known[parent].parent_id
    return " › ".join(reversed(names))


def category_called(words: str) -> Category | None:
    """The one that somebody names: by its whole name, else by its own where only one has it."""
    wanted = " ".join(words.split()).casefold()
    known = {pk: one for pk, one in categories().items() if one.archived_at is None}
    whole = category_names(offered=True)
    for pk, name in whole.items():
        if name.casefold() == wanted:
            return known[pk]
    same = [
        one for one in known.values() if wanted in {one.name_zh.casefold(), one.name_en.casefold()}
    ]
    return same[0] if len(same) == 1 else None
