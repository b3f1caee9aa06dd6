"""What customers are written about publications: what came of their feedback, and whether words of
theirs may be quoted. In their language, with a way out."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import Customer
from accounts.rules.contact import name_to_greet
from analytics.models import PublicationNotice, PublicationQuote
from analytics.selectors.public_page import stored_page
from config.kernel.site import site_name
from feedback.services.template_values import greeting
from surveys.services.inviting import Letter

_NOTICE = ("email/publication_notice.txt", "email/publication_notice.html")
_QUOTE = ("email/publication_quote.txt", "email/publication_quote.html")


def write_notice(notice: PublicationNotice) -> Letter:
    """Its link opens the publication, and lets them vote once as whoever they are."""
    one, customer = notice.publication, notice.customer
    language = customer.language
    words = one.wording(language)
    way_out = _absolute("stop_publications", notice.token)
    with translation.override(language):
        path = one.public_path(language) if stored_page().is_on else ""
        subject = _("You told us, and this came of it: %(title)s") % {"title": words.title}
        if one.is_plan:
            subject = _("You told us, and this is what we plan: %(title)s") % {
                "title": words.title
            }
        values = {
            **_frame(customer),
            "publication": one,
            "words": words,
            "subject": subject,
            "url": f"{settings.SITE_URL}{path}?by={notice.token}" if path else "",
            "unsubscribe_url": way_out,
        }
        return _letter(_NOTICE, subject, values, way_out)


def write_quote_request(quote: PublicationQuote) -> Letter:
    """Nothing is shown before they have pressed yes on the page that it leads to."""
    with translation.override(quote.customer.language):
        subject = _("May we quote you, without your name?")
        values = {
            **_frame(quote.customer),
            "quote": quote,
            "title": quote.publication.wording(quote.customer.language).title,
            "subject": subject,
            "url": _absolute("quote_consent", quote.token),
        }
        return _letter(_QUOTE, subject, values, "")


def _frame(customer: Customer) -> dict[str, Any]:
    language = customer.language
    return {
        "language": language,
        "site_name": site_name(language),
        "greeting": greeting(name_to_greet(customer.name), language),
    }


def _letter(
    templates: tuple[str, str], subject: str, values: dict[str, Any], way_out: str
) -> Letter:
    text, html = templates
    headers = {}
    if way_out:
        headers = {
            "List-Unsubscribe": f"<{way_out}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return Letter(
        subject=subject,
        text=render_to_string(text, values),
        html=render_to_string(html, values),
        headers=headers,
    )


def _absolute(name: str, token: str) -> str:
    return str(settings.SITE_URL) + reverse(f"analytics:{name}", args=[token])
