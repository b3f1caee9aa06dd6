"""What webhooks are told about surveys."""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from accounts.models import WebhookEvent
from accounts.selectors.webhook_events import EventType, Happening
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
    rows = Response.objects.select_related("survey", "collector", "feedback", "quality")
    found = rows.in_bulk({event.object_id for event in events})
    return {
        event.pk: Happening(
            f"survey.response_{event.data.get('what', 'submitted')}",
            event.at,
            response_data(found[event.object_id]),
            about=found[event.object_id].survey.title_en[:60],
        )
        for event in events
        if event.object_id in found
    }


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
    rows = Invitation.objects.select_related("collector__survey", "feedback", "wave")
    found = rows.in_bulk({event.object_id for event in events})
    return {
        event.pk: Happening(
            "survey.invitation_sent",
            event.at,
            invitation_data(found[event.object_id]),
            about=found[event.object_id].collector.survey.title_en[:60],
        )
        for event in events
        if event.object_id in found
    }


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
    rows = ResponseImport.objects.select_related("survey")
    found = rows.in_bulk({event.object_id for event in events})
    return {
        event.pk: Happening(
            "survey.responses_imported",
            event.at,
            import_data(found[event.object_id]),
            about=found[event.object_id].survey.title_en[:60],
        )
        for event in events
        if event.object_id in found
    }


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
