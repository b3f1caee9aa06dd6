"""Which texts a page about texts looks at: days, team, language and where they come from, and
which others they are compared with. All of it is in the URL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.enums import Tier
from accounts.models import Customer, CustomerTag, Team, User
from analytics.models import TextReading
from analytics.selectors.choice import Choice, read_choice
from analytics.selectors.window import Window, today
from feedback.enums import CUSTOMER_CHANNELS, Channel, Mood
from feedback.errors import FilterNotKnown, ViewGone
from feedback.models import Category, Product
from feedback.models.assessment import GONE_STATES
from feedback.models.feedback import visible_condition
from feedback.selectors.kept_views import Kept, kept_view
from feedback.selectors.queue_filters import NONE
from feedback.selectors.saved_views import records_of
from surveys.models.response import visible_answers

MESSAGES, ANSWERS = "messages", "answers"
# What two groups may be: by mood, this period and the one before, these texts and all others,
# and a group with filters of its own (parameters that begin with OTHER).
COMPARISONS = MOODS, BEFORE, REST, GROUP = "moods", "before", "rest", "group"
OTHER = "other_"
SAME = "same"  # the period of such a group: that of the texts it is compared with
# Two saved views of the queue: “view-” and the number of the other one.
WITH_VIEW = "view-"
# As texts are read (config.kernel.text.language).
LANGUAGES = {
    "zh": _("Chinese"),
    "en": _("English"),
    "mixed": _("Chinese and English in one text"),
    "other": _("Another language"),
}
# Parameter of the URL → what of a reading it is.
_COLUMNS = {
    "language": "language",
    "mood": "mood",
    "channel": "feedback__channel",
    "category": "feedback__category",
    "product": "feedback__product",
}
# The same of whoever wrote it.
OF_CUSTOMER = ("tier", "customer_tag")
NARROWING = (*_COLUMNS, *OF_CUSTOMER, "source", "view")
_DAYS = ("period", "from", "to")
_OF_GROUP = {OTHER + name for name in (*NARROWING, *_DAYS, "team")}
SEES_CUSTOMERS = "accounts.view_customer"


@dataclass(frozen=True, slots=True)
class TextChoice:
    """`narrowed` are the parameters that leave texts out, with their values. `of_view` are texts
    of the saved view that was chosen. `other` are the texts of the saved view (`other_name`) or
    the group that these are compared with; `has_same_days` is one that follows the period of
    these."""

    choice: Choice
    window: Window
    narrowed: dict[str, str] = field(default_factory=dict)
    compare: str = MOODS
    of_view: Q = field(default_factory=Q)
    other: "TextChoice | None" = None
    other_name: str = ""
    has_same_days: bool = False

    @property
    def condition(self) -> Q:
        """What texts have to be, beside being said within the period."""
        found = self.of_view
        for name, value in self.narrowed.items():
            if name == "source":
                found &= Q(message__isnull=value != MESSAGES)
            elif name in OF_CUSTOMER:
                found &= _of_customer(name, value)
            elif name != "view":
                found &= Q(**{_COLUMNS[name]: value})
        if self.choice.is_narrowed:
            found &= Q(feedback__team=self.choice.team)
        return found

    @property
    def is_narrowed(self) -> bool:
        return bool(self.narrowed) or self.choice.is_narrowed

    @property
    def filters(self) -> dict[str, str]:
        """The parameters that leave texts out, the team among them. Without the view, which is
        another one for everybody."""
        found = {name: value for name, value in self.narrowed.items() if name != "view"}
        return dict(sorted((found | self._with_team).items()))

    def query(self, **changes: str) -> str:
        """As a query string; an empty value leaves a parameter out."""
        pairs = {**self.narrowed, "compare": "" if self.compare == MOODS else self.compare}
        if self.compare == GROUP and self.other is not None:
            pairs |= {OTHER + name: value for name, value in self.other.as_group.items()}
        pairs.update(changes)
        rest = urlencode({name: value for name, value in pairs.items() if value})
        return "&".join(part for part in (self.choice.query, rest) if part)

    @property
    def as_group(self) -> dict[str, str]:
        """The parameters of a group that others are compared with."""
        days = self.choice.of_all()
        found = dict(parse_qsl(days.query))
        if not found:
            found = {"period": str(days.preset)}
        return {**({} if self.has_same_days else found), **self._with_team, **self.narrowed}

    @property
    def _with_team(self) -> dict[str, str]:
        team = self.choice.team
        return {"team": str(team.pk) if team else NONE} if self.choice.is_narrowed else {}


def read_text_choice(
    params: Mapping[str, Sequence[str]],
    *,
    teams: Sequence[Team],
    now: datetime,
    user: User | None = None,
) -> TextChoice:
    """Understand the parameters of the URL. Empty values count as not given; saved views are
    those of `user`. Raises FilterNotKnown, naming the field, for what does not exist."""
    own = {*NARROWING, "compare"}
    rest = {name: texts for name, texts in params.items() if name not in own | _OF_GROUP}
    choice = read_choice(rest, teams=teams, today=today(now))
    given = {
        name: texts[-1].strip()[:60]
        for name, texts in params.items()
        if name in own and texts and texts[-1].strip()
    }
    compare = given.pop("compare", MOODS)
    if compare.startswith(WITH_VIEW) and "view" not in given:
        compare = MOODS  # the view that it was compared with was taken away
    for name, value in given.items():
        if name != "view" and not _exists(name, value, user):
            raise FilterNotKnown(name, value)
    view = _view("view", given.get("view", ""), user)
    of_view = _texts_of(view, user) if view and user else Q()
    found = TextChoice(choice, Window(choice.period, now), given, compare, of_view)
    if compare == GROUP or params.keys() & _OF_GROUP:
        # Also where nothing is compared with it: what does not exist is said whenever it is asked.
        other = _group(params, found, teams=teams, now=now, user=user)
        if compare == GROUP:
            return replace(found, other=other)
    if view is not None and user and compare.startswith(WITH_VIEW):
        second = _view("compare", compare.removeprefix(WITH_VIEW), user)
        if second is not None:
            texts = replace(found, of_view=_texts_of(second, user))
            return replace(found, other=texts, other_name=second.name)
    if compare not in COMPARISONS:
        raise FilterNotKnown("compare", compare)
    return found


def _group(params: Mapping[str, Sequence[str]], beside: TextChoice, **given: Any) -> TextChoice:
    """The texts that others are compared with: by filters of their own, without days of their
    own those of the others."""
    mine = {
        name.removeprefix(OTHER): texts
        for name, texts in params.items()
        if name in _OF_GROUP and texts and texts[-1].strip()
    }
    if "period" in mine:
        mine.pop("from", None)
        mine.pop("to", None)
    if [text.strip() for text in mine.get("period", [])][-1:] == [SAME]:
        del mine["period"]
    try:
        found = read_text_choice(mine, **given)
    except FilterNotKnown as unknown:
        raise FilterNotKnown(OTHER + unknown.field, unknown.value) from unknown
    if mine.keys() & set(_DAYS):
        return found
    days = beside.choice
    same = replace(found.choice, period=days.period, preset=days.preset)
    return replace(found, choice=same, window=beside.window, has_same_days=True)


def _view(name: str, number: str, user: User | None) -> Kept | None:
    if not number:
        return None
    if user is None:
        raise FilterNotKnown(name, number)
    try:
        return kept_view(number, user)
    except ViewGone as gone:
        raise FilterNotKnown(name, number) from gone


def _texts_of(view: Kept, user: User) -> Q:
    return Q(feedback__in=records_of(view, user).order_by().values("pk"))


def _of_customer(name: str, value: str) -> Q:
    """The customer of an answer is that of its response, whatever record it is about."""
    column = "customer__tier"
    wanted: Any = value
    if name == "customer_tag":  # not a join: somebody has several, and texts count once
        column = "customer__in"
        wanted = Customer.objects.filter(tags=int(value)).order_by().values("pk")
    written = Q(message__isnull=False) & Q(**{f"feedback__{column}": wanted})
    return written | Q(message=None) & Q(**{f"response__{column}": wanted})


def _exists(name: str, value: str, user: User | None) -> bool:
    if user is not None and name in OF_CUSTOMER and not user.has_perm(SEES_CUSTOMERS):
        return False
    if model := _MODELS.get(name):
        is_number = value.isascii() and value.isdigit() and len(value) < 10
        return is_number and model.objects.filter(pk=int(value)).exists()
    known: dict[str, Sequence[str]] = {
        "language": list(LANGUAGES),
        "mood": Mood.values,
        "channel": list(CUSTOMER_CHANNELS),
        "source": (MESSAGES, ANSWERS),
        "tier": Tier.values,
    }
    return value in known[name]


_MODELS: dict[str, Any] = {"category": Category, "product": Product, "customer_tag": CustomerTag}


def every_reading() -> QuerySet[TextReading]:
    """All texts of customers that count, whoever may see them: for what is found over all of
    them."""
    theirs = ~Q(feedback__state__in=GONE_STATES) & ~Q(feedback__channel=Channel.STAFF)
    kept = Q(feedback=None) | theirs
    return TextReading.objects.counted().filter(kept)


def readings_of(user: User, *, answers: bool = True) -> QuerySet[TextReading]:
    """What somebody may count and read: texts of records and responses they may see, without
    spam and what was merged into another record; `answers` = those of surveys, too."""
    found = every_reading()
    may_read_answers = answers and user.has_perm("surveys.view_response")
    if not may_read_answers:
        found = found.exclude(message=None)
    if user.has_perm("accounts.view_every_team"):
        return found
    # Asked of the columns of the record and the response of each text: the lists of all that may
    # be seen are long, and figures are about days.
    seen = Q(feedback__isnull=False) & visible_condition(user, "feedback__")
    if may_read_answers:
        seen |= Q(message=None) & visible_answers(user, "response__")
    return found.filter(seen)
