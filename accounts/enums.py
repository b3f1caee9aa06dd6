from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    """The four roles shipped as groups; `value` is the group's name."""

    AGENT = "agent", _("Agent")
    LEAD = "lead", _("Team lead")
    ANALYST = "analyst", _("Analyst")
    ADMIN = "admin", _("Admin")


class WeeklyMail(models.TextChoices):
    """What the mail about last week tells a member of staff."""

    NONE = "none", _("No mail")
    OWN = "own", _("My own week")
    TEAMS = "teams", _("My own week, and that of teams I lead")


class ContactKind(models.TextChoices):
    EMAIL = "email", pgettext_lazy("a contact", "E-mail")
    PHONE = "phone", _("Phone")
    WECHAT = "wechat", _("WeChat")
    WEIBO = "weibo", _("Weibo")
    FACEBOOK = "facebook", _("Facebook")
    EXTERNAL = "external", _("Customer number")


class Tier(models.TextChoices):
    STANDARD = "standard", _("Standard")
    KEY = "key", _("Key customer")


class ConsentPurpose(models.TextChoices):
    SERVICE = "service", _("Answering and solving what they wrote")
    SURVEY = "survey", _("Being asked about their satisfaction")
    MARKETING = "marketing", _("News and offers")
    ANALYSIS = "analysis", _("Analysis of behaviour")
    OUTCOME = "outcome", _("Being told what came of their feedback")


class ConsentChannel(models.TextChoices):
    """How a customer told us that they agree, or no longer do."""

    WEB_FORM = "web_form", _("Web form")
    EMAIL = "email", _("E-mail")
    PHONE = "phone", _("Phone")
    STAFF = "staff", _("Told a member of staff")
    UNSUBSCRIBE = "unsubscribe-link", _("Link in a mail")


class SuppressionReason(models.TextChoices):
    BOUNCE = "bounce", _("Mail came back")
    COMPLAINT = "complaint", _("Marked as spam")
    REQUEST = "request", _("Asked not to be written to")
    MANUAL = "manual", _("Set by staff")


class NotSent(models.TextChoices):
    """Why a message was suppressed. The first four are the reasons of SuppressionReason."""

    BOUNCE = "bounce", _("Mail to this address came back.")
    COMPLAINT = "complaint", _("This person marked our mail as spam.")
    REQUEST = "request", _("This person asked us not to write to this address.")
    MANUAL = "manual", _("Staff decided not to write to this address.")
    DO_NOT_CONTACT = "do_not_contact", _("This customer asked not to be contacted.")
    OWN_ADDRESS = "own_address", _("This is one of our own addresses.")
    NOBODY_READS = "nobody_reads", _("Nobody reads mail sent to this address.")
    TOO_MANY = "too_many", _("Too many automatic mails went to this address.")
    TOO_OLD = "too_old", _("It waited for so long that it would only have surprised.")


class PrivacyKind(models.TextChoices):
    EXPORT = "export", pgettext_lazy("privacy", "Export")
    ANONYMISE = "anonymise", _("Anonymise")
    ERASE = "erase", _("Erase")


class PrivacyState(models.TextChoices):
    """waiting (for a second person) → queued → done; refused by a person, by a legal hold, or
    because the customer is gone."""

    WAITING = "waiting", _("Waits for a second person")
    QUEUED = "queued", pgettext_lazy("privacy", "Under way")
    DONE = "done", pgettext_lazy("privacy", "Done")
    REFUSED = "refused", pgettext_lazy("privacy", "Refused")


class OutgoingKind(models.TextChoices):
    ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement")
    REPLY = "reply", _("Reply")
    AUTOMATIC = "automatic", _("Automatic answer")
    SURVEY = "survey", _("Survey invitation")
    EVENT = "event", _("About an event somebody signed up for")
    PUBLICATION = "publication", _("What came of their feedback")
    NOTIFICATION = "notification", _("Notification to staff")
    ACCOUNT = "account", _("Account")

    @property
    def automatic(self) -> bool:
        """Written by nobody: carries the loop-protection headers."""
        return self != OutgoingKind.REPLY

    @property
    def answers_by_itself(self) -> bool:
        """Goes to a customer because something came in: whoever sends much causes much."""
        return self in {OutgoingKind.ACKNOWLEDGEMENT, OutgoingKind.AUTOMATIC}

    @property
    def goes_to_many(self) -> bool:
        """Nobody waits for it: it leaves after what somebody waits for, and never to a customer
        who does not want to be contacted."""
        return self in {OutgoingKind.SURVEY, OutgoingKind.PUBLICATION}

    @property
    def can_be_stopped(self) -> bool:
        """Waits while automatic mail to customers is stopped (MailStop)."""
        return self.answers_by_itself or self.goes_to_many


class OutgoingState(models.TextChoices):
    """queued → sending (with a lease) → sent | retry (at a time) | failed | uncertain. What waits
    can be held by a person and let go again."""

    QUEUED = "queued", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    RETRY = "retry", _("Will be tried again")
    SENT = "sent", _("Sent")
    UNCERTAIN = "uncertain", _("Sent or lost: the connection broke while handing it over")
    FAILED = "failed", _("Could not be sent")
    CANCELLED = "cancelled", _("Recalled")
    SUPPRESSED = "suppressed", _("Not sent")
    HELD = "held", _("Held back")


class MailTrouble(models.TextChoices):
    """What keeps all mail from leaving, whichever it is."""

    UNREACHABLE = "unreachable", _("The mail server cannot be reached.")
    LOGIN = "login", _("The mail server does not accept our name and password.")
    TLS = "tls", _("The connection to the mail server cannot be made secure.")
    CLOSED = "closed", _("The mail server takes no mail at the moment.")
    PERMISSION = (
        "permission",
        _(
            "The permission to send has ended: sign in with the provider again and put the new "
            "refresh token into SMTP_OAUTH_REFRESH_TOKEN."
        ),
    )
    CLIENT = (
        "client",
        _(
            "The provider does not know our client id, or its secret is wrong "
            "(SMTP_OAUTH_CLIENT_ID, SMTP_OAUTH_CLIENT_SECRET)."
        ),
    )
    TOKEN = "token", _("The token address gave no access token. It is tried again by itself.")


class MailHeld(models.TextChoices):
    """Why nothing leaves until a person lets it go."""

    RESTORED = "restored", _("The database was restored from a backup.")
    PERSON = "person", _("Somebody decided it.")


class Delivery(models.TextChoices):
    """What we heard back after handing a message over."""

    UNKNOWN = "unknown", _("No news")
    DELAYED = "delayed", _("Delayed")
    BOUNCED = "bounced", _("Came back")


class FieldSubject(models.TextChoices):
    """What custom fields are about; the names are those of the vocabularies of conditions."""

    FEEDBACK = "feedback", _("Feedback")
    CUSTOMER = "customer", _("Customer")


class FieldKind(models.TextChoices):
    """What a custom field holds."""

    SHORT_TEXT = "short_text", _("Short text")
    LONG_TEXT = "long_text", _("Long text")
    INTEGER = "integer", _("Whole number")
    DECIMAL = "decimal", _("Number with decimals")
    YES_NO = "yes_no", _("Yes or no")
    DATE = "date", _("Date")
    MOMENT = "moment", _("Date and time")
    CHOICE = "choice", _("One of several options")
    CHOICES = "choices", _("Any of several options")
    EMAIL = "email", _("E-mail address")
    PHONE = "phone", _("Phone number")
    URL = "url", _("Web address")
    ORDER = "order", _("Order or serial number")


class AfterReply(models.TextChoices):
    STAY = "stay", _("Stay on the record")
    NEXT = "next", _("Open the next record of the list")
    LIST = "list", _("Go back to the list")


class Availability(models.TextChoices):
    """Whether somebody takes new work."""

    AVAILABLE = "available", _("Available")
    AWAY = "away", _("Away for a while")
    OUT = "out", _("Out of office")


class WebhookState(models.TextChoices):
    """queued → sending (with a lease) → delivered | retry (at a time) | failed."""

    QUEUED = "queued", _("Waiting to be sent")
    SENDING = "sending", _("Being sent")
    RETRY = "retry", _("Will be tried again")
    DELIVERED = "delivered", pgettext_lazy("a webhook", "Delivered")
    FAILED = "failed", pgettext_lazy("a webhook", "Given up")


class PausedBecause(models.TextChoices):
    """Why nothing is sent to a webhook."""

    PERSON = "person", _("Switched off by a person")
    FAILING = "failing", _("Its receiver failed for days")
    GONE = "gone", _("Its receiver said that it is gone (410)")
    CONDITION = "condition", _("Its condition asks for what is not there any more")


class Scope(models.TextChoices):
    FEEDBACK_READ = "feedback:read", _("Read feedback")
    FEEDBACK_WRITE = "feedback:write", _("Create, answer and resolve feedback")
    CUSTOMERS_READ = "customers:read", _("Read customers")
    CUSTOMERS_WRITE = "customers:write", _("Create and change customers")
    SURVEYS_READ = "surveys:read", _("Read surveys and responses")
    SURVEYS_WRITE = "surveys:write", _("Submit survey responses")
    SETTINGS_READ = "settings:read", _("Read settings: webhooks and the configuration")
    SETTINGS_WRITE = "settings:write", _("Change settings: webhooks and the configuration")


class PersonalDataKind(models.TextChoices):
    """The kinds that config.kernel.text.personal_data finds, in words."""

    PHONE = "phone", _("Phones")
    EMAIL = "email", _("E-mail addresses")
    ID_CARD = "id_card", _("Identity cards")
    BANK_CARD = "bank_card", _("Bank cards")
    PASSPORT = "passport", _("Passports and permits")
    NAME = "name", _("Names")
    ADDRESS = "address", _("Addresses")
    WECHAT = "wechat_id", _("WeChat ids")
    QQ = "qq", _("QQ numbers")
    PLATE = "plate", _("Number plates")
    BIRTH_DATE = "birth_date", _("Days of birth")
    COMPANY_CODE = "uscc", _("Unified social credit codes")
    URL = "url", _("Links that tell who somebody is")
    IP = "ip", _("IP addresses")
    SSN = "ssn", _("US social security numbers")
    NATIONAL_INSURANCE = "nino", _("British national insurance numbers")
    IBAN = "iban", _("International account numbers (IBAN)")
    POSTCODE = "postcode", _("British postcodes")
    OWN = "own", _("Patterns of your own")
