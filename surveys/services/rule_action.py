"""Asking a customer because a rule of automation says so."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from feedback.enums import DONE_STATES
from feedback.models import Feedback
from feedback.rules.actions import Acting, Action, Options, Param, Values
from surveys.enums import CollectorChannel, InvitationState, NotAsked
from surveys.models import Collector
from surveys.services.inviting import invite_about


def _collectors() -> Options:
    """Ways of asking by mail; a follow-up collector asks about every solution by itself, and
    here about those that the rule picks."""
    rows = Collector.objects.open(timezone.now()).filter(
        channel__in=[CollectorChannel.FOLLOW_UP, CollectorChannel.EMAIL]
    )
    return [(one.pk, f"{one.survey} – {one.name}") for one in rows.select_related("survey")]


def _start(feedback_id: int, values: Values, _acting: Acting) -> str:
    collector = Collector.objects.get(pk=values["collector"])
    feedback = Feedback.objects.select_related(
        "customer", "resolved_by", "resolved_team", "assignee"
    ).get(pk=feedback_id)
    if feedback.state not in DONE_STATES:
        return _("Customers are asked about what is resolved; this is not.")
    invitation, is_new = invite_about(feedback, collector)
    if not is_new:
        return _("The customer was asked already.")
    if invitation.state != InvitationState.QUEUED:
        return str(NotAsked(invitation.reason).label)
    return ""


START_SURVEY = Action(
    "start_survey",
    gettext_lazy("Ask the customer with a survey"),
    _start,
    (Param("collector", gettext_lazy("Survey"), _collectors, rows_of=Collector),),
)
