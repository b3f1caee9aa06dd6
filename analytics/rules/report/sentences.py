"""What a report says about its numbers, in the active language.

A change is called more or fewer only where it is more than chance would make (see
metrics.trend); with fewer than 30 answers the report says so."""

from collections.abc import Callable, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from analytics.metrics.intervals import SMALL_SAMPLE
from analytics.metrics.trend import Direction
from analytics.rules.report import values
from analytics.rules.report.material import Figure, Material, Quantity, Ranking
from analytics.rules.report.runs import Run, Runs, fill, joined

NAMED = 3  # of a ranking, in a sentence
NAMED_WORDS = 10  # of words, which are short

# What a number says: key → sentence with value, interval, n, second.
_SAID: dict[str, Callable[[], str]] = {
    "received": lambda: _("Feedback received in this period: %(value)s."),
    "responses": lambda: _("Completed answers to surveys: %(value)s."),
    "csat": lambda: _(
        "Of the customers who rated how their matter was handled, %(value)s were satisfied "
        "(%(interval)s, %(n)s)."
    ),
    "overall": lambda: _(
        "Overall satisfaction: %(value)s of those who answered are satisfied "
        "(%(interval)s, %(n)s)."
    ),
    "functional": lambda: _(
        "Functional satisfaction: %(value)s are satisfied with the product and what it does "
        "(%(interval)s, %(n)s)."
    ),
    "service": lambda: _(
        "Service satisfaction: %(value)s are satisfied with the people who helped them "
        "(%(interval)s, %(n)s)."
    ),
    "emotional": lambda: _(
        "Emotional satisfaction: %(value)s like to be our customer (%(interval)s, %(n)s)."
    ),
    "nps": lambda: _("Net promoter score: %(value)s (%(interval)s, %(n)s)."),
    "negative": lambda: _(
        "Of the texts whose mood is known, %(value)s are negative (%(interval)s, %(n)s)."
    ),
    "promises_kept": lambda: _(
        "Of the times that were promised, %(value)s were kept (%(interval)s, %(n)s)."
    ),
    "first_contact": lambda: _(
        "Of what was solved, %(value)s was settled with the first answer (%(interval)s, %(n)s)."
    ),
    "ces": lambda: _(
        "How easy it was made for customers, from 1 to 7: %(value)s on average "
        "(%(interval)s, %(n)s)."
    ),
    "problems": lambda: _("Problems that are not solved yet: %(value)s."),
    "measures": lambda: _(
        "Measures that are under way or were carried out in this period: %(value)s."
    ),
    "reopened": lambda: _("Of what was solved, %(value)s was opened again (%(interval)s, %(n)s)."),
    "first_response": lambda: _(
        "Half of the first answers came within %(value)s, nine of ten within %(second)s (%(n)s)."
    ),
    "resolution": lambda: _(
        "Half of the solutions came within %(value)s, nine of ten within %(second)s (%(n)s)."
    ),
}
_RANKED: dict[str, Callable[[], str]] = {
    "channels": lambda: _("Most of it came by %(list)s."),
    "categories": lambda: _("Most of it is about %(list)s."),
    "topics": lambda: _("What customers write about most: %(list)s."),
    "keywords": lambda: _("The most frequent words: %(list)s."),
    "complaints": lambda: _(
        "Negative most often where customers speak of %(list)s: the share of the texts that "
        "mention it."
    ),
}
_RATINGS = {"csat", "overall", "functional", "service", "emotional", "nps", "ces"}


def say(key: str, material: Material) -> Runs:
    """The sentences about a number or a ranking; empty for a key that was not gathered."""
    if key in material.figures:
        return about_figure(material.figures[key])
    if key in material.rankings:
        return about_ranking(material.rankings[key])
    return []


def about_figure(figure: Figure) -> Runs:
    """The number, what it is compared with, and a warning where it is of few answers."""
    if figure.value is None:
        nothing = _("%(label)s: nothing was measured in this period.")
        return fill(nothing, {"label": figure.label})
    template = _SAID.get(figure.key, lambda: _("%(label)s: %(value)s (%(n)s)."))()
    said = fill(
        template,
        {
            "label": figure.label,
            "value": values.number(figure, figure.value),
            "second": values.write(figure.second, figure.quantity),
            "interval": values.interval(figure),
            "n": _behind(figure),
        },
    )
    return _sentences([said, compared(figure), _warning(figure)])


def compared(figure: Figure) -> Runs:
    """How it stands to the period before; empty where nothing can be compared."""
    if figure.value is None or (figure.before is None and not figure.direction):
        return []
    words = {
        "before": values.write(figure.before, figure.quantity),
        "second": values.write(figure.second_before, figure.quantity),
        "points": values.points(figure),
        "percent": values.percent(figure),
    }
    return fill(_comparison(figure), words)


def _comparison(figure: Figure) -> str:
    if figure.quantity is Quantity.SECONDS:
        return _("In the period before it was %(before)s and %(second)s.")
    if figure.quantity is Quantity.COUNT:
        return _COUNTS[figure.direction]()
    if figure.quantity is Quantity.SHARE:
        return _SHARES[figure.direction]()
    return _SCORES[figure.direction]()


_NOT_BEFORE = {"": lambda: _("The period before has nothing to compare with.")}
_CHANCE = {
    Direction.UNCLEAR.value: lambda: _(
        "In the period before it was %(before)s; the difference is no more than chance would make."
    )
}
_COUNTS: dict[str, Callable[[], str]] = {
    **_NOT_BEFORE,
    Direction.UP.value: lambda: _(
        "That is %(percent)s more than in the period before (%(before)s), a significant rise."
    ),
    Direction.DOWN.value: lambda: _(
        "That is %(percent)s fewer than in the period before (%(before)s), a significant fall."
    ),
    Direction.UNCLEAR.value: lambda: _(
        "The period before had %(before)s; the difference is no more than chance would make."
    ),
}
_SHARES: dict[str, Callable[[], str]] = {
    **_NOT_BEFORE,
    **_CHANCE,
    Direction.UP.value: lambda: _(
        "It has risen by %(points)s percentage points since the period before (%(before)s), "
        "which is significant."
    ),
    Direction.DOWN.value: lambda: _(
        "It has fallen by %(points)s percentage points since the period before (%(before)s), "
        "which is significant."
    ),
}
_SCORES: dict[str, Callable[[], str]] = {
    **_NOT_BEFORE,
    **_CHANCE,
    Direction.UP.value: lambda: _(
        "It has risen by %(points)s since the period before (%(before)s), which is significant."
    ),
    Direction.DOWN.value: lambda: _(
        "It has fallen by %(points)s since the period before (%(before)s), which is significant."
    ),
}


def _behind(figure: Figure) -> str:
    n = {"n": values.count(figure.n)}
    if figure.key in _RATINGS:
        return ngettext("%(n)s rating", "%(n)s ratings", figure.n) % n
    if figure.key == "promises_kept":
        return ngettext("%(n)s promise", "%(n)s promises", figure.n) % n
    if figure.key == "negative":
        return ngettext("%(n)s text", "%(n)s texts", figure.n) % n
    return ngettext("%(n)s record", "%(n)s records", figure.n) % n


def _warning(figure: Figure) -> Runs:
    """Few answers say little, whatever their share."""
    if figure.quantity is Quantity.COUNT:
        return []
    if figure.is_small:
        few = {"few": str(SMALL_SAMPLE)}
        return [Run(_("Fewer than %(few)s answers: an indication and no more.") % few)]
    if 0 < figure.n_before < SMALL_SAMPLE and figure.direction:
        few = {"few": str(SMALL_SAMPLE)}
        return [Run(_("The period before has fewer than %(few)s answers.") % few)]
    return []


def about_ranking(ranking: Ranking) -> Runs:
    """What came most often, what came more and less often than before, and what has no name."""
    if not ranking.entries:
        nothing = _("%(label)s: nothing was found in this period.")
        return fill(nothing, {"label": ranking.label})
    most = NAMED_WORDS if ranking.key == "keywords" else NAMED
    template = _RANKED.get(ranking.key, lambda: _("%(label)s: %(list)s."))()
    first = values.in_a_row([values.entry(one) for one in ranking.entries[:most]])
    said = [fill(template, {"label": ranking.label, "list": first})]
    for direction, more in (
        (Direction.UP, _("Significantly more often than in the period before: %(list)s.")),
        (Direction.DOWN, _("Significantly less often than in the period before: %(list)s.")),
    ):
        moved = [one for one in ranking.entries if one.direction == direction.value]
        if moved:
            names = values.in_a_row([values.entry(one) for one in moved[:most]])
            said.append(fill(more, {"list": names}))
    if ranking.nameless:
        share = values.write(ranking.nameless / max(ranking.total, 1), Quantity.SHARE)
        nameless = _("%(share)s belongs to none of them.")
        said.append(fill(nameless, {"share": Run(share, is_number=True)}))
    return _sentences(said)


def findings(material: Material) -> list[Runs]:
    """What has changed significantly, one line each; one line that says so where nothing has."""
    moved = [one for one in material.figures.values() if one.direction in _MOVED]
    lines = [_finding(one) for one in moved]
    for ranking in material.rankings.values():
        rising = [one for one in ranking.entries if one.direction == Direction.UP.value]
        if rising:
            names = values.in_a_row([values.entry(one) for one in rising[:NAMED]])
            words: dict[str, Run | Sequence[Run] | str] = {"label": ranking.label, "list": names}
            lines.append(fill(_("%(label)s, more often than before: %(list)s."), words))
    nothing = _("No figure of this report differs from the period before by more than chance.")
    return lines or [[Run(nothing)]]


_MOVED = {Direction.UP.value, Direction.DOWN.value}


def _finding(figure: Figure) -> Runs:
    template = _("%(label)s: %(value)s after %(before)s in the period before.")
    words: dict[str, Run | Sequence[Run] | str] = {
        "label": figure.label,
        "value": values.number(figure, figure.value),
        "before": values.write(figure.before, figure.quantity),
    }
    return fill(template, words)


def _sentences(several: list[Runs]) -> Runs:
    return joined(
        [one for one in several if one], pgettext("between two sentences", "| |").split("|")[1]
    )
