"""The mark on the card of a record that was drawn: nobody can say so of one that they chose."""

from django.core.signing import BadSignature, Signer

from accounts.access import SignedInRequest
from feedback.models import Assessment

_signer = Signer(salt="analytics.drawn")


def mark_of_drawn(request: SignedInRequest, assessment: Assessment) -> str:
    """For this person and this record."""
    return _signer.sign(_name(request, assessment))


def is_drawn_card(request: SignedInRequest, assessment: Assessment) -> bool:
    """Whether the card that was sent carries its mark."""
    try:
        return _signer.unsign(request.POST.get("drawn", "")) == _name(request, assessment)
    except BadSignature:
        return False


def _name(request: SignedInRequest, assessment: Assessment) -> str:
    return f"{request.user.pk} {assessment.pk}"
