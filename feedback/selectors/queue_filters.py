"""Every filter of the queue, declared once: its name in the URL, what it may be, what it means.

Dashboards build links with `selectors.queue.queue_url`, so what a figure counts and what the
list shows are the same condition.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Tier
from accounts.models import Customer, Team, User
from accounts.selectors.personal_data import tells_covered
from config.kernel.search.queries import SearchQuery, understand
from config.kernel.text.mood.labels import NEARLY
from feedback.enums import (
    OPEN_STATES,
    Channel,
    DueIn,
    JourneyStage,
    Mood,
    Priority,
    QualityBand,
    State,
)
from feedback.errors import FilterNotKnown, NumbersCovered
from feedback.models import (
    Category,
    Feedback,
    FeedbackQuality,
    FormDefinition,
    Product,
    SearchEntry,
    Status,
    Tag,
)
from feedback.rules.quality import HIGH, LOW

NONE = "none"
ME = "me"
WORDS_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a filter: as the URL has it, as a condition has it, and in words."""

    text: str
    meaning: Any
    words: str


@dataclass(frozen=True, slots=True)
class Filter:
    """`read` turns the text of the URL into a Value for the person who asks; it raises
    LookupError or ValueError for what does not exist. `where` gives the condition for all the
    values together (any of them)."""

    label: Promise
    read: Callable[[str, User], Value]
    where: Callable[[list[Any]], Q]
    many: bool = True


def start_of(day: date) -> datetime:
    """Midnight at which `day` begins where this installation is (settings.TIME_ZONE)."""
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def _choice(choices: Any, cast: Callable[[str], Any] = str) -> Callable[[str, User], Value]:
    def read(text: str, _user: User) -> Value:
        one = choices(cast(text))
        return Value(text, one.value, str(one.label))

    return read


def _day(text: str, _user: User) -> Value:
    day = date.fromisoformat(text)
    return Value(text, day, date_format(day, "SHORT_DATE_FORMAT"))


def _since(field: str) -> Callable[[list[date]], Q]:
    return lambda days: Q(**{f"{field}__gte": start_of(min(days))})


def _until(field: str) -> Callable[[list[date]], Q]:
    """The day itself belongs to the period."""
    return lambda days: Q(**{f"{field}__lt": start_of(max(days) + timedelta(days=1))})


def _found(manager: Any, **by: Any) -> Any:
    found = manager.filter(**by).first()
    if found is None:
        raise LookupError
    return found


def _status(text: str, _user: User) -> Value:
    status = _found(Status.objects, code=text)
    return Value(text, status.pk, status.name)


def _category(text: str, _user: User) -> Value:
    if text == NONE:
        return Value(text, [None], _("no category"))
    category = _found(Category.objects, code=text)
    ids = Category.objects.under(category).values_list("pk", flat=True)
    return Value(text, list(ids), category.name)


def _category_itself(text: str, user: User) -> Value:
    if text == NONE:
        raise LookupError
    return _category(text, user)


def _team(text: str, _user: User) -> Value:
    if text == NONE:
        return Value(text, None, _("no team"))
    team = _found(Team.objects, pk=int(text))
    return Value(text, team.pk, team.name)


def _person(text: str, user: User) -> Value:
    if text == NONE:
        return Value(text, None, _("nobody"))
    if text == ME:
        return Value(text, user.pk, _("me"))
    person = _found(User.objects, pk=int(text))
    return Value(text, person.pk, person.name)


def _filed(text: str, _user: User) -> Value:
    category = _found(Category.objects, code=text)
    return Value(text, category.pk, category.name)


def _stage(text: str, _user: User) -> Value:
    if text == NONE:
        return Value(text, "", _("no stage"))
    stage = JourneyStage(text)
    return Value(text, stage.value, str(stage.label))


def _language(text: str, _user: User) -> Value:
    return Value(text, text, str(dict(settings.LANGUAGES)[text]))


def _mood(text: str, _user: User) -> Value:
    if text == NONE:
        return Value(text, None, _("not known"))
    mood = Mood(text)
    if mood not in _SENTIMENTS:
        raise LookupError
    return Value(text, mood.value, str(mood.label))


def _product(text: str, _user: User) -> Value:
    if text == NONE:
        return Value(text, None, _("no product"))
    product = _found(Product.objects, code=text)
    return Value(text, product.pk, product.name)


def _form(text: str, _user: User) -> Value:
    if text == NONE:
        return Value(text, None, _("no form"))
    form = _found(FormDefinition.objects, code=text)
    return Value(text, form.pk, form.name)


def _tag(text: str, _user: User) -> Value:
    if text == NONE:
        return Value(text, None, _("no tag"))
    tag = _found(Tag.objects, name__iexact=text)
    return Value(text, tag.pk, tag.name)


def _customer(text: str, _user: User) -> Value:
    customer = _found(Customer.objects, pk=int(text))
    return Value(text, customer.pk, str(customer))


def _score(text: str, _user: User) -> Value:
    score = int(text)
    if not 1 <= score <= 5:
        raise ValueError
    return Value(text, score, _("%(score)d of 5") % {"score": score})


def _words(text: str, user: User) -> Value:
    """Raises NumbersCovered."""
    text = " ".join(text.split())[:WORDS_LENGTH]
    if tells_covered(user, text):
        raise NumbersCovered("q")
    return Value(text, understand(text), f"“{text}”")


def _one_of(field: str) -> Callable[[list[Any]], Q]:
    def where(values: list[Any]) -> Q:
        known = [value for value in values if value is not None]
        condition = Q(**{f"{field}__in": known}) if known else Q()
        return condition | Q(**{field: None}) if None in values else condition

    return where


def _in_categories(values: list[list[int | None]]) -> Q:
    return _one_of("category_id")([pk for ids in values for pk in ids])


def _also_about(values: list[list[int]]) -> Q:
    return Q(also_categories__overlap=[pk for ids in values for pk in ids])


def _all_tags(values: list[int | None]) -> Q:
    # Each in its own subquery: a join would give a record once per tag.
    tagged = Feedback.tags.through.objects
    condition = Q()
    for pk in values:
        if pk is None:
            condition &= ~Q(pk__in=tagged.values("feedback_id"))
            continue
        condition &= Q(pk__in=tagged.filter(tag_id=pk).values("feedback_id"))
    return condition


def _speaks_of(queries: list[SearchQuery]) -> Q:
    """A number finds its record before the index knows of it."""
    condition = Q(pk__in=SearchEntry.objects.matching(queries[0]).values("pk"))
    number = queries[0].number
    return condition if number is None else condition | Q(number=number)


def _due(values: list[str]) -> Q:
    now = timezone.now()
    condition = Q()
    if DueIn.LATE in values:
        condition |= Q(reply_due_at__lt=now)
    if DueIn.HOUR in values:
        condition |= Q(reply_due_at__gte=now, reply_due_at__lt=now + timedelta(hours=1))
    return condition & Q(state__in=OPEN_STATES)


def _of_quality(bands: list[str]) -> Q:
    """What nobody has judged yet is in none of them."""
    spans = {
        QualityBand.HIGH: (HIGH, 100),
        QualityBand.MIDDLE: (LOW, HIGH - 1),
        QualityBand.LOW: (0, LOW - 1),
    }
    condition = Q(pk__in=[])
    for band in bands:
        judged = FeedbackQuality.objects.filter(score__range=spans[QualityBand(band)])
        condition |= Q(pk__in=judged.values("pk"))
    return condition


# As figures tell moods apart: what is neutral stays near 0.
_SENTIMENTS = {
    Mood.NEGATIVE: (-100, -NEARLY - 1),
    Mood.NEUTRAL: (-NEARLY, NEARLY),
    Mood.POSITIVE: (NEARLY + 1, 100),
}


def _sounds(moods: list[str | None]) -> Q:
    condition = Q(sentiment=None) if None in moods else Q(pk__in=[])
    for mood in moods:
        if mood is not None:
            condition |= Q(sentiment__range=_SENTIMENTS[Mood(mood)])
    return condition


def _yes_or_no(text: str, _user: User) -> Value:
    meaning = {"yes": (True, _("yes")), "no": (False, _("no"))}[text]
    return Value(text, *meaning)


def _is_snoozed(values: list[bool]) -> Q:
    return Q(snoozed_until__isnull=not values[0])


def _was_reopened(values: list[bool]) -> Q:
    return Q(reopened_count__gt=0) if values[0] else Q(reopened_count=0)


FILTERS: dict[str, Filter] = {
    "q": Filter(gettext_lazy("Words"), _words, _speaks_of, many=False),
    "status": Filter(gettext_lazy("Status"), _status, _one_of("status_id")),
    "state": Filter(gettext_lazy("State"), _choice(State), _one_of("state")),
    "priority": Filter(gettext_lazy("Priority"), _choice(Priority, int), _one_of("priority")),
    "category": Filter(gettext_lazy("Category"), _category, _in_categories),
    "filed": Filter(gettext_lazy("Category itself"), _filed, _one_of("category_id")),
    "also": Filter(gettext_lazy("Also about"), _category_itself, _also_about),
    "team": Filter(gettext_lazy("Team"), _team, _one_of("team_id")),
    "assignee": Filter(gettext_lazy("Assignee"), _person, _one_of("assignee_id")),
    "resolver": Filter(gettext_lazy("Resolved by"), _person, _one_of("resolved_by_id")),
    "channel": Filter(gettext_lazy("Channel"), _choice(Channel), _one_of("channel")),
    "product": Filter(gettext_lazy("Product"), _product, _one_of("product_id")),
    "form": Filter(gettext_lazy("Form"), _form, _one_of("form_id")),
    "tag": Filter(gettext_lazy("Tag"), _tag, _all_tags),
    "customer": Filter(gettext_lazy("Customer"), _customer, _one_of("customer_id")),
    "tier": Filter(gettext_lazy("Tier"), _choice(Tier), _one_of("customer__tier")),
    "language": Filter(gettext_lazy("Language"), _language, _one_of("language")),
    "stage": Filter(gettext_lazy("Stage"), _stage, _one_of("journey_stage")),
    "mood": Filter(gettext_lazy("Sentiment"), _mood, _sounds),
    "due": Filter(gettext_lazy("Answer due"), _choice(DueIn), _due),
    "reopened": Filter(gettext_lazy("Reopened"), _yes_or_no, _was_reopened, many=False),
    "snoozed": Filter(gettext_lazy("Snoozed"), _yes_or_no, _is_snoozed, many=False),
    "quality": Filter(gettext_lazy("Quality"), _choice(QualityBand), _of_quality),
    "score": Filter(gettext_lazy("Rating"), _score, _one_of("satisfaction")),
}
for _name, _field, _from, _to in (
    ("received", "received_at", gettext_lazy("Received from"), gettext_lazy("Received until")),
    (
        "answered",
        "first_response_at",
        gettext_lazy("First answered from"),
        gettext_lazy("First answered until"),
    ),
    ("resolved", "resolved_at", gettext_lazy("Resolved from"), gettext_lazy("Resolved until")),
    ("rated", "satisfaction_at", gettext_lazy("Rated from"), gettext_lazy("Rated until")),
):
    FILTERS[f"{_name}_from"] = Filter(_from, _day, _since(_field), many=False)
    FILTERS[f"{_name}_to"] = Filter(_to, _day, _until(_field), many=False)

FilterSource = Callable[[str], Filter | None]
_sources: dict[str, FilterSource] = {}


def register_filter_source(prefix: str, source: FilterSource) -> None:
    """Filters that people make at run time (custom fields): `source` gives the one of a name
    that begins so, None when there is none."""
    _sources[prefix] = source


def filter_named(name: str) -> Filter | None:
    known = FILTERS.get(name)
    if known is None and "." in name:
        for prefix, source in _sources.items():
            if name.startswith(prefix):
                return source(name)
    return known


def read_values(name: str, texts: list[str], user: User) -> tuple[Value, ...]:
    """What the texts of one filter mean to this person. Raises FilterNotKnown."""
    asked = filter_named(name)
    if asked is None:
        raise FilterNotKnown(name[:60])
    wanted = dict.fromkeys(texts) if asked.many else [texts[-1]]
    values = []
    for text in wanted:
        try:
            if "\0" in text:
                raise ValueError  # noqa: TRY301 - PostgreSQL has no such text
            values.append(asked.read(text, user))
        except (LookupError, ValueError, OverflowError) as unknown:
            raise FilterNotKnown(name, text[:60]) from unknown
    return tuple(values)


def text_of(value: Any) -> str:
    """How something that code has (a category, a team, a day, an enum) is written in the URL."""
    if value is None:
        return NONE
    if isinstance(value, Category | FormDefinition | Product | Status):
        return value.code
    if isinstance(value, Tag):
        return value.name
    if isinstance(value, date):
        return (
            timezone.localtime(value).date() if isinstance(value, datetime) else value
        ).isoformat()
    if isinstance(value, Customer | Team | User):
        return str(value.pk)
    return str(getattr(value, "value", value))


def texts_of(value: Any) -> list[str]:
    many = isinstance(value, Iterable) and not isinstance(value, str)
    return [text_of(one) for one in value] if many else [text_of(value)]
