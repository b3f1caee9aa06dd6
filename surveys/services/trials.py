"""A mailing as a test mail to whoever writes it."""

from collections.abc import Callable

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.enums import OutgoingKind
from accounts.models import User
from accounts.services.outbox import queue_mail
from surveys.enums import VersionState
from surveys.errors import SurveyNotRunning
from surveys.models import Collector
from surveys.services.inviting import Letter, sender_of
from surveys.services.mailings import mailing_of


@transaction.atomic
def send_trial(collector_id: int, write: Callable[..., Letter], *, to: User) -> int:
    """One test mail in each language, with “Test” before the subject; how many. No invitation is
    made, and its links lead nowhere. Raises SendsNoMail, SurveyNotRunning without questions, and
    AddressNotUsable."""
    collector = Collector.objects.select_related("survey").get(pk=collector_id)
    mailing = mailing_of(collector)
    if not collector.survey.versions.filter(state=VersionState.PUBLISHED).exists():
        raise SurveyNotRunning
    for language, _label in settings.LANGUAGES:
        letter = write(mailing, language=language, name=to.name)
        with override(language):
            subject = _("[Test] %(subject)s") % {"subject": letter.subject}
        queue_mail(
            kind=OutgoingKind.ACCOUNT,
            tag=f"s0-{collector.pk}",
            to_address=to.email,
            to_name=to.name,
            subject=subject,
            body_text=letter.text,
            body_html=letter.html,
            language=language,
            **sender_of(collector),
        )
    return len(settings.LANGUAGES)
