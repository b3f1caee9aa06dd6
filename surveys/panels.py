"""What surveys add to the page of a record: whether the customer was asked, and what they said."""

from typing import Any

from django.utils.translation import gettext as _

from feedback.enums import DONE_STATES
from feedback.models import Feedback, TimelineEntry
from feedback.panels import Panel
from surveys.enums import InvitationState, NotAsked
from surveys.models import Invitation, Response
from surveys.selectors.answers import said_in, with_answers


def call_back_panel(feedback: Feedback, user: Any) -> Panel | None:
    """The card “How it went”; none while nothing has been asked and nothing is to be asked."""
    responses = list(
        with_answers(
            Response.objects.complete()
            .filter(feedback=feedback)
            .select_related("survey", "collector", "entered_by")
            .order_by("-pk")
        )
    )
    invitation = Invitation.objects.filter(feedback=feedback).order_by("-pk").first()
    may_call = user.has_perm("feedback.change_feedback")
    if not responses and invitation is None and feedback.state not in DONE_STATES:
        return None
    return Panel(
        title=_("How it went"),
        template="surveys/_record_panel.html",
        icon="star",
        context={
            "feedback": feedback,
            "invitation": invitation,
            "responses": [(one, said_in(one)) for one in responses],
            "may_call": may_call,
            "may_see_responses": user.has_perm("surveys.view_response"),
        },
    )


def survey_sentence(entry: TimelineEntry, _names: Any) -> str:
    """A line of the record's story about being asked."""
    state, reason = entry.data.get("state"), entry.data.get("reason")
    if state == InvitationState.SENT:
        return _("Survey sent to the customer")
    if state == InvitationState.BOUNCED:
        return _("The survey could not be delivered")
    if reason in NotAsked.values:
        return _("No survey: %(reason)s") % {"reason": NotAsked(reason).label}
    return _("Survey")
