"""What the board of recognition shows: thanks and closed loops of a period. Nothing in it is an
order of people: they stand by their names."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership, Team, User
from analytics.enums import EffectVerdict
from analytics.models import EffectCheck, Measure, Thanks
from analytics.selectors.choice import Choice
from analytics.selectors.praise import praised, records_seen
from analytics.selectors.window import Window
from feedback.enums import DONE_STATES
from feedback.models import Feedback
from feedback.selectors.queue import queue_url
from feedback.selectors.suggestions import carried_out

SATISFIED = (4, 5)  # of five
COLLEAGUES, CUSTOMERS, EFFECTS = "colleagues", "customers", "effects"
SUGGESTIONS = "suggestions"
KINDS = (COLLEAGUES, CUSTOMERS, EFFECTS, SUGGESTIONS)  # of lists


@dataclass(frozen=True, slots=True)
class Loops:
    """What was closed and heard, of everybody or of one person: `solved` records whose customer
    is satisfied, measures whose `effects` are good, `suggestions` of staff that were carried out,
    `customers` and `colleagues` who say thanks."""

    solved: int = 0
    effects: int = 0
    suggestions: int = 0
    customers: int = 0
    colleagues: int = 0

    @property
    def counts(self) -> tuple[int, ...]:
        """In the order in which they are shown."""
        return (self.solved, self.effects, self.suggestions, self.customers, self.colleagues)

    def __bool__(self) -> bool:
        return any(self.counts)


@dataclass(frozen=True)
class Asked:
    """Who looks at which days and team; `person` narrows to what one of the staff did."""

    user: User
    choice: Choice
    now: datetime
    person: User | None = None

    @property
    def window(self) -> Window:
        return Window(self.choice.period, self.now)

    def of(self, person: User) -> "Asked":
        return replace(self, person=person)


def solved(asked: Asked) -> QuerySet[Feedback]:
    """Records resolved in the period whose customer is satisfied."""
    found = records_seen(asked.user).filter(asked.window.inside("resolved_at"))
    found = found.filter(asked.choice.condition, satisfaction__in=SATISFIED)
    found = found.filter(state__in=DONE_STATES)
    return found.filter(resolved_by=asked.person) if asked.person else found


def solved_url(asked: Asked) -> str:
    """The list that counts the same."""
    given: dict[str, Any] = {"resolver": str(asked.person.pk)} if asked.person else {}
    return queue_url(
        resolved_from=asked.choice.period.first,
        resolved_to=asked.choice.period.last,
        score=SATISFIED,
        state=DONE_STATES,
        **given,
        **asked.choice.in_queue,
    )


def customers_thanks(asked: Asked) -> QuerySet[Feedback]:
    """Records in which customers thanked us; those of people who do not want to be shown are
    still the team's."""
    found: QuerySet[Any] = praised(asked.user, asked.window).filter(asked.choice.condition)
    return found.filter(credited=asked.person.pk) if asked.person else found


def colleagues_thanks(asked: Asked) -> QuerySet[Thanks]:
    found = Thanks.objects.visible_to(asked.user).filter(asked.window.inside("at"))
    if asked.choice.is_teamless:
        found = found.filter(to__memberships=None)
    elif asked.choice.team is not None:
        members = Membership.objects.filter(team=asked.choice.team).values("user")
        found = found.filter(to__in=members)
    return found.filter(to=asked.person) if asked.person else found


def effects(asked: Asked) -> QuerySet[Measure]:
    """Measures of which somebody found within the period that they made something better."""
    if not asked.user.has_perm("analytics.view_problem"):
        return Measure.objects.none()
    better = EffectCheck.objects.filter(
        asked.window.inside("at"), measure=OuterRef("pk"), verdict=EffectVerdict.BETTER
    )
    found = Measure.objects.visible_to(asked.user).filter(Exists(better))
    if asked.choice.is_narrowed:
        found = found.filter(problem__team=asked.choice.team)
    return found.filter(owner=asked.person) if asked.person else found


def suggestions(asked: Asked) -> QuerySet[Feedback]:
    """Of staff, carried out within the period; of a person those that they handed in."""
    if not asked.user.has_perm("feedback.view_feedback"):
        return Feedback.objects.none()
    seen = Feedback.objects.visible_to(asked.user).filter(asked.window.inside("resolved_at"))
    found = carried_out(seen.filter(asked.choice.condition))
    return found.filter(suggestion__author=asked.person) if asked.person else found


def recognition_urls(asked: Asked, loops: Loops) -> list[tuple[str, int, str]]:
    """Each figure with its name and the list that counts the same."""
    names = [
        _("Solved, and the customer is satisfied"),
        _("Measures with a good effect"),
        _("Suggestions carried out"),
        _("Thanks of customers"),
        _("Thanks of colleagues"),
    ]
    urls = [
        solved_url(asked),
        *(list_url(asked, kind) for kind in (EFFECTS, SUGGESTIONS, CUSTOMERS, COLLEAGUES)),
    ]
    return list(zip(names, loops.counts, urls, strict=True))


def list_url(asked: Asked, kind: str) -> str:
    pairs = [("kind", kind)]
    if asked.person is not None:
        pairs.append(("person", str(asked.person.pk)))
    query = urlencode(pairs) + (f"&{asked.choice.query}" if asked.choice.query else "")
    return f"{reverse('analytics:recognition_list')}?{query}"


def loops_of(asked: Asked) -> Loops:
    return Loops(
        solved(asked).count(),
        effects(asked).count(),
        suggestions(asked).count(),
        customers_thanks(asked).order_by().count(),
        colleagues_thanks(asked).count(),
    )


def people(asked: Asked) -> list[tuple[User, Loops]]:
    """Those who work here and want to be shown, by name, with what came of their work; without
    those of whom there is nothing to say."""
    counts = {
        "solved": _by(solved(asked), "resolved_by"),
        "effects": _by(effects(asked), "owner"),
        "suggestions": _by(suggestions(asked), "suggestion__author"),
        "customers": _by(customers_thanks(asked), "credited"),
        "colleagues": _by(colleagues_thanks(asked), "to"),
    }
    ids = {pk for found in counts.values() for pk in found}
    shown = User.objects.filter(Q(on_board=True) | Q(pk=asked.user.pk), pk__in=ids, is_active=True)
    return [
        (one, Loops(**{name: found[one.pk] for name, found in counts.items()}))
        for one in shown.order_by("name", "pk")
    ]


def teams(asked: Asked, mine: list[Team]) -> list[tuple[Team, Loops]]:
    """Of the teams that one may look at, by name."""
    heard = _thanks_of_members(asked, mine)
    counts = {
        "solved": _by(solved(asked), "team"),
        "effects": _by(effects(asked), "problem__team"),
        "suggestions": _by(suggestions(asked), "team"),
        "customers": _by(customers_thanks(asked), "team"),
    }
    rows = [
        (one, Loops(**{name: found[one.pk] for name, found in counts.items()},
                    colleagues=heard[one.pk]))
        for one in mine
    ]  # fmt: skip
    return [(one, loops) for one, loops in rows if loops]


def _by(rows: QuerySet[Any], column: str) -> Counter[int]:
    found: Mapping[Any, int] = dict(
        rows.order_by().values_list(column).annotate(n=Count("pk", distinct=True))
    )
    return Counter({pk: n for pk, n in found.items() if pk is not None})


def _thanks_of_members(asked: Asked, mine: list[Team]) -> Counter[int]:
    """Somebody of two teams counts in both, as in the list of either."""
    heard = _by(colleagues_thanks(asked), "to")
    members = Membership.objects.filter(team__in=mine, user__in=list(heard))
    found: Counter[int] = Counter()
    for team, user in members.values_list("team", "user"):
        found[team] += heard[user]
    return found
