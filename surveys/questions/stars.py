"""A rating by stars: a whole number from 1 to `max` (5 unless said otherwise)."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from surveys.questions.base import Element
from surveys.questions.scales import Rating

USUAL_MAXIMUM = 5
HIGHEST_MAXIMUM = 10


class Stars(Rating):
    name = "stars"
    settings = {**Rating.settings, "max": "number"}

    @staticmethod
    def maximum(element: Element) -> int:
        return int(element.settings.get("max", USUAL_MAXIMUM))

    def steps(self, element: Element) -> list[int]:
        return list(range(1, self.maximum(element) + 1))

    def faults(self, element: Element) -> Iterator[str]:
        if not 2 <= self.maximum(element) <= HIGHEST_MAXIMUM:
            yield _("“max” must be from 2 to %(highest)s.") % {"highest": HIGHEST_MAXIMUM}

    def missing(self, element: Element) -> str:
        return _("Please choose 1 to %(max)s stars.") % {"max": self.maximum(element)}
