"""Django finds the admin by importing this package."""

from accounts.admin import (
    api_tokens,
    customer_tags,
    customers,
    mail_limits,
    outgoing,
    personal_data,
    sessions,
    staff,
    teams,
)

__all__ = [
    "api_tokens",
    "customer_tags",
    "customers",
    "mail_limits",
    "outgoing",
    "personal_data",
    "sessions",
    "staff",
    "teams",
]
