"""Django finds the admin by importing this package."""

from feedback.admin import (
    categories,
    mail,
    records,
    reply_templates,
    service_levels,
    statuses,
    tags,
)

__all__ = [
    "categories",
    "mail",
    "records",
    "reply_templates",
    "service_levels",
    "statuses",
    "tags",
]
