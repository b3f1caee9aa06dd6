from django.utils.functional import Promise
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


class SurveyNotRunning(DomainError):
    code = "survey_not_running"

    def __init__(self) -> None:
        super().__init__(
            _("Nobody could answer now: publish the survey, and open this way to answer.")
        )


class WaveHasBegun(DomainError):
    code = "wave_has_begun"

    def __init__(self) -> None:
        super().__init__(_("A wave has begun meanwhile; look at it before you begin another."))


class CannotRemind(DomainError):
    code = "cannot_remind"

    def __init__(self) -> None:
        super().__init__(
            _(
                "They cannot be written to again: they have answered, do not want to be asked, "
                "were not reached, or got a mail within the last day."
            )
        )


class CannotWithdraw(DomainError):
    code = "cannot_withdraw"

    def __init__(self) -> None:
        super().__init__(_("It was answered; what was answered stays."))


class LinkExpired(DomainError):
    code = "link_expired"

    def __init__(self) -> None:
        super().__init__(_("This link was valid for a limited time, and that has passed."))


class CallIsOver(DomainError):
    code = "call_is_over"

    def __init__(self) -> None:
        super().__init__(_("This call has ended; begin another one to go on."))


class CallGoesOn(DomainError):
    code = "call_goes_on"

    def __init__(self) -> None:
        super().__init__(_("Somebody is on the phone with them at the moment."))


class NoSuchForm(DomainError):
    code = "no_such_form"

    def __init__(self) -> None:
        super().__init__(_("No form of this survey has that number."))


class FormIsEntered(DomainError):
    """`who` entered it, as far as that is known."""

    code = "form_is_entered"

    def __init__(self, who: str) -> None:
        super().__init__(
            _("This form has been entered already, by %(name)s.") % {"name": who}
            if who
            else _("This form has been entered already.")
        )


class NeedsAnother(DomainError):
    code = "needs_another"

    def __init__(self) -> None:
        super().__init__(
            _("You entered this form; the second time it must be done by somebody else.")
        )


class FieldsRefused(DomainError):
    """Some of what was keyed in cannot be; `errors` says which: {field: sentence}."""

    code = "fields_refused"

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(_("Some answers need another look."))
        self.errors = errors


class NotToDecide(DomainError):
    code = "not_to_decide"

    def __init__(self) -> None:
        super().__init__(_("There are no differences to decide here."))


class RewardIsFixed(DomainError):
    code = "reward_is_fixed"

    def __init__(self) -> None:
        super().__init__(
            _("People have got this reward: its kind and its points stay as they were promised.")
        )


class CannotDraw(DomainError):
    """The lottery cannot be drawn now; `why` is one of the words below."""

    code = "cannot_draw"
    _SENTENCES = {
        "kind": _("Only a lottery is drawn."),
        "again": _("This lottery has been drawn; its winners stand."),
        "early": _("The day of the draw has not come yet."),
        "running": _("Close the survey first, or set a day: answers still come in."),
        "none": _("There is no ticket to draw."),
        "not_drawn": _("The winners have not been drawn yet."),
    }

    def __init__(self, why: str) -> None:
        super().__init__(self._SENTENCES[why])
        self.why = why


class DraftHasChanged(DomainError):
    code = "draft_has_changed"

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else has changed this meanwhile. Nothing of yours is lost; look again.")
        )


class NothingToChange(DomainError):
    code = "nothing_to_change"

    def __init__(self) -> None:
        super().__init__(_("That is not in the draft any more."))


class ReasonNeeded(DomainError):
    code = "reason_needed"

    def __init__(self) -> None:
        super().__init__(_("Say why it does not count; others will read it later."))


class NothingToDecide(DomainError):
    code = "nothing_to_decide"

    def __init__(self) -> None:
        super().__init__(_("Only a complete response counts or does not count."))


class SignUpClosed(DomainError):
    """Nobody can sign up for the event now; the sentence says why."""

    code = "sign_up_closed"


class GatheringFull(DomainError):
    code = "event_full"

    def __init__(self) -> None:
        super().__init__(_("All places are taken."))


class CapacityTooSmall(DomainError):
    code = "capacity_too_small"

    def __init__(self, booked: int) -> None:
        words = _("%(n)s people have a place already: cancel some of them first.")
        super().__init__(words % {"n": booked})


class GatheringRefused(DomainError):
    """`field`: which input is wrong, "" = the event as it stands."""

    code = "event_refused"

    def __init__(self, message: str | Promise, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class JustSignedUp(DomainError):
    code = "just_signed_up"

    def __init__(self) -> None:
        super().__init__(
            _("Somebody of this name was signed up a moment ago. Is it another person? Then "
              "sign them up again in ten seconds.")
        )  # fmt: skip


class CorrectedSince(DomainError):
    code = "corrected_since"

    def __init__(self) -> None:
        super().__init__(
            _("Somebody corrected these answers meanwhile. What you typed is still here: look at "
              "what they changed, and send it again if yours is right.")
        )  # fmt: skip


class NotAParticipant(DomainError):
    code = "not_a_participant"

    def __init__(self) -> None:
        super().__init__(_("Only somebody who has a place can be ticked."))


class NothingPublished(DomainError):
    code = "nothing_published"

    def __init__(self) -> None:
        super().__init__(
            _("Publish the survey first: answers are read as its published questions say.")
        )


class NotNow(DomainError):
    code = "not_now"

    def __init__(self) -> None:
        super().__init__(_("That cannot be done with this import as it stands now."))


class ColumnsInvalid(DomainError):
    """What is wrong with the columns that were chosen for a table."""

    code = "columns_invalid"


class NotYourComment(DomainError):
    """Somebody wants to take back what another one wrote."""

    code = "not_your_comment"

    def __init__(self) -> None:
        super().__init__(_("Only who wrote a comment can delete it; you can settle it."))


class NothingToCorrect(DomainError):
    code = "nothing_to_correct"

    def __init__(self) -> None:
        super().__init__(_("Only a complete response can be corrected."))
