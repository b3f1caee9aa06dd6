"""Which texts a page about texts looks at: days, team, language and where they come from. All of
it is in the URL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import BigIntegerField, Case, F, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from analytics.models import TextReading
from analytics.selectors.choice import Choice, read_choice
from analytics.selectors.window import Window, today
from feedback.enums import Channel, Mood
from feedback.errors import FilterNotKnown, ViewGone
from feedback.models import Category, Feedback, Product
from feedback.models.assessment import GONE_STATES
from feedback.selectors.kept_views import Kept, kept_view
from feedback.selectors.queue_filters import NONE
from feedback.selectors.saved_views import records_of
from surveys.models import Response

MESSAGES, ANSWERS = "messages", "answers"
# What two groups may be: by mood, this period and the one before, these texts and all others.
COMPARISONS = MOODS, BEFORE, REST = "moods", "before", "rest"
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
    "channel": "record__channel",
    "category": "record__category",
    "product": "record__product",
}
NARROWING = (*_COLUMNS, "source", "view")


@dataclass(frozen=True, slots=True)
class TextChoice:
    """`narrowed` are the parameters that leave texts out, with their values. `of_view` are texts
    of the saved view that was chosen, `of_other` those of the view it is compared with."""

    choice: Choice
    window: Window
    narrowed: dict[str, str] = field(default_factory=dict)
    compare: str = MOODS
    of_view: Q = field(default_factory=Q)
    of_other: Q | None = None
    other_name: str = ""

    @property
    def condition(self) -> Q:
        """What texts have to be, beside being said within the period."""
        return self.shared_condition & self.of_view

    @property
    def shared_condition(self) -> Q:
        """The same without the view: what texts of both views have to be."""
        found = Q()
        for name, value in self.narrowed.items():
            if name == "source":
                found &= Q(message__isnull=value != MESSAGES)
            elif name != "view":
                found &= _where(_COLUMNS[name], value)
        if self.choice.is_narrowed:
            found &= _where("record__team", self.choice.team)
        return found

    @property
    def is_narrowed(self) -> bool:
        return bool(self.narrowed) or self.choice.is_narrowed

    @property
    def filters(self) -> dict[str, str]:
        """The parameters that leave texts out, the team among them. Without the view, which is
        another one for everybody."""
        team = self.choice.team
        mine = {"team": str(team.pk) if team else NONE} if self.choice.is_narrowed else {}
        found = {name: value for name, value in self.narrowed.items() if name != "view"}
        return dict(sorted((found | mine).items()))

    def query(self, **changes: str) -> str:
        """As a query string; an empty value leaves a parameter out."""
        pairs = {**self.narrowed, "compare": "" if self.compare == MOODS else self.compare}
        pairs.update(changes)
        rest = urlencode({name: value for name, value in pairs.items() if value})
        return "&".join(part for part in (self.choice.query, rest) if part)


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
    rest = {name: texts for name, texts in params.items() if name not in own}
    choice = read_choice(rest, teams=teams, today=today(now))
    given = {
        name: texts[-1].strip()[:60]
        for name, texts in params.items()
        if name in own and texts and texts[-1].strip()
    }
    compare = given.pop("compare", MOODS)
    if compare.startswith(WITH_VIEW) and "view" not in given:
        compare = MOODS  # the view that it was compared with was taken away
    view = _view("view", given.get("view", ""), user)
    other = None
    if view is not None and compare.startswith(WITH_VIEW):
        other = _view("compare", compare.removeprefix(WITH_VIEW), user)
    if other is None and compare not in COMPARISONS:
        raise FilterNotKnown("compare", compare)
    for name, value in given.items():
        if name != "view" and not _exists(name, value):
            raise FilterNotKnown(name, value)
    return TextChoice(
        choice,
        Window(choice.period, now),
        given,
        compare,
        of_view=_texts_of(view, user) if view and user else Q(),
        of_other=_texts_of(other, user) if other and user else None,
        other_name=other.name if other else "",
    )


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
    return Q(is_in__in=records_of(view, user).order_by().values("pk"))


def _where(column: str, value: Any) -> Q:
    """`record__…` is of the record that the text is in now: a message may have been split off
    since it was read, an answer stays with its record."""
    if not column.startswith("record__"):
        return Q(**{column: value})
    of_record = column.removeprefix("record__")
    answered = Q(message=None) & Q(**{f"feedback__{of_record}": value})
    return Q(**{f"message__feedback__{of_record}": value}) | answered


def of_record(column: str) -> Case:
    """A column of the record that a text is in now."""
    written = When(message__isnull=False, then=F(f"message__feedback__{column}"))
    return Case(written, default=F(f"feedback__{column}"))


def _exists(name: str, value: str) -> bool:
    if name in {"category", "product"}:
        model: Any = Category if name == "category" else Product
        is_number = value.isascii() and value.isdigit() and len(value) < 10
        return is_number and model.objects.filter(pk=int(value)).exists()
    known: dict[str, Sequence[str]] = {
        "language": list(LANGUAGES),
        "mood": Mood.values,
        "channel": Channel.values,
        "source": (MESSAGES, ANSWERS),
    }
    return value in known[name]


def every_reading() -> QuerySet[TextReading]:
    """All texts that count, whoever may see them: for what is found over all of them. `is_in` is
    the record that each is in now."""
    is_in = Coalesce("message__feedback", "feedback", output_field=BigIntegerField())
    kept = Q(message__isnull=False) | Q(feedback=None) | ~Q(feedback__state__in=GONE_STATES)
    kept &= Q(message=None) | ~Q(message__feedback__state__in=GONE_STATES)
    return TextReading.objects.counted().alias(is_in=is_in).filter(kept)


def readings_of(user: User, *, answers: bool = True) -> QuerySet[TextReading]:
    """What somebody may count and read: texts of records and responses they may see, without
    spam and what was merged into another record; `answers` = those of surveys, too."""
    found = every_reading()
    may_read_answers = answers and user.has_perm("surveys.view_response")
    if not may_read_answers:
        found = found.exclude(message=None)
    if user.has_perm("accounts.view_every_team"):
        return found
    seen = Q(is_in__in=Feedback.objects.visible_to(user).order_by().values("pk"))
    if may_read_answers:
        seen |= Q(response__in=Response.objects.visible_to(user).order_by().values("pk"))
    return found.filter(seen)
