"""What the worker does for feedback. Each is safe to run twice."""

from feedback.services.delivery import note_delivery


def note_settled_mail(*, outgoing_id: int) -> None:
    """A mail left or will not: show it on its record."""
    note_delivery(outgoing_id)
