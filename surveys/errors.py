from django.utils.translation import gettext_lazy as _

from config.kernel.errors import DomainError


class CannotPublish(DomainError):
    """The draft has faults; `faults` says what and where."""

    code = "cannot_publish"

    def __init__(self, faults: list[str]) -> None:
        super().__init__(_("This survey cannot be published yet."))
        self.faults = faults


class VersionIsFrozen(DomainError):
    code = "version_is_frozen"

    def __init__(self) -> None:
        super().__init__(
            _("This version was published and stays as it is. Make a new draft instead.")
        )


class SurveyHasAnswers(DomainError):
    code = "survey_has_answers"

    def __init__(self) -> None:
        super().__init__(_("People have answered this survey: it can be archived, not deleted."))


class AnswersRefused(DomainError):
    """Some answers are missing or do not fit; `errors` says which: {question code: sentence}."""

    code = "answers_refused"

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(_("Some answers need another look."))
        self.errors = errors


class NotOpen(DomainError):
    code = "not_open"

    def __init__(self) -> None:
        super().__init__(_("This survey does not take answers at the moment."))


class SendingIsOver(DomainError):
    code = "sending_is_over"

    def __init__(self) -> None:
        super().__init__(_("Sending was stopped for good; begin it again first."))


class SendsNoMail(DomainError):
    code = "sends_no_mail"

    def __init__(self) -> None:
        super().__init__(_("This way of asking sends no mail."))


class LinkExpired(DomainError):
    code = "link_expired"

    def __init__(self) -> None:
        super().__init__(_("This link was valid for a limited time, and that has passed."))
