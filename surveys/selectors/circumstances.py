"""What the conditions of a survey may ask beside the answers."""

from django.utils import timezone

from accounts.models import Customer
from surveys.flow.walk import Circumstances


def circumstances_of(customer: Customer | None, language: str) -> Circumstances:
    """As things are now, for whoever answers; of nobody known only the day and the language."""
    about: dict[str, str] = {}
    if customer is not None:
        about = {
            "name": customer.name,
            "organisation": str(customer.organisation or ""),
            "tier": customer.tier,
        }
    return Circumstances(timezone.localdate().isoformat(), language, about)
