"""What surveys add to the page of a record: whether the customer was asked, and what they said."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Exists, OuterRef, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.models import Customer
from config.kernel.kept import settings_stamp
from config.kernel.punctuation import labelled
from feedback.enums import DONE_STATES, TaskKind
from feedback.models import Feedback, Task, TimelineEntry
from feedback.panels import Fact, Panel, TaskPage
from feedback.selectors.customer_story import Asked, Happened, covered_for
from surveys.enums import InvitationState, NotAsked
from surveys.models import (
    Booking,
    GatheringNote,
    Invitation,
    PhoneCall,
    PointsEntry,
    Response,
    RewardGrant,
)
from surveys.selectors.answers import said_in, with_answers
from surveys.selectors.calls import with_open_notes


def call_back_facts(_user: Any) -> dict[str, Exists]:
    """Read along with a record: whether there is anything to look for."""
    here = {"feedback": OuterRef("pk")}
    return {
        "has_responses": Exists(Response.objects.complete().filter(**here)),
        "has_invitations": Exists(Invitation.objects.filter(**here)),
    }


def call_back_panel(feedback: Feedback, user: Any) -> Panel | None:
    """The card “How it went”; none while nothing has been asked and nothing is to be asked."""
    responses: list[Response] = []
    if getattr(feedback, "has_responses", True):
        responses = list(
            with_answers(
                Response.objects.complete()
                .filter(feedback=feedback)
                .select_related("survey", "collector", "entered_by")
                .order_by("-pk")
            )
        )
    invitation = None  # what was asked matters as long as nobody answered
    if not responses and getattr(feedback, "has_invitations", True):
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


def call_form(task: Task, user: Any) -> TaskPage | None:
    """Calling back is done with the questions at hand; none for those who may not change the
    record or not see it: a task may be given to somebody of another team."""
    if task.kind != TaskKind.CALL_BACK or not user.has_perm("feedback.change_feedback"):
        return None
    if not Feedback.objects.visible_to(user).filter(pk=task.feedback_id).exists():
        return None
    url = reverse("surveys:call_back", args=[task.feedback.number])
    return TaskPage(label=_("Ask on the phone"), url=url, icon="phone")


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


def rewards_in_story(asked: Asked) -> Iterable[Happened]:
    """What they were thanked with, for who may see rewards."""
    if not asked.user.has_perm("surveys.view_reward"):
        return
    rows = RewardGrant.objects.filter(customer__in=asked.customer_ids)
    for one in asked.newest(rows.select_related("reward__survey", "coupon"), "granted_at"):
        got = one.coupon.code if one.coupon else one.ticket or f"+{one.points}"
        notes = [_("taken back")] * bool(one.withdrawn_at)
        notes += [pgettext("of a ticket", "won")] * one.is_winner
        yield Happened(
            at=one.granted_at,
            icon="star",
            title=_("Thanked with: %(reward)s") % {"reward": one.reward},
            text=" · ".join([got, *notes]),
            url=reverse("surveys:reward", args=[one.reward.survey.slug]),
            customer_id=one.customer_id,
        )


def points_fact(customer: Customer, user: Any) -> Fact | None:
    """What stands in their account of points; nothing for who never got any."""
    if not user.has_perm("surveys.view_reward"):
        return None
    entries = PointsEntry.objects.filter(customer=customer)
    sums = entries.aggregate(n=Count("pk"), balance=Sum("amount"))
    return Fact(_("Points"), str(sums["balance"])) if sums["n"] else None


def questions_in_story(asked: Asked) -> Iterable[Happened]:
    """That they were asked: by mail, and on the phone."""
    rows = Invitation.objects.visible_to(asked.user).exclude(sent_at=None)
    theirs = rows.filter(customer__in=asked.customer_ids).select_related("collector__survey")
    for one in asked.newest(theirs, "sent_at"):
        yield Happened(
            at=one.sent_at,
            icon="send",
            title=_("Was asked: %(survey)s") % {"survey": one.collector.survey},
            text=str(one.get_state_display()),
            customer_id=one.customer_id,
        )
    calls = PhoneCall.objects.filter(customer__in=asked.customer_ids).exclude(outcome="")
    open_calls = with_open_notes(calls.select_related("survey"), asked.user)
    for call in asked.newest(open_calls, "began_at"):
        outcome, note = str(call.get_outcome_display()), call.open_note
        yield Happened(
            at=call.began_at,
            icon="phone",
            title=_("Was called about: %(survey)s") % {"survey": call.survey},
            text=labelled(outcome, note) if note else outcome,
            customer_id=call.customer_id,
        )


def responses_in_story(asked: Asked) -> Iterable[Happened]:
    """Their answers among everything that happened with customers, for who may see answers."""
    if not asked.user.has_perm("surveys.view_response"):
        return
    rows = Response.objects.visible_to(asked.user).complete()
    theirs = rows.filter(customer__in=asked.customer_ids).select_related("survey")
    theirs = theirs.annotate(settings_stamp=settings_stamp())
    for one in with_answers(asked.newest(theirs, "completed_at")):
        said = [f"{answer.label}: {answer.stars or answer.text}" for answer in said_in(one)]
        yield Happened(
            at=one.completed_at or one.last_seen_at,
            icon="star",
            title=_("Answered: %(survey)s") % {"survey": one.survey},
            text=covered_for(asked, one)("\n".join(said))[:500],
            url=reverse("surveys:response", args=[one.survey.slug, one.key]),
            customer_id=one.customer_id,
        )


def gathering_facts(_user: Any) -> dict[str, Exists]:
    """Read along with a record: whether it was said at an event."""
    return {"is_from_event": Exists(GatheringNote.objects.filter(feedback=OuterRef("pk")))}


def gathering_panel(feedback: Feedback, user: Any) -> Panel | None:
    """The card that leads from a record back to the event at which it was said."""
    if not getattr(feedback, "is_from_event", True):
        return None
    note = (
        GatheringNote.objects.select_related("gathering", "by")
        .filter(feedback=feedback)
        .order_by("pk")
        .first()
    )
    if note is None:
        return None
    return Panel(
        title=_("Said at an event"),
        template="surveys/gatherings/_record_panel.html",
        icon="calendar-days",
        context={"note": note, "may_see": user.has_perm("surveys.view_gathering")},
    )


def bookings_in_story(asked: Asked) -> Iterable[Happened]:
    """Events that customers signed up for, for who may see events."""
    if not asked.user.has_perm("surveys.view_gathering"):
        return
    rows = Booking.objects.filter(customer__in=asked.customer_ids).select_related("gathering")
    for one in asked.newest(rows, "booked_at"):
        state = one.get_state_display()
        if one.attended is not None:
            state = _("came") if one.attended else _("did not come")
        yield Happened(
            at=one.booked_at,
            icon="calendar-days",
            title=_("Signed up for an event: %(title)s") % {"title": one.gathering.title},
            text=one.remark,
            url=reverse("surveys:gathering", args=[one.gathering_id]),
            more=f"{one.gathering.when} · {state}",
            customer_id=one.customer_id,
        )
