from django.utils.translation import gettext_lazy as _

from config.kernel.errors import DomainError


class CannotPublish(DomainError):
    """The draft has faults; `faults` says what and where."""

    code = "cannot_publish"

    def __init__(self, faults: list[str]) -> None:
        super().__init__(_("This survey cannot be published yet."))
        self.faults = faults


class NotOpen(DomainError):
    code = "not_open"

    def __init__(self) -> None:
        super().__init__(_("This survey does not take answers at the moment."))


class AlreadyAnswered(DomainError):
    code = "already_answered"

    def __init__(self) -> None:
        super().__init__(_("This invitation has been answered. Thank you!"))
