from feedback.models.attachment import Attachment
from feedback.models.category import Category
from feedback.models.feedback import Feedback
from feedback.models.inbound_mail import InboundMail, MailReference
from feedback.models.mailbox import Mailbox
from feedback.models.message import Message
from feedback.models.product import Product
from feedback.models.reply_template import ReplyTemplate
from feedback.models.status import Status
from feedback.models.tag import Tag
from feedback.models.task import Task
from feedback.models.timeline import TimelineEntry
from feedback.models.upload import Upload

__all__ = [
    "Attachment",
    "Category",
    "Feedback",
    "InboundMail",
    "MailReference",
    "Mailbox",
    "Message",
    "Product",
    "ReplyTemplate",
    "Status",
    "Tag",
    "Task",
    "TimelineEntry",
    "Upload",
]
