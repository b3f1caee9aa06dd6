"""Settings of the desk that nearly every request looks up, from memory (`config.kernel.kept`)."""

from collections.abc import Callable, Mapping

from accounts.models import Team
from config.kernel.kept import Kept
from feedback.enums import State, TemplateKind
from feedback.models import Category, Mailbox, ReplyTemplate, Status


def _statuses() -> Mapping[int, Status]:
    return {one.pk: one for one in Status.objects.order_by("order", "pk")}


def _teams() -> Mapping[int, Team]:
    return {one.pk: one for one in Team.objects.all()}


def _categories() -> Mapping[int, Category]:
    return {one.pk: one for one in Category.objects.select_related("team")}


def _mailboxes() -> Mapping[int, Mailbox]:
    return {one.pk: one for one in Mailbox.objects.defer("password").order_by("pk")}


def _acknowledgement() -> ReplyTemplate | None:
    rows = ReplyTemplate.objects.active().filter(kind=TemplateKind.ACKNOWLEDGE)
    return rows.order_by("pk").first()


# All of them by their id, archived ones too; statuses in their order.
statuses = Kept(_statuses, Status)
teams = Kept(_teams, Team)
categories = Kept(_categories, Category, Team)
mailboxes = Kept(_mailboxes, Mailbox)
# The template by which a customer is told that something arrived; None: nobody is told.
acknowledgement = Kept(_acknowledgement, ReplyTemplate)


def status_for_new() -> Status:
    """As `Status.objects.for_new()`."""
    return _first(lambda one: one.is_default_create, State.NEW)


def default_status(state: State) -> Status:
    """As `Status.objects.default_for()`."""
    return _first(lambda _one: False, state)


def _first(is_marked: Callable[[Status], bool], state: State) -> Status:
    active = [one for one in statuses().values() if one.archived_at is None]
    fitting = [one for one in active if is_marked(one) or one.state == state]
    if not fitting:
        raise Status.DoesNotExist
    return min(fitting, key=lambda one: not is_marked(one))  # of equals the first in order
