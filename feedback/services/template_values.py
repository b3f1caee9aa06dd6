from collections.abc import Mapping

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.enums import FieldSubject
from accounts.models import User
from accounts.rules.contact import name_to_greet
from accounts.rules.custom_values import say_value
from accounts.selectors.custom_fields import field_book
from config.kernel.site import site_name
from feedback.models import Feedback


def template_values(feedback: Feedback, by: User | None = None) -> dict[str, str]:
    """What the variables of a reply template stand for on this record; "" where unknown."""
    team, product, category = feedback.team, feedback.product, feedback.category
    waited = timezone.localdate() - timezone.localdate(feedback.received_at)
    return {
        "customer.name": feedback.customer.name,
        "customer.greeting": greeting(feedback.customer.name, feedback.language),
        "feedback.number": str(feedback.number),
        "feedback.subject": feedback.subject,
        "product.name": product.name_in(feedback.language) if product else "",
        "category.name": category.name_in(feedback.language) if category else "",
        "order_number": feedback.order_number,
        "days_waiting": str(waited.days) if waited.days > 0 else "",
        "agent.name": by.name if by else "",
        "team.name": team.name_in(feedback.language) if team else "",
        "company.name": site_name(feedback.language),
        **made_values(feedback),
    }


def without_their_words(feedback: Feedback, values: Mapping[str, str]) -> dict[str, str]:
    """`values` for a mail to an address that nothing proves to be theirs: what a stranger typed
    (subject, order number, fields, a name that is none) does not go out in our name."""
    name = name_to_greet(feedback.customer.name)
    typed = [one for one in values if one.startswith(("field.", "customer.field."))]
    return {
        **values,
        **dict.fromkeys([*typed, "feedback.subject", "order_number"], ""),
        "customer.name": name,
        "customer.greeting": greeting(name, feedback.language),
    }


def made_values(feedback: Feedback) -> dict[str, str]:
    """What stands in custom fields, in the language of the record."""
    customer = feedback.customer
    if not feedback.custom and not customer.custom:
        return {}
    both = (
        ("field.", FieldSubject.FEEDBACK, feedback.custom),
        ("customer.field.", FieldSubject.CUSTOMER, customer.custom),
    )
    book = field_book()
    with translation.override(feedback.language):
        return {
            f"{prefix}{code}": say_value(book.all_of(subject)[code], value)
            for prefix, subject, values in both
            for code, value in values.items()
            if code in book.all_of(subject)
        }


def greeting(name: str, language: str) -> str:
    """How an answer begins, in the language of the record: neutral for who gave no name."""
    with translation.override(language):
        return _("Dear %(name)s") % {"name": name} if name.strip() else _("Hello")
