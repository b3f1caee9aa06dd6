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
