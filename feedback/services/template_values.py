from accounts.models import User
from config.kernel.site import site_name
from feedback.models import Feedback


def template_values(feedback: Feedback, by: User | None = None) -> dict[str, str]:
    """What the variables of a reply template stand for on this record; "" where unknown."""
    team, product = feedback.team, feedback.product
    return {
        "customer.name": feedback.customer.name,
        "feedback.number": str(feedback.number),
        "feedback.subject": feedback.subject,
        "product.name": product.name_in(feedback.language) if product else "",
        "order_number": feedback.order_number,
        "agent.name": by.name if by else "",
        "team.name": team.name_in(feedback.language) if team else "",
        "company.name": site_name(feedback.language),
    }
