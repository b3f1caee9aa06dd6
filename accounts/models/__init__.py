from accounts.models.access_events import MembershipEvent, RoleEvent
from accounts.models.api_token import ApiToken
from accounts.models.caught_mail import CaughtMail
from accounts.models.consent import Consent
from accounts.models.custom_field import CustomField
from accounts.models.customer import ContactPoint, Customer
from accounts.models.customer_merge import CustomerMerge
from accounts.models.customer_note import CustomerNote
from accounts.models.customer_tag import CustomerTag
from accounts.models.mail_limits import MailLimits
from accounts.models.mail_stop import MailStop
from accounts.models.organisation import Organisation
from accounts.models.outgoing import OutgoingMessage
from accounts.models.outgoing_queue import OutgoingQueue
from accounts.models.personal_data import PersonalDataRules
from accounts.models.privacy_request import ForgottenContact, PrivacyRequest
from accounts.models.team import Membership, Team
from accounts.models.user import User
from accounts.models.webhook_delivery import WebhookDelivery
from accounts.models.webhook_endpoint import WebhookEndpoint
from accounts.models.webhook_event import WebhookEvent

__all__ = [
    "ApiToken",
    "CaughtMail",
    "Consent",
    "ContactPoint",
    "CustomField",
    "Customer",
    "CustomerMerge",
    "CustomerNote",
    "CustomerTag",
    "ForgottenContact",
    "MailLimits",
    "MailStop",
    "Membership",
    "MembershipEvent",
    "Organisation",
    "OutgoingMessage",
    "OutgoingQueue",
    "PersonalDataRules",
    "PrivacyRequest",
    "RoleEvent",
    "Team",
    "User",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WebhookEvent",
]
