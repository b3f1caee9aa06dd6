"""What conditions may ask about a piece of feedback. Its customer's fields come with it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.db.models import (
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.expressions import Combinable
from django.db.models.lookups import IsNull
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.selectors.conditions import STAFF, TEAMS
from accounts.selectors.custom_conditions import made_fields, offered_fields
from config.kernel.conditions.choices import Choice, Reference, options_of
from config.kernel.conditions.fields import Field, Text, YesNo
from config.kernel.conditions.ordered import Day, Duration, Moment, Number
from config.kernel.conditions.rows import Key, Rows
from config.kernel.conditions.sets import ReferenceSet, TextSet
from config.kernel.conditions.vocabulary import Part, Vocabulary
from feedback.enums import Channel, Direction, JourneyStage, Mood, Priority, State, Urgency
from feedback.models import (
    Assessment,
    Attachment,
    Category,
    Feedback,
    FeedbackQuality,
    FormDefinition,
    Mailbox,
    Message,
    NearDuplicate,
    Product,
    Status,
    Tag,
)
from feedback.models.message import MessageQuerySet

_NAMES = ("name_zh", "name_en")


def _in_use(rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(archived_at=None)


def _branches(codes: Collection[Key]) -> list[str]:
    """The codes of these categories and of all that lie below them."""
    below = Q(pk__in=[])
    for path in Category.objects.filter(code__in=codes).values_list("path", flat=True):
        below |= Q(path__startswith=path)
    return list(Category.objects.filter(below).values_list("code", flat=True))


STATUSES = Rows(rows=Status.objects.all, key="code", names=_NAMES, offered=_in_use)
CATEGORIES = Rows(
    rows=Category.objects.all,
    key="code",
    names=_NAMES,
    offered=lambda rows: rows.filter(archived_at=None).order_by("path"),
    below=_branches,
)
FORMS = Rows(rows=FormDefinition.objects.all, key="code", names=_NAMES, offered=_in_use)
PRODUCTS = Rows(rows=Product.objects.all, key="code", names=_NAMES, offered=_in_use)
TAGS = Rows(
    rows=Tag.objects.all,
    names=("name",),
    offered=_in_use,
)
MAILBOXES = Rows(rows=Mailbox.objects.all, names=("address",), label=lambda box: box.address)


def _what_customers_wrote() -> MessageQuerySet:
    return Message.objects.filter(direction=Direction.IN, is_automatic=False)


def _latest(messages: MessageQuerySet) -> MessageQuerySet:
    return messages.order_by("-created_at", "-pk")


def _between(prefix: str, first: str, last: str) -> ExpressionWrapper[Combinable]:
    return ExpressionWrapper(F(f"{prefix}{last}") - F(f"{prefix}{first}"), DurationField())


def _took(name: str, label: Promise, last: str) -> Duration:
    def get(feedback: Feedback) -> object:
        end = getattr(feedback, last)
        return None if end is None else end - feedback.received_at

    return Duration(
        name=name,
        label=label,
        expression=lambda prefix: _between(prefix, "received_at", last),
        get=get,
    )


def _texts() -> list[Field]:
    return [
        Text(name="subject", label=_("Subject"), path="subject", tracked=True),
        TextSet(
            name="text",
            label=_("Text of the customer"),
            rows=_what_customers_wrote,
            link="feedback",
            value_at="text",
        ),
        Text(
            name="latest_text",
            label=_("Latest message of the customer"),
            expression=lambda prefix: Subquery(
                _latest(_what_customers_wrote())
                .filter(feedback=OuterRef(f"{prefix}pk"))
                .values("text")[:1]
            ),
            get=lambda feedback: (
                _latest(_what_customers_wrote().filter(feedback=feedback))
                .values_list("text", flat=True)
                .first()
            ),
        ),
        Text(name="order_number", label=_("Order number"), path="order_number"),
        Text(name="place", label=_("Place"), path="place"),
        YesNo(
            name="has_files",
            label=_("Has files"),
            expression=lambda prefix: Exists(
                Attachment.objects.order_by().filter(message__feedback=OuterRef(f"{prefix}pk"))
            ),
            get=lambda feedback: Attachment.objects.filter(message__feedback=feedback).exists(),
        ),
    ]


def _properties() -> list[Field]:
    return [
        Choice(name="channel", label=_("Channel"), path="channel", options=options_of(Channel)),
        Reference(name="form", label=_("Form"), path="form__code", source=FORMS),
        Reference(name="mailbox", label=_("Mailbox"), path="mailbox_id", source=MAILBOXES),
        Reference(
            name="status", label=_("Status"), path="status__code", source=STATUSES, tracked=True
        ),
        Choice(
            name="state",
            label=_("State"),
            path="state",
            options=options_of(State),
            tracked=True,
        ),
        Choice(
            name="priority",
            label=_("Priority"),
            path="priority",
            options=options_of(Priority),
            in_order=True,
            tracked=True,
        ),
        Reference(
            name="category",
            label=_("Category"),
            path="category__code",
            source=CATEGORIES,
            tracked=True,
        ),
        ReferenceSet(
            name="tag",
            label=_("Tags"),
            rows=Feedback.tags.through.objects.all,
            link="feedback",
            value_at="tag_id",
            get=lambda feedback: {tag.pk for tag in feedback.tags.all()},
            source=TAGS,
            tracked=True,
        ),
        Reference(
            name="product",
            label=_("Product"),
            path="product__code",
            source=PRODUCTS,
            tracked=True,
        ),
        Choice(
            name="stage",
            label=_("Stage"),
            path="journey_stage",
            options=options_of(JourneyStage),
        ),
        Choice(
            name="language",
            label=_("Language"),
            path="language",
            options=options_of(settings.LANGUAGES),
        ),
        Number(name="number", label=_("Number"), path="number"),
    ]


def _people() -> list[Field]:
    return [
        Reference(
            name="team",
            label=_("Team"),
            path="team_id",
            source=TEAMS,
            holds_team=True,
            tracked=True,
        ),
        Reference(
            name="assignee",
            label=_("Assignee"),
            path="assignee_id",
            source=STAFF,
            holds_user=True,
            tracked=True,
        ),
        Reference(
            name="resolved_by",
            label=_("Resolved by"),
            path="resolved_by_id",
            source=STAFF,
            holds_user=True,
        ),
        Reference(
            name="resolved_team",
            label=_("Resolved by the team"),
            path="resolved_team_id",
            source=TEAMS,
            holds_team=True,
        ),
    ]


def _times() -> list[Field]:
    moments = (
        ("created", pgettext_lazy("point in time", "Received"), "received_at"),
        ("due", pgettext_lazy("point in time", "Answer due"), "reply_due_at"),
        ("first_answer", pgettext_lazy("point in time", "First answer"), "first_response_at"),
        ("waiting_since", pgettext_lazy("point in time", "Waiting since"), "waiting_since"),
        (
            "customer_wrote",
            pgettext_lazy("point in time", "Latest message of the customer"),
            "last_customer_message_at",
        ),
        (
            "staff_wrote",
            pgettext_lazy("point in time", "Latest answer of staff"),
            "last_staff_message_at",
        ),
        ("resolved", pgettext_lazy("point in time", "Resolved"), "resolved_at"),
        ("closed", pgettext_lazy("point in time", "Closed"), "closed_at"),
        ("rated", pgettext_lazy("point in time", "Rated"), "satisfaction_at"),
        ("snoozed_until", pgettext_lazy("point in time", "Snoozed until"), "snoozed_until"),
    )
    return [
        *(Moment(name=name, label=label, path=path) for name, label, path in moments),
        Day(name="promised", label=_("Promised for"), path="promised_on"),
        _took("first_answer_took", _("Time to the first answer"), "first_response_at"),
        _took("solution_took", _("Time to the solution"), "resolved_at"),
    ]


def _of_assessment(prefix: str, name: str) -> Subquery:
    return Subquery(Assessment.objects.filter(pk=OuterRef(f"{prefix}pk")).values(name)[:1])


def _assessed(feedback: Feedback, name: str) -> Any:
    return Assessment.objects.filter(pk=feedback.pk).values_list(name, flat=True).first()


def _outcome() -> list[Field]:
    return [
        Number(name="reopened", label=_("Times reopened"), path="reopened_count", tracked=True),
        Number(
            name="quality",
            label=_("Quality"),
            expression=lambda prefix: Subquery(
                FeedbackQuality.objects.filter(pk=OuterRef(f"{prefix}pk")).values("score")[:1]
            ),
            get=lambda feedback: (
                FeedbackQuality.objects.filter(pk=feedback.pk)
                .values_list("score", flat=True)
                .first()
            ),
        ),
        Number(name="sentiment", label=_("Sentiment"), path="sentiment"),
        Choice(
            name="mood",
            label=_("Sentiment in words"),
            options=options_of(Mood),
            expression=lambda prefix: _of_assessment(prefix, "mood"),
            get=lambda feedback: _assessed(feedback, "mood"),
        ),
        Choice(
            name="urgency",
            label=_("Urgency as read"),
            options=options_of(Urgency),
            in_order=True,
            expression=lambda prefix: _of_assessment(prefix, "urgency"),
            get=lambda feedback: _assessed(feedback, "urgency"),
        ),
        YesNo(
            name="said_before",
            label=_("Nearly the same was said before"),
            expression=lambda prefix: Exists(
                NearDuplicate.objects.filter(feedback=OuterRef(f"{prefix}pk")).order_by()
            ),
            get=lambda feedback: NearDuplicate.objects.filter(feedback=feedback).exists(),
        ),
        Number(name="score", label=_("Satisfaction"), path="satisfaction", tracked=True),
        YesNo(
            name="solved",
            label=_("Solved, says the customer"),
            path="solved_for_customer",
            tracked=True,
        ),
        YesNo(
            name="is_follow_up",
            label=_("Follows another record"),
            expression=lambda prefix: IsNull(F(f"{prefix}follow_up_of"), False),
            get=lambda feedback: feedback.follow_up_of_id is not None,
        ),
    ]


def feedback_vocabulary() -> Vocabulary:
    return Vocabulary(
        "feedback",
        label=_("Feedback"),
        fields=[*_properties(), *_texts(), *_people(), *_times(), *_outcome()],
        parts={"customer": Part(subject="customer", path="customer")},
        made=made_fields("feedback"),
        offered=offered_fields("feedback"),
    )


# What of a record decides whether a custom field is asked for: what its page has read anyway, and
# what is known while it is being written down.
_DECIDING = frozenset(
    {"category", "channel", "product", "priority", "stage", "language", "status", "state", "team"}
)


def asked_feedback_vocabulary() -> Vocabulary:
    """What may decide whether a custom field is asked for about a record."""
    fields = [one for one in [*_properties(), *_people()] if one.name in _DECIDING]
    fields.sort(key=lambda one: one.name != "category")  # what it mostly is
    return Vocabulary(
        "asked_feedback",
        label=_("Feedback"),
        fields=fields,
        parts={"customer": Part(subject="asked_customer", path="customer")},
    )
