from django.utils.translation import gettext as _

from config.kernel.errors import DomainError


class ReviewedMeanwhile(DomainError):
    """Somebody else was quicker; both would say how the same thing was read."""

    code = "reviewed_meanwhile"

    def __init__(self) -> None:
        super().__init__(_("Somebody has looked at it meanwhile."))


class NoCategorySaid(DomainError):
    code = "no_category_said"

    def __init__(self) -> None:
        super().__init__(_("Say which category it is; the machine does not know."))


class WordingRefused(DomainError):
    """Words for counting texts that cannot be meant so; the message says which and why."""

    code = "wording_refused"


class MeasureRefused(DomainError):
    """A measure cannot go there (yet); the message says what stands in the way."""

    code = "measure_refused"


class ProblemRefused(DomainError):
    """Something that a problem or its causes may not become; the message says why."""

    code = "problem_refused"


class ScoreRefused(DomainError):
    code = "score_refused"

    def __init__(self) -> None:
        super().__init__(_("These numbers are outside what the scheme allows."))


class OwnerCannotSee(DomainError):
    code = "owner_cannot_see"

    def __init__(self) -> None:
        super().__init__(_("Only somebody who may see problems and measures can be given one."))
