"""Django finds the admin by importing this package."""

from feedback.admin import (
    automation,
    categories,
    checklists,
    commitments,
    custom_fields,
    mail,
    records,
    reopening,
    reply_templates,
    retention,
    routing,
    saved_views,
    service_levels,
    statuses,
    tags,
)

__all__ = [
    "automation",
    "categories",
    "checklists",
    "commitments",
    "custom_fields",
    "mail",
    "records",
    "reopening",
    "reply_templates",
    "retention",
    "routing",
    "saved_views",
    "service_levels",
    "statuses",
    "tags",
]
