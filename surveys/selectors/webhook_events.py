"""What webhooks are told about surveys."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.models import WebhookEvent
from accounts.selectors.webhook_events import EventType, Happening, read_rows
from surveys.models import Invitation, QualityCheck, Response, ResponseImport

RESPONSE = "response"
RESPONSE_IMPORT = "response_import"
SURVEY_EVENTS = (
    EventType("survey.response_submitted", _("Somebody answered a survey"), _("Surveys")),
    EventType("survey.response_flagged", _("A response looks wrong"), _("Surveys")),
    EventType(
        "survey.response_decided", _("Somebody decided whether a response counts"), _("Surveys")
    ),
    EventType("survey.response_corrected", _("Somebody corrected answers"), _("Surveys")),
)
INVITATION = "invitation"
INVITATION_EVENTS = (
    EventType("survey.invitation_sent", _("Somebody was invited to a survey"), _("Surveys")),
)
IMPORT_EVENTS = (
    EventType("survey.responses_imported", _("Answers were imported into a survey"), _("Surveys")),
)


def read_responses(events: Sequence[WebhookEvent]) -> dict[int, Happening]:
    return read_rows(
        events,
        Response.objects.select_related("survey", "collector", "feedback", "quality"),
        lambda event: f"survey.response_{event.data.get('what', 'submitted')}",
        response_data,
        lambda response: response.survey.title_en[:60],
    )


def response_data(response: Response) -> dict[str, object]:
    """As GET /responses/ID/ names it, without the answers and without who gave them: a survey
    may be anonymous, and a webhook must not undo that."""
    check: QualityCheck | None = getattr(response, "quality", None)
    return {
        "response": {
            "id": str(response.key),
            "survey": str(response.survey.slug),
            "channel": response.collector.channel,
            "status": response.status,
            "language": response.language,
            "feedback": response.feedback and response.feedback.number,
            "counted": response.is_counted,
            "flags": check.flags if check else [],
            "decision": (check.verdict or None) if check else None,
        }
    }


def read_invitations(events: Sequence[WebhookEvent]) -> dict[int, Happening]:
    return read_rows(
        events,
        Invitation.objects.select_related("collector__survey", "feedback", "wave"),
        lambda _event: "survey.invitation_sent",
        invitation_data,
        lambda invitation: invitation.collector.survey.title_en[:60],
    )


def invitation_data(invitation: Invitation) -> dict[str, object]:
    """As GET /survey-invitations/ID/ names it, without whom: see response_data."""
    return {
        "invitation": {
            "id": invitation.pk,
            "survey": str(invitation.collector.survey.slug),
            "collector": invitation.collector_id,
            "wave": invitation.wave.number if invitation.wave else None,
            "language": invitation.language,
            "feedback": invitation.feedback and invitation.feedback.number,
        }
    }


def read_imports(events: Sequence[WebhookEvent]) -> dict[int, Happening]:
    return read_rows(
        events,
        ResponseImport.objects.select_related("survey"),
        lambda _event: "survey.responses_imported",
        import_data,
        lambda one: one.survey.title_en[:60],
    )


def import_data(one: ResponseImport) -> dict[str, object]:
    """As GET /response-imports/ID/ names it, without what stood in the table."""
    return {
        "import": {
            "id": str(one.key),
            "survey": str(one.survey.slug),
            "state": one.state,
            "rows": one.total,
            "imported": one.good,
            "known": one.known,
            "refused": one.refused,
        }
    }
