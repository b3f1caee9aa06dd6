"""An invitation as a mail."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from config.kernel.site import site_name
from surveys.enums import QuestionRole, VersionState
from surveys.flow.definition import Definition, parse, text_in
from surveys.models import Invitation
from surveys.questions.base import Element
from surveys.questions.stars import Stars
from surveys.services.inviting import Letter


def answer_url(invitation: Invitation) -> str:
    return settings.SITE_URL + reverse("surveys:answer", args=[invitation.token])


def unsubscribe_url(invitation: Invitation) -> str:
    return settings.SITE_URL + reverse("surveys:unsubscribe", args=[invitation.token])


def write_invitation(invitation: Invitation) -> Letter:
    """The mail in the customer's language. The first question stands in it; each of its stars
    is a link that opens the page with that star chosen, and nothing is stored by following it."""
    version = invitation.collector.survey.versions.get(state=VersionState.PUBLISHED)
    definition = parse(version.definition)
    language, url = invitation.language, answer_url(invitation)
    with translation.override(language):
        subject = _("How did we do?")
        if invitation.feedback is not None:
            subject = _("How did we handle your feedback #%(number)s?") % {
                "number": invitation.feedback.number
            }
        values = {
            "invitation": invitation,
            "feedback": invitation.feedback,
            "customer_name": invitation.customer.name if invitation.customer else "",
            "site_name": site_name(),
            "language": language,
            "subject": subject,
            "url": url,
            "unsubscribe_url": unsubscribe_url(invitation),
            **_first_question(definition, language, url),
        }
        return Letter(
            subject=subject,
            text=render_to_string("email/survey_invitation.txt", values),
            html=render_to_string("email/survey_invitation.html", values),
            headers={
                "List-Unsubscribe": f"<{unsubscribe_url(invitation)}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
        )


def _first_question(definition: Definition, language: str, url: str) -> dict[str, object]:
    element = _overall(definition)
    if element is None:
        return {}
    return {
        "question": text_in(element.text, language),
        "low": text_in(element.settings.get("low", {}), language),
        "high": text_in(element.settings.get("high", {}), language),
        "stars": [
            (number, f"{url}?{element.code}={number}")
            for number in range(1, Stars.maximum(element) + 1)
        ],
    }


def _overall(definition: Definition) -> Element | None:
    """The question that is fit to stand in the mail; none when the survey begins otherwise."""
    for element in definition.elements():
        if element.role == QuestionRole.OVERALL and element.type == Stars.name:
            return element
    return None
