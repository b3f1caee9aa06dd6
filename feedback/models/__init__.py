from feedback.models.assessment import Assessment, NearDuplicate
from feedback.models.attachment import Attachment
from feedback.models.automation_event import AutomationEvent
from feedback.models.automation_pause import AutomationPause
from feedback.models.automation_rule import AutomationRule
from feedback.models.automation_run import AutomationRun
from feedback.models.bulk_job import BulkItem, BulkJob
from feedback.models.business_calendar import BusinessCalendar
from feedback.models.calendar_day import CalendarDay
from feedback.models.calendar_window import CalendarWindow
from feedback.models.category import Category
from feedback.models.checklist_item import ChecklistItem
from feedback.models.checklist_template import ChecklistTemplate
from feedback.models.commitment import Commitment
from feedback.models.compensation_limit import CompensationLimit
from feedback.models.draft import Draft
from feedback.models.feedback import Feedback
from feedback.models.follower import Follower
from feedback.models.form_definition import FormDefinition
from feedback.models.holiday_feed import HolidayFeed
from feedback.models.inbound_mail import InboundMail, MailReference
from feedback.models.legal_hold import LegalHold
from feedback.models.link import FeedbackLink, NotDuplicate
from feedback.models.list_export import ListExport
from feedback.models.macro import Macro
from feedback.models.mailbox import Mailbox
from feedback.models.message import Message
from feedback.models.negative_case import NegativeCase, NegativePoint
from feedback.models.negative_rule import NegativeRule
from feedback.models.notification import Notification, NotificationChoice
from feedback.models.presence import Presence
from feedback.models.product import Product
from feedback.models.push_address import PushAddress
from feedback.models.quality import FeedbackQuality
from feedback.models.quality_trace import QualityTrace
from feedback.models.reopen_policy import ReopenPolicy
from feedback.models.reply_template import ReplyTemplate
from feedback.models.retention import RetentionRule, RetentionRun
from feedback.models.routing_rule import RoutingRule, RoutingTag, RoutingTagEvent
from feedback.models.saved_view import SavedView
from feedback.models.search_entry import CustomerEntry, SearchEntry, StaleEntry
from feedback.models.signature import Signature
from feedback.models.skill import Skill
from feedback.models.sla_clock import SLAClock
from feedback.models.sla_escalation import SLAEscalation
from feedback.models.sla_event import SLAEvent
from feedback.models.sla_policy import SLAPolicy
from feedback.models.sla_target import SLATarget
from feedback.models.status import Status
from feedback.models.suggestion import Suggestion
from feedback.models.tag import Tag
from feedback.models.task import Task
from feedback.models.team_distribution import TeamDistribution
from feedback.models.timeline import TimelineEntry
from feedback.models.upload import Upload

__all__ = [
    "Assessment",
    "Attachment",
    "AutomationEvent",
    "AutomationPause",
    "AutomationRule",
    "AutomationRun",
    "BulkItem",
    "BulkJob",
    "BusinessCalendar",
    "CalendarDay",
    "CalendarWindow",
    "Category",
    "ChecklistItem",
    "ChecklistTemplate",
    "Commitment",
    "CompensationLimit",
    "CustomerEntry",
    "Draft",
    "Feedback",
    "FeedbackLink",
    "FeedbackQuality",
    "Follower",
    "FormDefinition",
    "HolidayFeed",
    "InboundMail",
    "LegalHold",
    "ListExport",
    "Macro",
    "MailReference",
    "Mailbox",
    "Message",
    "NearDuplicate",
    "NegativeCase",
    "NegativePoint",
    "NegativeRule",
    "NotDuplicate",
    "Notification",
    "NotificationChoice",
    "Presence",
    "Product",
    "PushAddress",
    "QualityTrace",
    "ReopenPolicy",
    "ReplyTemplate",
    "RetentionRule",
    "RetentionRun",
    "RoutingRule",
    "RoutingTag",
    "RoutingTagEvent",
    "SLAClock",
    "SLAEscalation",
    "SLAEvent",
    "SLAPolicy",
    "SLATarget",
    "SavedView",
    "SearchEntry",
    "Signature",
    "Skill",
    "StaleEntry",
    "Status",
    "Suggestion",
    "Tag",
    "Task",
    "TeamDistribution",
    "TimelineEntry",
    "Upload",
]
