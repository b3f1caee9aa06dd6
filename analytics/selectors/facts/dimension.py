"""What figures are told apart by: how each value is called, how an address writes it."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.enums import Tier
from accounts.models import Organisation, Team, User
from analytics.selectors.category_names import category_names
from feedback.enums import CUSTOMER_CHANNELS, JourneyStage, Metric, Mood, Priority
from feedback.models import FormDefinition, Product
from feedback.selectors.further_filters import ORGANISATION
from feedback.selectors.kept_settings import categories
from surveys.enums import CollectorChannel
from surveys.models import Survey

Key = Any  # what stands in the database; None: without any
Words = Callable[[Iterable[Key]], Mapping[Key, str]]
MOODS = (Mood.NEGATIVE, Mood.NEUTRAL, Mood.POSITIVE)
_NONE = gettext_lazy("None")
LONGEST = 19  # digits of a number in an address


@dataclass(frozen=True)
class Dimension:
    """`names` says what keys are called in the active language, `texts` how addresses write them,
    `read` turns such a text back (LookupError or ValueError for what does not exist). `of_text`
    makes a key of what PostgreSQL writes as text. `in_queue` and `in_responses` are the filters
    of the lists, empty where they have none. `order` puts keys into an order of their own; without
    one the most frequent come first. `is_many`: one thing may have several values at once.
    `response_text` writes a key for the list of responses of the survey `of_survey`, where that is
    not the key itself. `is_known_only`: whatever is without any is no part of a table."""

    key: str
    label: Promise
    names: Words
    texts: Words
    read: Callable[[str], Key]
    of_text: Callable[[str], Key] = str
    in_queue: str = ""
    in_responses: str = ""
    without: Promise = _NONE
    order: Callable[[Key], Any] | None = None
    is_many: bool = False
    response_text: Callable[[Key], str] | None = None
    of_survey: int | None = None
    is_known_only: bool = False
    read_rows: Callable[[Iterable[str]], Mapping[str, Key]] | None = None

    def read_all(self, texts: Iterable[str]) -> dict[str, Key]:
        """Many texts turned back; those of what does not exist are left out."""
        if self.read_rows is not None:
            return dict(self.read_rows(texts))
        found = {}
        for text in texts:
            with suppress(LookupError, ValueError):
                found[text] = self.read(text)
        return found


def _as_they_are(keys: Iterable[Key]) -> dict[Key, str]:
    return {key: str(getattr(key, "value", key)) for key in keys}


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < LONGEST):
        raise ValueError(text)
    return int(text)


def _of_choices(
    key: str, label: Any, choices: Any, *, cast: Any = str, in_order: bool = False, **more: Any
) -> Dimension:
    known = {cast(value): words for value, words in choices}
    if in_order:
        more["order"] = list(known).index

    def read(text: str) -> Key:
        value = cast(text)
        if value not in known:
            raise LookupError(text)
        return value

    return Dimension(
        key,
        label,
        lambda keys: {one: str(known.get(one, one)) for one in keys},
        _as_they_are,
        read,
        cast,
        **more,
    )


def _of_rows(key: str, label: Any, model: Any, *, code: str = "", **more: Any) -> Dimension:
    """Rows of a table; an address has their `code`, or their number."""

    def names(keys: Iterable[Key]) -> dict[Key, str]:
        return {pk: str(row) for pk, row in model.objects.in_bulk(list(keys)).items()}

    def codes(keys: Iterable[Key]) -> dict[Key, str]:
        found = model.objects.filter(pk__in=list(keys)).values_list("pk", code)
        return {pk: str(text) for pk, text in found}

    def read(text: str) -> Key:
        wanted = {code: text[:200]} if code else {"pk": _whole(text)}
        pk = model.objects.filter(**wanted).values_list("pk", flat=True).first()
        if pk is None or "\0" in text:
            raise LookupError(text)
        return pk

    def read_rows(texts: Iterable[str]) -> dict[str, Key]:
        field = model._meta.get_field(code or model._meta.pk.name)
        known = []
        for text in texts:
            with suppress(ValueError, ValidationError):
                known.append(field.to_python(text))
        rows = model.objects.filter(**{f"{field.name}__in": known})
        return {str(text): pk for text, pk in rows.values_list(field.name, "pk")}

    texts = codes if code else _as_they_are
    return Dimension(key, label, names, texts, read, int, read_rows=read_rows, **more)


def _category_texts(keys: Iterable[Key]) -> dict[Key, str]:
    known = categories()
    return {key: known[key].code for key in keys if key in known}


def _category(text: str) -> Key:
    for pk, one in categories().items():
        if one.code == text:
            return pk
    raise LookupError(text)


def _category_names(keys: Iterable[Key]) -> dict[Key, str]:
    names = category_names()
    return {key: names[key] for key in keys if key in names}


def _yes_no(keys: Iterable[Key]) -> dict[Key, str]:
    return {key: _("yes") if key else _("no") for key in keys}


_CATEGORY = (_category_names, _category_texts, _category)
_ALL = (
    _of_choices(
        "channel",
        gettext_lazy("Channel"),
        [(one.value, one.label) for one in CUSTOMER_CHANNELS],
        in_queue="channel",
        without=gettext_lazy("no record"),
    ),
    _of_rows(
        "team",
        gettext_lazy("Team"),
        Team,
        in_queue="team",
        in_responses="team",
        without=gettext_lazy("no team"),
    ),
    Dimension(
        "category",
        gettext_lazy("Category"),
        *_CATEGORY,
        int,
        in_queue="category",
        without=gettext_lazy("no category"),
    ),
    Dimension(
        "branch",
        gettext_lazy("Main category"),
        *_CATEGORY,
        int,
        in_queue="category",
        without=gettext_lazy("no category"),
    ),
    _of_rows(
        "product",
        gettext_lazy("Product"),
        Product,
        code="code",
        in_queue="product",
        in_responses="product",
        without=gettext_lazy("no product"),
    ),
    _of_choices(
        "priority",
        gettext_lazy("Priority"),
        Priority.choices,
        cast=int,
        in_order=True,
        in_queue="priority",
        without=gettext_lazy("no record"),
    ),
    _of_choices("language", gettext_lazy("Language"), settings.LANGUAGES, in_queue="language"),
    _of_choices(
        "mood",
        gettext_lazy("Sentiment"),
        [(mood.value, mood.label) for mood in MOODS],
        in_order=True,
        in_queue="mood",
        without=gettext_lazy("not known"),
    ),
    _of_choices(
        "tier",
        pgettext_lazy("of a customer", "Tier"),
        Tier.choices,
        in_order=True,
        in_queue="tier",
        in_responses="tier",
        without=gettext_lazy("no customer"),
    ),
    _of_choices(
        "stage",
        gettext_lazy("Stage"),
        JourneyStage.choices,
        in_order=True,
        in_queue="stage",
        without=gettext_lazy("no stage"),
    ),
    _of_rows(
        "assignee",
        gettext_lazy("Assignee"),
        User,
        in_queue="assignee",
        without=gettext_lazy("nobody"),
    ),
    _of_rows(
        "form",
        gettext_lazy("Form"),
        FormDefinition,
        code="code",
        in_queue="form",
        without=gettext_lazy("no form"),
    ),
    _of_rows(
        "organisation",
        gettext_lazy("Organisation of the customer"),
        Organisation,
        in_queue=ORGANISATION,
        in_responses="organisation",
        without=gettext_lazy("no organisation"),
    ),
    _of_choices("promise", gettext_lazy("What was promised"), Metric.choices),
    Dimension(
        "working_hours",
        gettext_lazy("In working hours"),
        _yes_no,
        lambda keys: {key: "yes" if key else "no" for key in keys},
        {"yes": True, "no": False}.__getitem__,
        {"true": True, "false": False}.__getitem__,
    ),
    _of_rows("survey", gettext_lazy("Survey"), Survey, code="slug"),
    _of_choices(
        "way",
        gettext_lazy("Way of the answer"),
        CollectorChannel.choices,
        in_responses="channel",
    ),
)
DIMENSIONS: dict[str, Dimension] = {one.key: one for one in _ALL}


def roots() -> dict[int, int]:
    """The main category that each category belongs to."""
    return {pk: int(one.path.split("/")[1]) for pk, one in categories().items()}


def names_of(dimension: Dimension, keys: Iterable[Key]) -> dict[Key, str]:
    """How values are called, with what is without any; what is gone by its number."""
    wanted = set(keys)
    known = {None: str(dimension.without)} if None in wanted else {}
    told = [key for key in wanted if key is not None]
    if told:
        found = dimension.names(told)
        known |= {key: found.get(key, f"#{key}") for key in told}
    return known
