"""An invitation as a mail."""

from datetime import timedelta

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.rules.contact import name_to_greet
from config.kernel.bilingual import localized
from config.kernel.site import site_name
from feedback.services.template_values import greeting
from surveys.enums import CollectorChannel, QuestionRole, VersionState
from surveys.flow.definition import Definition, parse, text_in
from surveys.models import Invitation, Mailing
from surveys.questions.base import Element
from surveys.questions.stars import Stars
from surveys.rules.letters import fill
from surveys.services.inviting import Letter


def answer_url(invitation: Invitation) -> str:
    return settings.SITE_URL + reverse("surveys:answer", args=[invitation.token])


def unsubscribe_url(invitation: Invitation) -> str:
    return settings.SITE_URL + reverse("surveys:unsubscribe", args=[invitation.token])


def write_reminder(invitation: Invitation) -> Letter:
    """As write_invitation, with the words for who has not answered yet."""
    return write_invitation(invitation, is_reminder=True)


def write_invitation(invitation: Invitation, *, is_reminder: bool = False) -> Letter:
    """The mail in the customer's language. The first question stands in it; each of its stars
    is a link that opens the page with that star chosen, and nothing is stored by following it."""
    version = invitation.collector.survey.versions.get(state=VersionState.PUBLISHED)
    definition = parse(version.definition)
    language, url = invitation.language, answer_url(invitation)
    mailing = _mailing(invitation)
    with translation.override(language):
        subject = _("How did we do?")
        if invitation.feedback is not None:
            subject = _("How did we handle your feedback #%(number)s?") % {
                "number": invitation.feedback.number
            }
        body = ""
        if mailing is not None:
            subject, body = _own_words(invitation, mailing, is_reminder=is_reminder)
        with_question = mailing is None or mailing.with_question
        values = {
            "body": body,
            "invitation": invitation,
            "feedback": invitation.feedback,
            "customer_name": invitation.customer.name if invitation.customer else "",
            "site_name": site_name(),
            "language": language,
            "subject": subject,
            "url": url,
            "unsubscribe_url": unsubscribe_url(invitation),
            **(_first_question(definition, language, url) if with_question else {}),
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


def write_sample(
    mailing: Mailing, *, language: str, name: str = "", is_reminder: bool = False
) -> Letter:
    """What somebody called `name` would get; its links lead nowhere."""
    collector = mailing.collector
    until = timezone.now() + timedelta(days=collector.valid_days)
    nobody = Invitation(
        pk=0, collector=collector, language=language, merge_data={"name": name}, expires_at=until
    )
    return write_invitation(nobody, is_reminder=is_reminder)


def _mailing(invitation: Invitation) -> Mailing | None:
    if invitation.collector.channel != CollectorChannel.EMAIL:
        return None
    return getattr(invitation.collector, "mailing", None)


def _own_words(invitation: Invitation, mailing: Mailing, *, is_reminder: bool) -> tuple[str, str]:
    """Subject and text, in the active language. Names come from forms that anybody fills in:
    what cannot pass for one is left out."""
    survey, language = invitation.collector.survey, invitation.language
    name = name_to_greet(invitation.customer.name if invitation.customer else invitation.name)
    until = invitation.expires_at
    values = {
        "customer.name": name,
        "customer.greeting": greeting(name, language),
        "survey.title": localized(survey, "title", language),
        "company.name": site_name(language),
        "link_until": date_format(timezone.localtime(until), "DATE_FORMAT") if until else "",
        **{key: str(value) for key, value in invitation.merge_data.items() if "." in key},
    }
    prefix = "reminder_" if is_reminder else ""
    subject = fill(mailing.text_in(f"{prefix}subject", language), values)
    return subject, fill(mailing.text_in(f"{prefix}body", language), values)


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
