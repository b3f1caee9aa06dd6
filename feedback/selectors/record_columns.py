"""The columns that records have by themselves."""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any

from django.conf import settings
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from config.kernel.bilingual import is_chinese, localized
from feedback.enums import Channel, JourneyStage, Mood, Priority, Urgency
from feedback.models import Feedback, Message
from feedback.selectors.columns import RECORD, Column, register_column
from feedback.selectors.kept_settings import categories

USUAL = ("due", "number", "subject", "category", "status", "received", "assignee")

_PEOPLE = pgettext_lazy("group of columns", "People")
_TIMES = pgettext_lazy("group of columns", "Times")
_OUTCOME = pgettext_lazy("group of columns", "Outcome")
_READING = pgettext_lazy("group of columns", "As the machine read it")


def name_of(path: str) -> Callable[[], Sequence[Any]]:
    """The order by the name in the reader's language, of something that has two."""

    def order() -> Sequence[Any]:
        first, second = ("zh", "en") if is_chinese(get_language()) else ("en", "zh")
        return [Coalesce(f"{path}__name_{first}", f"{path}__name_{second}")]

    return order


def _by(*steps: str) -> Callable[[], Sequence[Any]]:
    return lambda: steps


def _named(get: Callable[[Feedback], Any]) -> Callable[[Feedback], str | None]:
    """The name of what a record points to, if it does."""

    def value(feedback: Feedback) -> str | None:
        found = get(feedback)
        return None if found is None else str(found)

    return value


def _label(choices: Any, name: str) -> Callable[[Feedback], str | None]:
    def value(feedback: Feedback) -> str | None:
        given = getattr(feedback, name)
        return str(choices(given).label) if given not in {None, ""} else None

    return value


def _moment(name: str, label: Promise, field: str, *, indexed: bool = False) -> Column:
    return Column(
        name=name,
        label=label,
        group=_TIMES,
        value=attrgetter(field),
        only=(field,),
        order=_by(field),
        indexed=indexed,
        css="nowrap",
    )


def _written(name: str, label: Promise, group: Promise = RECORD) -> Column:
    return Column(
        name=name,
        label=label,
        group=group,
        value=lambda feedback: getattr(feedback, name) or None,
        only=(name,),
        order=_by(name),
    )


def _last_message(feedback: Feedback) -> Any:
    both = (feedback.last_customer_message_at, feedback.last_staff_message_at)
    return max((at for at in both if at is not None), default=None)


def _messages() -> dict[str, Any]:
    counted = Message.objects.filter(feedback=OuterRef("pk")).order_by().values("feedback")
    return {"message_count": Subquery(counted.annotate(n=Count("pk")).values("n"))}


def _of_record() -> list[Column]:
    languages = dict(settings.LANGUAGES)
    return [
        Column(
            name="number",
            label=_("Number"),
            value=attrgetter("number"),
            order=_by("number"),
            indexed=True,
        ),
        Column(
            name="subject",
            label=_("Subject"),
            value=attrgetter("subject"),
            order=_by("subject"),
            is_written=True,
        ),
        Column(
            name="status",
            label=_("Status"),
            value=lambda feedback: feedback.status.name,
            order=_by("status__order", "status__code"),
        ),
        Column(
            name="priority",
            label=_("Priority"),
            value=_label(Priority, "priority"),
            order=_by("priority"),
        ),
        Column(
            name="channel",
            label=_("Channel"),
            value=_label(Channel, "channel"),
            order=_by("channel"),
        ),
        Column(
            name="category",
            label=_("Category"),
            value=_named(attrgetter("category")),
            order=name_of("category"),
        ),
        Column(
            name="also_about",
            label=_("Also about"),
            value=_also_about,
            only=("also_categories",),
        ),
        Column(
            name="tags",
            label=_("Tags"),
            value=lambda feedback: sorted(tag.name for tag in feedback.tags.all()),
            prefetch=lambda: ["tags"],
        ),
        Column(
            name="product",
            label=_("Product"),
            value=_named(attrgetter("product")),
            related=("product",),
            only=("product__name_zh", "product__name_en"),
            order=name_of("product"),
        ),
        Column(
            name="form",
            label=_("Form"),
            value=_named(attrgetter("form")),
            related=("form",),
            only=("form__name_zh", "form__name_en"),
            order=name_of("form"),
        ),
        _written("order_number", _("Order number")),
        _written("place", _("Place")),
        Column(
            name="stage",
            label=_("Stage"),
            value=_label(JourneyStage, "journey_stage"),
            only=("journey_stage",),
            order=_by("journey_stage"),
        ),
        Column(
            name="language",
            label=_("Language"),
            value=lambda feedback: languages.get(feedback.language, feedback.language),
            only=("language",),
            order=_by("language"),
        ),
        Column(
            name="messages",
            label=_("Messages"),
            value=lambda feedback: getattr(feedback, "message_count", None) or 0,
            annotations=_messages,
            css="numbers",
        ),
    ]


def _of_people() -> list[Column]:
    return [
        Column(
            name="customer",
            label=_("Customer"),
            group=_PEOPLE,
            value=lambda feedback: str(feedback.customer),
            order=_by("customer__name"),
        ),
        Column(
            name="tier",
            label=_("Tier"),
            group=_PEOPLE,
            value=lambda feedback: str(feedback.customer.get_tier_display()),
        ),
        Column(
            name="organisation",
            label=_("Organisation"),
            group=_PEOPLE,
            value=_named(lambda feedback: feedback.customer.organisation),
            related=("customer__organisation",),
            only=("customer__organisation__name",),
            order=_by("customer__organisation__name"),
        ),
        Column(
            name="assignee",
            label=_("Assignee"),
            group=_PEOPLE,
            value=_named(attrgetter("assignee")),
            order=_by("assignee__name"),
        ),
        Column(
            name="team",
            label=_("Team"),
            group=_PEOPLE,
            value=_named(attrgetter("team")),
            related=("team",),
            only=("team__name_zh", "team__name_en"),
            order=name_of("team"),
        ),
        Column(
            name="resolved_by",
            label=_("Resolved by"),
            group=_PEOPLE,
            value=_named(attrgetter("resolved_by")),
            related=("resolved_by",),
            only=("resolved_by__name",),
            order=_by("resolved_by__name"),
        ),
    ]


def _of_times() -> list[Column]:
    return [
        Column(
            name="due",
            label=_("Due"),
            group=_TIMES,
            value=attrgetter("reply_due_at"),
            order=_by("reply_due_at"),
        ),
        Column(
            name="received",
            label=pgettext_lazy("when", "Received"),
            group=_TIMES,
            value=attrgetter("received_at"),
            order=_by("received_at"),
            indexed=True,
        ),
        _moment("promised", _("Promised for"), "promised_on"),
        _moment("snoozed_until", _("Snoozed until"), "snoozed_until"),
        _moment("waiting", _("Waiting since"), "waiting_since"),
        Column(
            name="last_message",
            label=_("Last message"),
            group=_TIMES,
            value=_last_message,
            order=lambda: [Greatest(F("last_customer_message_at"), F("last_staff_message_at"))],
            css="nowrap",
        ),
        _moment("customer_wrote", _("Customer last wrote"), "last_customer_message_at"),
        _moment("staff_wrote", _("Staff last wrote"), "last_staff_message_at"),
        _moment("first_response", _("First answer"), "first_response_at"),
        _moment("resolved", pgettext_lazy("when", "Resolved"), "resolved_at"),
        _moment("closed", pgettext_lazy("when", "Closed"), "closed_at"),
    ]


def _of_outcome() -> list[Column]:
    return [
        Column(
            name="satisfaction",
            label=_("Satisfaction"),
            group=_OUTCOME,
            value=attrgetter("satisfaction"),
            only=("satisfaction",),
            order=_by("satisfaction"),
            css="numbers",
        ),
        Column(
            name="solved",
            label=_("Solved, says the customer"),
            group=_OUTCOME,
            value=attrgetter("solved_for_customer"),
            only=("solved_for_customer",),
            order=_by("solved_for_customer"),
        ),
        Column(
            name="quality",
            label=_("Quality"),
            group=_OUTCOME,
            value=lambda feedback: getattr(feedback, "quality_score", None),
            annotations=lambda: {"quality_score": F("quality__score")},
            order=_by("quality__score"),
            css="numbers",
        ),
        Column(
            name="reopened",
            label=_("Times reopened"),
            group=_OUTCOME,
            value=attrgetter("reopened_count"),
            only=("reopened_count",),
            order=_by("reopened_count"),
            css="numbers",
        ),
    ]


def _of_reading() -> list[Column]:
    """How the machine read it."""
    return [
        Column(
            name="mood",
            label=_("Sentiment"),
            group=_READING,
            value=_worded(Mood, "read_mood"),
            annotations=lambda: {"read_mood": F("assessment__mood")},
            order=_by("assessment__sentiment"),
        ),
        Column(
            name="urgency",
            label=_("Urgency as read"),
            group=_READING,
            value=_worded(Urgency, "read_urgency"),
            annotations=lambda: {"read_urgency": F("assessment__urgency")},
            order=_by("assessment__urgency"),
        ),
        Column(
            name="proposed_category",
            label=_("Category as read"),
            group=_READING,
            value=_category_read,
            annotations=lambda: {
                "category_read_zh": F("assessment__category__name_zh"),
                "category_read_en": F("assessment__category__name_en"),
            },
        ),
    ]


def _also_about(feedback: Feedback) -> list[str]:
    known = categories() if feedback.also_categories else {}
    return [known[pk].name for pk in feedback.also_categories if pk in known]


def _worded(choices: Any, name: str) -> Callable[[Feedback], str | None]:
    """Of an annotation that a record has or has not."""

    def value(feedback: Feedback) -> str | None:
        given = getattr(feedback, name, None)
        return str(choices(given).label) if given in choices.values else None

    return value


def _category_read(feedback: Feedback) -> str | None:
    known = hasattr(feedback, "category_read_zh")
    return (localized(feedback, "category_read") or None) if known else None


def register_record_columns() -> None:
    for column in (*_of_record(), *_of_people(), *_of_times(), *_of_outcome(), *_of_reading()):
        register_column(column)
