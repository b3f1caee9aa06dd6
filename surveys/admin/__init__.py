"""Django finds the admin by importing this package."""

from surveys.admin import answers, collectors, gatherings, invitations, surveys, versions

__all__ = ["answers", "collectors", "gatherings", "invitations", "surveys", "versions"]
