"""Django finds the admin by importing this package."""

from accounts.admin import api_tokens, customers, outgoing, sessions, staff, teams

__all__ = ["api_tokens", "customers", "outgoing", "sessions", "staff", "teams"]
