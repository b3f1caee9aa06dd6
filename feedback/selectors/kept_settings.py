"""Settings of the desk that nearly every request looks up, from memory (`config.kernel.kept`)."""

from collections.abc import Mapping

from accounts.models import Team
from config.kernel.kept import Kept
from feedback.models import Category, Status


def _statuses() -> Mapping[int, Status]:
    return {one.pk: one for one in Status.objects.order_by("order", "pk")}


def _teams() -> Mapping[int, Team]:
    return {one.pk: one for one in Team.objects.all()}


def _categories() -> Mapping[int, Category]:
    return {one.pk: one for one in Category.objects.select_related("team")}


# All of them by their id, archived ones too; statuses in their order.
statuses = Kept(_statuses, Status)
teams = Kept(_teams, Team)
categories = Kept(_categories, Category, Team)
