"""The first words of a publication, drafted from what is known. Pure but for translation: in the
active language."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

# Of fewer people one might guess who they are.
FEWEST_TO_COUNT = 5


@dataclass(frozen=True, slots=True)
class Known:
    """What a draft is made of. `people`: customers in the evidence; `effect`: sentences about what
    was measured, none where nothing was."""

    headline: str
    problem: str = ""
    people: int = 0
    measure: str = ""
    effect: tuple[str, ...] = ()
    is_plan: bool = False


def first_words(known: Known) -> dict[str, str]:
    """{"title", "said", "did", "result"}, to be rewritten by a person."""
    return {
        "title": known.headline[:120],
        "said": _said(known),
        "did": known.measure,
        # What was measured before a plan is carried out is nothing that it promises.
        "result": "" if known.is_plan else " ".join(known.effect) or _not_measured(),
    }


def _said(known: Known) -> str:
    if not known.problem:
        return ""
    about = {"problem": known.problem, "n": known.people}
    if known.people < FEWEST_TO_COUNT:
        return _("Customers told us: %(problem)s.") % about
    return ngettext(
        "%(n)s customer told us: %(problem)s.",
        "%(n)s customers told us: %(problem)s.",
        known.people,
    ) % about  # fmt: skip


def _not_measured() -> str:
    return _("We have not measured yet what came of it.")
