from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Channel(models.TextChoices):
    WEB_FORM = "web_form", _("Web form")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    API = "api", _("API")
    SURVEY = "survey", _("Survey")
    WECHAT = "wechat", _("WeChat")
    WEIBO = "weibo", _("Weibo")
    FACEBOOK = "facebook", _("Facebook")
    CHAT = "chat", _("Chat")
    PAPER = "paper", _("Paper form")
    VISIT = "visit", _("Visit")
    # Of those who work here: no customer wrote it (services.suggestions).
    STAFF = "staff", _("Staff suggestion")


# What customers come by: all that figures about customers know.
CUSTOMER_CHANNELS = tuple(one for one in Channel if one != Channel.STAFF)


class State(models.TextChoices):
    """The fixed category behind a status: what the code depends on."""

    NEW = "new", _("New")
    OPEN = "open", _("Open")
    WAITING_CUSTOMER = "waiting_customer", _("Waiting for the customer")
    WAITING_THIRD = "waiting_third", _("Waiting for somebody else")
    RESOLVED = "resolved", _("Resolved")
    CLOSED = "closed", _("Closed")
    MERGED = "merged", _("Merged")
    SPAM = "spam", _("Spam")


# Somebody still has to do something.
OPEN_STATES = (State.NEW, State.OPEN, State.WAITING_CUSTOMER, State.WAITING_THIRD)
# It is our turn.
OUR_TURN = (State.NEW, State.OPEN)
# What a customer may still write into.
DONE_STATES = (State.RESOLVED, State.CLOSED)


class Priority(models.IntegerChoices):
    LOW = 1, _("Low")
    NORMAL = 2, _("Normal")
    HIGH = 3, _("High")
    URGENT = 4, _("Urgent")


class DueIn(models.TextChoices):
    """How soon our answer is due."""

    LATE = "late", _("overdue")
    HOUR = "hour", _("within the hour")


class ViewScope(models.TextChoices):
    """Who has a saved view in their lists."""

    PERSONAL = "personal", _("Only me")
    TEAM = "team", _("One team")
    EVERYONE = "everyone", _("Everybody")


class BulkAction(models.TextChoices):
    ASSIGN = "assignee", _("Assign")
    TEAM = "team", _("Move to a team")
    STATUS = "status", _("Change the status")
    PRIORITY = "priority", _("Change the priority")
    TAG = "tag", _("Add a tag")
    SNOOZE = "snooze", _("Snooze")
    CATEGORY = "category", _("Change the category")
    MACRO = "macro", _("Run a macro")
    UNDO = "undo", _("Undo")


class JobState(models.TextChoices):
    """Of work in the background that somebody waits for."""

    QUEUED = "queued", _("Waiting to begin")
    RUNNING = "running", _("Under way")
    DONE = "done", pgettext_lazy("a job", "Done")
    CANCELLED = "cancelled", _("Stopped")
    FAILED = "failed", _("Failed")


class ItemOutcome(models.TextChoices):
    WAITING = "waiting", pgettext_lazy("a record of a job", "Waiting")
    CHANGED = "changed", _("Changed")
    UNCHANGED = "unchanged", _("Was like that already")
    REFUSED = "refused", _("Not changed")


class ExportFormat(models.TextChoices):
    CSV = "csv", "CSV"
    XLSX = "xlsx", _("Excel (XLSX)")

    @property
    def media_type(self) -> str:
        if self == ExportFormat.CSV:
            return "text/csv"
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class JourneyStage(models.TextChoices):
    DISCOVER = "discover", _("Before buying")
    BUY = "buy", _("Buying")
    DELIVER = "deliver", _("Delivery")
    USE = "use", _("Using it")
    SERVICE = "service", pgettext_lazy("stage of the journey", "Service")
    RENEW = "renew", _("Renewing or leaving")


class Direction(models.TextChoices):
    IN = "in", _("From the customer")
    OUT = "out", _("To the customer")
    NOTE = "note", _("Internal note")


class TimelineKind(models.TextChoices):
    RECEIVED = "received", _("Received")
    MESSAGE_IN = "message_in", _("Customer wrote")
    REPLIED = "replied", _("Answered")
    NOTED = "noted", _("Note added")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    STATUS = "status", _("Status changed")
    ASSIGNED = "assigned", _("Assigned")
    PRIORITY = "priority", _("Priority changed")
    CATEGORY = "category", _("Category changed")
    TAGS = "tags", _("Tags changed")
    SUBJECT = "subject", _("Subject changed")
    ABOUT = "about", _("Details changed")
    REOPENED = "reopened", _("Reopened")
    RATED = "rated", _("Customer rated")
    SURVEY = "survey", _("Survey")
    DELIVERY = "delivery", _("Mail delivery")
    TASK = "task", _("Task")
    MERGED = "merged", _("Merged")
    SPLIT = "split", _("Split")
    LINKED = "linked", _("Linked")
    SLA = "sla", _("Promised time")
    SCHEDULED = "scheduled", _("Answer scheduled")
    COMMITMENT = "commitment", _("Commitment")
    NEGATIVE = "negative", _("Negative feedback")
    TRACE = "trace", _("Quality trace")
    SNOOZED = "snoozed", _("Snoozed")
    FOLLOWED = "followed", _("Follow-up")
    HOLD = "hold", _("Legal hold")
    CLEARED = "cleared", _("Contents removed")
    ROUTED = "routed", _("Routed")
    AUTOMATED = "automated", _("Done by a rule")
    FIELDS = "fields", _("Custom fields changed")
    MACRO = "macro", _("Macro")
    ASSESSED = "assessed", _("Read by the machine")
    REVIEWED = "reviewed", _("Reading reviewed")
    REVEALED = "revealed", _("Personal data shown")
    ALSO = "also", _("Further categories changed")


class Mood(models.TextChoices):
    """How what was written sounds."""

    NEGATIVE = "negative", pgettext_lazy("mood", "Negative")
    NEUTRAL = "neutral", pgettext_lazy("mood", "Neutral")
    POSITIVE = "positive", pgettext_lazy("mood", "Positive")
    MIXED = "mixed", pgettext_lazy("mood", "Mixed")
    UNDETERMINED = "undetermined", pgettext_lazy("mood", "Undetermined")


class Urgency(models.IntegerChoices):
    """How soon somebody has to look at it, as the words say."""

    NONE = 0, pgettext_lazy("urgency", "Can wait")
    SOON = 1, pgettext_lazy("urgency", "Soon")
    HIGH = 2, pgettext_lazy("urgency", "High")
    NOW = 3, pgettext_lazy("urgency", "At once")


class Doubt(models.TextChoices):
    """Why a person should look at how the machine read something."""

    CATEGORY = "category", _("The category is not certain")
    SENTIMENT = "sentiment", _("The sentiment is not certain")
    IRONY = "irony", _("It may be meant ironically")
    SAMPLE = "sample", _("A random sample")


class RuleEvent(models.TextChoices):
    """What sets a rule of automation off."""

    CREATED = "created", _("Feedback came in")
    CUSTOMER_WROTE = "customer_wrote", _("The customer wrote")
    ANSWERED = "answered", _("Somebody answered the customer")
    NOTED = "noted", _("A note was added")
    STATUS = "status", _("The status changed")
    ASSIGNED = "assigned", _("The team or person changed")
    PRIORITY = "priority", _("The priority changed")
    CATEGORY = "category", _("The category changed")
    TAGS = "tags", _("The tags changed")
    FIELDS = "fields", _("A custom field of the record changed")
    RATED = "rated", _("The customer rated")
    SLA_WARNED = "sla_warned", _("A promised time is nearly over")
    SLA_BREACHED = "sla_breached", _("A promised time was missed")
    TIME = "time", _("Time passed (looked at every five minutes)")


class Metric(models.TextChoices):
    """What is promised to a customer; each is measured by a clock of its own."""

    FIRST_RESPONSE = "first_response", _("First answer")
    NEXT_RESPONSE = "next_response", _("Next answer")
    PROGRESS_UPDATE = "progress_update", _("Progress report")
    RESOLUTION = "resolution", _("Solution")


class DayKind(models.TextChoices):
    HOLIDAY = "holiday", _("Holiday")
    WORKDAY = "workday", _("Working day")
    CUSTOM = "custom", _("Other hours")


class ClockEventKind(models.TextChoices):
    WARNED = "warned", _("Warned")
    BREACHED = "breached", _("Missed")
    MOVED = "moved", _("Moved")
    ESCALATED = "escalated", _("Escalated")


class EscalateOn(models.TextChoices):
    WARNING = "warning", _("before the time is over")
    BREACH = "breach", _("when the time is over")


class EscalationKind(models.TextChoices):
    NOTIFY_ASSIGNEE = "notify_assignee", _("Tell whoever takes care of it")
    NOTIFY_LEAD = "notify_lead", _("Tell the lead of the team")
    RAISE_PRIORITY = "raise_priority", _("Raise the priority")
    MOVE_TEAM = "move_team", _("Give it to another team")


class NoticeKind(models.TextChoices):
    """What people are told about records that concern them."""

    MENTIONED = "mentioned", _("Somebody mentions me")
    ASSIGNED = "assigned", _("A record is given to me")
    CUSTOMER_WROTE = "customer", _("The customer writes")
    ANSWERED = "answered", _("A colleague answers")
    NOTED = "noted", _("A colleague adds a note")
    RESOLVED = "resolved", _("It is resolved")
    REOPENED = "reopened", _("It is opened again")
    HELD = "held", _("A scheduled answer of mine is held back")
    COMMITMENT = "commitment", _("A commitment of mine is overdue")
    APPROVAL = "approval", _("A compensation waits for my approval")
    NEGATIVE = "negative", _("Negative feedback in a team that I lead")
    WOKE = "woke", _("A snoozed record is back")
    RULE = "rule", _("A rule wants me to look at it")
    DUE = "due", _("A promised time of mine is nearly over")
    MISSED = "missed", _("A promised time of mine was missed")
    ESCALATED = "escalated", _("A promise in a team that I lead is in danger or missed")
    BOUNCED = "bounced", _("An answer of mine came back")
    DRIFT = "drift", _("Texts are no longer as the machine has learned them")
    MEASURE = "measure", _("A measure is given to me")
    MEASURE_DUE = "measuredue", _("A measure of mine is due")
    REPORT = "report", _("A report is drafted, or waits for my approval")
    EFFECT_DUE = "effectdue", _("The effect of a measure of mine is to be measured")
    THANKED = "thanked", _("A colleague thanks me")
    SUGGESTION = "suggestion", _("A suggestion of mine is answered or settled")
    ALERT = "alert", _("An alert is raised")


class MailWhen(models.TextChoices):
    """When a notification also goes by mail."""

    NEVER = "never", _("No mail")
    SOON = "soon", _("Within minutes")
    DIGEST = "digest", _("Once a day, together")


# What a person who never chose is also told by mail.
MAILED_UNLESS_CHOSEN = frozenset(
    {
        NoticeKind.MENTIONED,
        NoticeKind.ASSIGNED,
        NoticeKind.HELD,
        NoticeKind.COMMITMENT,
        NoticeKind.APPROVAL,
        NoticeKind.RULE,
        NoticeKind.NEGATIVE,
        NoticeKind.DUE,
        NoticeKind.MISSED,
        NoticeKind.ESCALATED,
        NoticeKind.BOUNCED,
        NoticeKind.MEASURE,
        NoticeKind.MEASURE_DUE,
        NoticeKind.REPORT,
        NoticeKind.EFFECT_DUE,
        NoticeKind.ALERT,
    }
)


class MailFlag(models.TextChoices):
    """What a person should know about a mail before believing who it is from, or reading it."""

    COLLEAGUE = "colleague", _("Says that it is from a colleague; nothing proves it")
    UNVERIFIED = "unverified", _("The sender could not be verified")
    SEVERAL_SENDERS = "several_senders", _("Names several senders")
    OTHER_NAME = "other_name", _("The sender's name shows another address")
    REPLY_TO = "reply_to", _("Wants answers to go to another domain")
    ENCRYPTED = "encrypted", _("Is encrypted: what it says is in the attached file")
    CUT = "cut", _("Only its beginning was kept: it was larger than what is taken in")


class FollowReason(models.TextChoices):
    ASKED = "asked", _("Follows by choice")
    MENTIONED = "mentioned", _("Was mentioned")
    WROTE = "wrote", _("Wrote in it")
    ASSIGNED = "assigned", _("Was given it")


class DraftKind(models.TextChoices):
    REPLY = "reply", _("Reply")
    NOTE = "note", _("Internal note")


class HeldBecause(models.TextChoices):
    """Why a scheduled answer did not go at its time."""

    CUSTOMER = "customer", _("The customer wrote meanwhile.")
    COLLEAGUE = "colleague", _("Somebody else answered meanwhile.")
    DONE = "done", _("The record was closed meanwhile.")
    AUTHOR = "author", _("Its author no longer works with this record.")
    REFUSED = "refused", _("It could not be sent as it stands.")


class LinkKind(models.TextChoices):
    """How one record stands to another; a parent and its child are one link."""

    PARENT = "parent", _("Parent and part")
    RELATED = "related", _("Related")
    DUPLICATE = "duplicate", _("Duplicate")


class LinkSide(models.TextChoices):
    """What the other record is, seen from this one."""

    PARENT = "parent", _("is the parent of this")
    CHILD = "child", _("is part of this")
    RELATED = "related", _("is related to this")
    DUPLICATE = "duplicate", _("says the same as this")


class OnAnswer(models.TextChoices):
    """What a customer's message to a resolved record does."""

    REOPEN = "reopen", _("The record is opened again")
    WITHIN = "within", _("Within some days it is opened again, later a follow-up begins")
    FOLLOW_UP = "follow_up", _("A follow-up record begins")


class RetentionAction(models.TextChoices):
    """What is done with a record that is old enough."""

    ARCHIVE = "archive", _("Close it for good")
    ANONYMISE = "anonymise", _("Anonymise it: who it was goes, what was said stays")
    DELETE = "delete", _("Delete what was said and who it was; it still counts in figures")


class AgeBasis(models.TextChoices):
    """From when on the age of a record is counted."""

    RECEIVED = "received", _("after it was received")
    RESOLVED = "resolved", _("after it was resolved")
    CLOSED = "closed", _("after it was closed for good")
    LAST_WORD = "last_word", _("after the last message")


class WokenBy(models.TextChoices):
    """Why a record is no longer snoozed."""

    TIME = "time", _("Its time has come.")
    CUSTOMER = "customer", _("The customer wrote.")
    PERSON = "person", _("Somebody woke it.")


class Distribution(models.TextChoices):
    """How a team's records find somebody."""

    MANUAL = "manual", _("By hand: people take them or a lead gives them")
    ROUND_ROBIN = "round_robin", _("One after the other")
    LEAST_OPEN = "least_open", _("Whoever has the fewest open records")


class WhyGiven(models.TextChoices):
    """Why the program gave a record to somebody, or took it away."""

    RULE = "rule", _("the rule names this person")
    MANAGER = "manager", _("the customer's success manager")
    SUBSTITUTE = "substitute", _("stands in for somebody who is out of office")
    TURN = "turn", _("it was their turn")
    FEWEST = "fewest", _("fewest open records of the team")
    IDLE = "idle", _("nobody worked on it for too long")


class TemplateKind(models.TextChoices):
    ACKNOWLEDGE = "acknowledge", _("Acknowledgement")
    APOLOGY = "apology", _("Apology")
    QUESTION = "question", _("Question to the customer")
    INTERIM = "interim", _("Interim measure")
    PROGRESS = "progress", _("Progress")
    DECISION = "decision", _("Decision")
    SOLVED = "solved", _("Solved")
    FOLLOW_UP = "follow_up", _("Asking again afterwards")
    THANKS = "thanks", _("Thanks")
    OTHER = "other", _("Other")


class Quoting(models.TextChoices):
    """How much of what went before stands below an answer by mail."""

    NONE = "none", _("Nothing")
    LAST = "last", _("The last message")
    ALL = "all", _("The whole conversation")


class AfterMacro(models.TextChoices):
    """Where a page goes after a macro was run from a record."""

    STAY = "stay", _("Stay on the record")
    NEXT = "next", _("Open the next record of the list")


class TaskKind(models.TextChoices):
    CALL_BACK = "call_back", _("Call the customer back")
    FOLLOW_UP = "follow_up", _("Follow up")
    INVESTIGATE = "investigate", _("Find out why")
    SEND = "send", _("Send something")
    REFUND = "refund", _("Pay back")
    VISIT = "visit", _("Visit the customer")
    OTHER = "other", _("Other")


class CommitmentKind(models.TextChoices):
    """What we bind ourselves to."""

    SOLUTION = "solution", _("Solution")
    INTERIM = "interim", _("Interim measure")
    COMPENSATION = "compensation", _("Compensation")
    DECISION = "decision", _("Decision")


class CommitmentState(models.TextChoices):
    """Overdue is none of them: an open one whose day has passed."""

    PROPOSED = "proposed", _("Waits for approval")
    OPEN = "open", pgettext_lazy("a commitment", "Open")
    DONE = "done", pgettext_lazy("a commitment", "Kept")
    WITHDRAWN = "withdrawn", pgettext_lazy("a commitment", "Withdrawn")


class NegativePointKind(models.TextChoices):
    """What is done about negative feedback, in this order."""

    APOLOGY = "apology", _("Apology")
    ACTION = "action", _("Action")
    FOLLOW_UP = "follow_up", _("Follow-up")
    EXPLANATION = "explanation", _("Explanation")
    ROOT_CAUSE = "root_cause", _("Root cause")
    TRAINING = "training", _("Training note")


class TraceState(models.TextChoices):
    """How far a quality trace is."""

    OPEN = "open", pgettext_lazy("a quality trace", "Open")
    CAUSE_FOUND = "cause_found", pgettext_lazy("a quality trace", "Cause found")
    MEASURE_TAKEN = "measure_taken", pgettext_lazy("a quality trace", "Measure taken")
    CLOSED = "closed", pgettext_lazy("a quality trace", "Closed")


class Decision(models.TextChoices):
    """What we decided about what a customer asked for."""

    ACCEPTED = "accepted", pgettext_lazy("a decision", "Accepted")
    DECLINED = "declined", pgettext_lazy("a decision", "Declined")
    DEFERRED = "deferred", pgettext_lazy("a decision", "Deferred")


class OfferState(models.TextChoices):
    """What the customer said to a compensation."""

    OFFERED = "offered", pgettext_lazy("a compensation", "Offered")
    ACCEPTED = "accepted", pgettext_lazy("a compensation", "Accepted by the customer")
    DECLINED = "declined", pgettext_lazy("a compensation", "Declined by the customer")


class InboundState(models.TextChoices):
    RECEIVED = "received", _("Stored, not yet read")
    FILED = "filed", _("Filed")
    DUPLICATE = "duplicate", _("Had already arrived")
    AUTOMATIC = "automatic", _("Automatic reply")
    BOUNCE = "bounce", _("Came back")
    IGNORED = "ignored", _("Ignored")
    QUARANTINED = "quarantined", _("Could not be read")


class SignInBy(models.TextChoices):
    PASSWORD = "password", _("Password or authorization code")
    OAUTH2 = "oauth2", _("OAuth 2 (Google, Microsoft 365)")


class Quarantined(StrEnum):
    """Why a mail is in quarantine; else the words of the error that came up."""

    TOO_LARGE = "too_large"
    # Too large it was; it is being fetched, whole, now that the limit is higher.
    FETCHED_AGAIN = "fetched_again"
    GONE = "gone"
    # The mail server did not give it out, time and again.
    NOT_FETCHED = "not_fetched"
    NO_SENDER = "no_sender"
    NEVER_READ = "reading_never_ended"


class MailboxProblem(models.TextChoices):
    """Why a mailbox could not be read; stored in front of what the server said."""

    HOST = "host", _("There is no server of this name. Look for a typing error.")
    SILENT = "silent", _("The server does not answer. A firewall may be in the way.")
    REFUSED = "refused", _("The server takes no connection on this port.")
    TLS = "tls", _("The server speaks no TLS on this port, or its certificate is not valid.")
    SIGN_IN = "sign_in", _("The server does not accept the user name and password.")
    TOKEN_REFUSED = (
        "token_refused",
        _(
            "The provider gave an access token, but the mail server does not take it: look at the "
            "user name, the scope, and whether IMAP is allowed for the mailbox."
        ),
    )
    SIGN_IN_AGAIN = (
        "sign_in_again",
        _(
            "The permission to read this mailbox has ended: sign in with the provider again and "
            "enter the new refresh token."
        ),
    )
    CLIENT = "client", _("The provider does not know this client id, or its secret is wrong.")
    TOKEN = "token", _("The token address gave no access token. It is tried again by itself.")
    FOLDER = "folder", _("The folder cannot be opened.")
    CHARACTERS = (
        "characters",
        _(
            "The user name or the password has a character that cannot be sent to a mail server, "
            "such as a Chinese or a full-width one. Type it again."
        ),
    )
    SLOW = "slow", _("Fetching took too long and was broken off. It is tried again by itself.")
    BROKEN = "broken", _("The connection broke off. It is tried again by itself.")
    ANSWER = "answer", _("The server gave an answer that is not understood.")


class PushRefusal(models.TextChoices):
    """Why a mail that was brought by HTTP was not taken."""

    SECRET = "secret", _("It came without the secret, or with another one.")
    SIGNATURE = "signature", _("Its signature does not fit the secret or signing key.")
    TOO_OLD = "too_old", _("Its signature is too old; the clock of the sender may be wrong.")
    REUSED = "reused", _("Its signature had been used before, for another mail.")
    TOO_LARGE = "too_large", _("It was larger than what is taken in.")
    COMPRESSED = "compressed", _("It was compressed; only plain bodies are read.")
    NO_MAIL = (
        "no_mail",
        _("No raw mail was in it. The provider has to send the whole message (raw MIME)."),
    )
    OFF = "off", _("The mailbox was switched off; the provider was asked to try again.")


class StaleKind(models.TextChoices):
    """What the search does not know of yet."""

    FEEDBACK = "feedback", _("a record")
    CUSTOMER = "customer", _("a customer, with their records")
    RECORDS_BELOW = "records_below", _("all records with a smaller id")
    CUSTOMERS_BELOW = "customers_below", _("all customers with a smaller id")


class QualityBand(models.TextChoices):
    """How much a record tells, in words; rules.quality has the borders."""

    HIGH = "high", pgettext_lazy("quality", "High")
    MIDDLE = "middle", pgettext_lazy("quality", "Middle")
    LOW = "low", pgettext_lazy("quality", "Low")


class QualityReason(models.TextChoices):
    """The reasons of rules.quality, in words."""

    NAMES_PRODUCT = "names_product", _("names the product")
    NAMES_ORDER = "names_order", _("names the order")
    HAS_CATEGORY = "has_category", _("has a category")
    NAMES_PLACE = "names_place", _("names the place")
    NAMES_MODEL = "names_model", _("names a model or number")
    VERIFIED = "verified", _("from a confirmed address")
    KNOWN_CUSTOMER = "known_customer", _("from a customer who wrote before")
    SAME_TEXT_ELSEWHERE = "same_text_elsewhere", _("others sent the same text before")
    SAID_BEFORE = "said_before", _("the customer sent the same text before")
    BURST = "burst", _("one of many from the same person within an hour")
    CONTRADICTION = "contradiction", _("the rating and the words contradict each other")
    LINKS = "links", _("more than one link")
    NO_WORDS = "no_words", _("hardly any words")
    SOME_LENGTH = "some_length", _("says more than a phrase")
    FULL_LENGTH = "full_length", _("describes at length")
    VERY_SHORT = "very_short", _("very short")
    SAYS_WHEN = "says_when", _("says when")
    SAYS_HOW_MUCH = "says_how_much", _("gives figures")
    SAYS_WHAT_IS_WANTED = "says_what_is_wanted", _("says what is wanted")
    HAS_FILES = "has_files", _("has files")
    FRESH = "fresh", _("told within days")
    SOME_WEEKS_OLD = "some_weeks_old", _("told after weeks")
    LONG_AGO = "long_ago", _("about something long ago")
