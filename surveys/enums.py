from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class SurveyKind(models.TextChoices):
    CSAT = "csat", _("Satisfaction after service")
    NPS = "nps", _("Recommendation (NPS)")
    CES = "ces", _("Effort (CES)")
    CUSTOM = "custom", _("Other")


class SurveyStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    RUNNING = "running", _("Running")
    CLOSED = "closed", _("Closed")
    ARCHIVED = "archived", _("Archived")


class PlanStep(models.TextChoices):
    """What a survey goes through, in this order."""

    DESIGN = "design", _("Questions written")
    TEST = "test", _("Tried out")
    COLLECT = "collect", _("Answers collected")
    ANALYSE = "analyse", _("Answers analysed")
    REPORT = "report", _("Reported")


class VersionState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    RETIRED = "retired", _("Retired")


class DataType(models.TextChoices):
    SINGLE = "single", _("One choice")
    MULTI = "multi", _("Several choices")
    RANK = "rank", _("Ranking")
    NUMBER = "number", pgettext_lazy("kind of answer", "Number")
    TEXT = "text", _("Text")
    DATE = "date", _("Date")
    FILE = "file", _("File")
    # Holds no answer itself: the question over the rows of a matrix or the parts of a sum.
    GROUP = "group", _("Several parts")


class QuestionRole(models.TextChoices):
    """What an answer measures, whatever the question's wording is."""

    NONE = "none", _("Nothing special")
    OVERALL = "overall", _("Overall satisfaction")
    FUNCTIONAL = "functional", _("Functional satisfaction")
    SERVICE = "service", _("Service satisfaction")
    EMOTIONAL = "emotional", _("Emotional satisfaction")
    NPS = "nps", _("Recommendation (NPS)")
    CES = "ces", _("Effort (CES)")
    SOLVED = "solved", pgettext_lazy("a question", "Solved")
    COMMENT = "comment", _("Comment")


class CollectorChannel(models.TextChoices):
    LINK = "link", _("Link")
    EMAIL = "email", _("E-mail")
    QR = "qr", _("QR code")
    EMBED = "embed", _("Embedded")
    POPUP = "popup", _("Pop-up")
    PAPER = "paper", _("Paper")
    PHONE = "phone", _("Phone")
    KIOSK = "kiosk", _("Kiosk")
    API = "api", _("API")
    IMPORT = "import", pgettext_lazy("how answers came", "Import")
    FOLLOW_UP = "follow_up", _("After feedback was resolved")


# Those whose invitations are mails.
MAILING_CHANNELS = (CollectorChannel.FOLLOW_UP, CollectorChannel.EMAIL)


class Sending(models.TextChoices):
    """Whether a collector's invitations leave. Paused ones wait, those of a stopped one are
    cancelled."""

    ON = "on", pgettext_lazy("sending of invitations", "Sends")
    PAUSED = "paused", pgettext_lazy("sending of invitations", "Paused")
    STOPPED = "stopped", pgettext_lazy("sending of invitations", "Stopped for good")


class AudienceOf(models.TextChoices):
    """Where the people come from whom a wave of invitations goes to."""

    PLAN = "plan", _("The audience of the plan")
    OWN = "own", _("Customers who fit a condition of its own")
    LIST = "list", _("Only a list of addresses")


class Rhythm(models.TextChoices):
    ONCE = "once", _("Once")
    WEEKS = "weeks", _("Every so many weeks")
    MONTHS = "months", _("Every so many months")


class DuplicatePolicy(models.TextChoices):
    NONE = "none", _("Anybody, any number of times")
    COOKIE = "cookie", _("Once a browser")
    TOKEN = "token", _("Once an invitation")


class InvitationState(models.TextChoices):
    QUEUED = "queued", pgettext_lazy("of an invitation", "Waiting")
    THROTTLED = "throttled", _("Not sent: asked too recently")
    SKIPPED = "skipped", _("Not sent")
    SENT = "sent", _("Sent")
    BOUNCED = "bounced", _("Came back")
    OPENED = "opened", _("Opened")
    STARTED = "started", _("Started")
    COMPLETED = "completed", pgettext_lazy("of an invitation", "Answered")
    OPTED_OUT = "opted_out", _("Does not want to be asked")


class NotAsked(models.TextChoices):
    """Why an invitation did not go out, or was taken back."""

    MERGED = "merged", _("It was merged into another record.")
    SPAM = "spam", _("It is spam.")
    AUTOMATIC = "automatic", _("No person wrote it.")
    STAFF = "staff", _("The address belongs to a member of staff or to one of our mailboxes.")
    NO_ADDRESS = "no_address", _("There is no e-mail address.")
    SUPPRESSED = "suppressed", _("Mail to the address came back, or it must not be written to.")
    OPTED_OUT = "opted_out", _("The customer does not want to be asked.")
    ASKED_RECENTLY = "asked_recently", _("The customer was asked too recently.")
    ERASED = "erased", _("The customer's data were erased.")
    REOPENED = "reopened", _("It was reopened before the survey went out.")
    CALLED = "called", _("The answers were taken down on the phone.")
    CLOSED = "closed", _("The survey was closed before it went out.")
    STOPPED = "stopped", _("Sending was stopped before it went out.")
    OTHER_CHANNEL = "other_channel", _("The customer prefers another channel than e-mail.")
    WITHDRAWN = "withdrawn", _("The link was withdrawn.")


class CallOutcome(models.TextChoices):
    """How a call with the questions of a survey ended."""

    ANSWERED = "answered", pgettext_lazy("of a call", "Answered")
    NO_ANSWER = "no_answer", _("Nobody picked up")
    BUSY = "busy", _("The line was busy")
    LATER = "later", _("To be called again at an agreed time")
    REFUSED = "refused", _("Does not want to answer")
    WRONG_NUMBER = "wrong_number", _("The number is not theirs")


# After these nobody calls again.
LAST_OUTCOMES = (CallOutcome.ANSWERED, CallOutcome.REFUSED, CallOutcome.WRONG_NUMBER)


class PaperLanguage(models.TextChoices):
    CHINESE = "zh-hans", "中文"
    ENGLISH = "en", "English"
    BOTH = "both", _("Both languages")


class PaperSize(models.TextChoices):
    A4 = "a4", "A4"
    LETTER = "letter", "Letter"


class PaperState(models.TextChoices):
    """How far a form on paper has been entered."""

    OPEN = "open", pgettext_lazy("a paper form", "Not entered")
    ONCE = "once", pgettext_lazy("a paper form", "Waits for the second entry")
    DIFFERS = "differs", pgettext_lazy("a paper form", "Differences to decide")
    DONE = "done", pgettext_lazy("a paper form", "Entered")


class ResponseStatus(models.TextChoices):
    DRAFT = "draft", _("Begun")
    PARTIAL = "partial", _("In part")
    COMPLETE = "complete", _("Complete")
    SCREENED_OUT = "screened_out", _("Not in the target group")
    QUOTA_FULL = "quota_full", _("Quota full")
    REJECTED = "rejected", _("Rejected")


# Those that were handed in: nothing more is answered.
OVER = (
    ResponseStatus.COMPLETE,
    ResponseStatus.SCREENED_OUT,
    ResponseStatus.QUOTA_FULL,
    ResponseStatus.REJECTED,
)


class RewardKind(models.TextChoices):
    COUPON = "coupon", _("Coupon")
    POINTS = "points", _("Points")
    LOTTERY = "lottery", _("Lottery")


class ImportState(models.TextChoices):
    """How far a table of answers is."""

    UPLOADED = "uploaded", _("Uploaded")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked")
    IMPORTING = "importing", _("Being imported")
    DONE = "done", _("Imported")
    UNDOING = "undoing", _("Being taken back")
    UNDONE = "undone", _("Taken back")
    FAILED = "failed", _("Failed")

    @classmethod
    def under_way(cls) -> tuple["ImportState", ...]:
        return (cls.CHECKING, cls.IMPORTING, cls.UNDOING)


class QualityFlag(models.TextChoices):
    """What makes a response look as if nobody meant it (surveys.rules.quality)."""

    TRAP = "trap", _("A field that people do not see was filled in")
    UNREAD = "unread", _("Faster than it can be read")
    SPEEDING = "speeding", _("Much faster than others")
    SKIPPED = "skipped", _("Pages that were never opened")
    STRAIGHT = "straight", _("The same answer in every row")
    CONTRADICTION = "contradiction", _("Answers that contradict each other")
    REPEATED = "repeated", _("The same text as in another response")
    SIMILAR = "similar", _("Nearly the same text as in another response")
    NONSENSE = "nonsense", _("A text that says nothing")
    SAME_ANSWERS = "same_answers", _("All answers as in another response")
    SAME_PERSON = "same_person", _("The same person again")
    SAME_BROWSER = "same_browser", _("The same browser again")


class QualityPolicy(models.TextChoices):
    """What becomes of a response with flags until somebody has decided."""

    FLAG = "flag", _("It counts; flags only tell")
    HOLD = "hold", _("It is held back and does not count yet")


class Verdict(models.TextChoices):
    """What a member of staff decided about a response."""

    OPEN = "", _("Not decided")
    COUNT = "count", pgettext_lazy("of a response", "Counts")
    LEAVE_OUT = "leave_out", _("Does not count")


class GatheringKind(models.TextChoices):
    WEBINAR = "webinar", _("Webinar")
    USER_CASE = "user_case", _("User-case session")
    FOCUS_GROUP = "focus_group", _("Focus group")
    SHOP = "shop", _("Visit to a shop")
    EXPERIENCE = "experience", _("Visit to an experience centre")
    OTHER = "other", pgettext_lazy("kind of event", "Other")


class GatheringState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("of an event", "Draft")
    OPEN = "open", pgettext_lazy("of an event", "Published")
    CANCELLED = "cancelled", pgettext_lazy("of an event", "Called off")


class BookingState(models.TextChoices):
    BOOKED = "booked", _("Has a place")
    WAITING = "waiting", _("On the waiting list")
    CANCELLED = "cancelled", pgettext_lazy("of a sign-up", "Cancelled")


class BookedBy(models.TextChoices):
    """How somebody was signed up for an event."""

    PAGE = "page", _("The public page")
    STAFF = "staff", _("A member of staff")
    API = "api", _("API")


class AskedAfter(models.TextChoices):
    """Whom the survey after an event goes to."""

    CAME = "came", _("Only those who came")
    CAME_OR_ALL = (
        "came_or_all",
        _("Those who came; everybody with a place where nobody was ticked"),
    )
    ALL = "all", _("Everybody with a place who was not ticked as missing")


class ParticipantMail(models.TextChoices):
    """What a participant is written about an event."""

    STANDING = "standing", _("How their sign-up stands")
    MOVED_UP = "moved_up", _("A place has become free")
    REMINDER = "reminder", _("Reminder")
    CHANGED = "changed", _("The event has changed")
    CALLED_OFF = "called_off", _("The event was called off")
