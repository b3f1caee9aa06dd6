"""Surveys for tests, made through the real services."""

from copy import deepcopy
from datetime import timedelta

from django.utils import timezone

from config.kernel.conditions.condition import always
from config.kernel.conditions.parsing import parse as parse_condition
from config.kernel.conditions.vocabulary import vocabulary
from feedback.services.workflow import resolve_feedback
from surveys.distribution.email import write_invitation
from surveys.enums import (
    AudienceOf,
    CollectorChannel,
    DuplicatePolicy,
    GatheringState,
    SurveyKind,
)
from surveys.models import Collector, Gathering, Invitation, Mailing, Survey
from surveys.services.booking import book
from surveys.services.call_back_questions import CALL_BACK_QUESTIONS
from surveys.services.defaults import CALL_BACK
from surveys.services.inviting import plan_call_back, send_due_invitations
from surveys.services.mailings import USUAL, order_wave, save_mailing
from surveys.services.publishing import publish_version, save_draft
from surveys.services.waves import go_on_with_waves
from tests.factories import FeedbackFactory, UserFactory


def definition(**changes):
    return deepcopy(CALL_BACK_QUESTIONS) | changes


def element_of(raw, code):
    return next(e for page in raw["pages"] for e in page["elements"] if e["code"] == code)


def make_survey(raw=None, *, publish=True, **fields):
    survey = Survey.objects.create(
        **{"kind": SurveyKind.CUSTOM, "title_zh": "问卷", "title_en": "A survey"} | fields
    )
    draft = save_draft(survey.pk, definition=definition() if raw is None else raw)
    if publish:
        publish_version(draft.pk)
        survey.refresh_from_db()
    return survey


def open_link(survey=None, **fields):
    return Collector.objects.create(
        survey=survey or make_survey(),
        **{"name": "Link", "channel": CollectorChannel.LINK, "duplicates": DuplicatePolicy.NONE}
        | fields,
    )


def call_back_survey():
    return Survey.objects.get(slug=CALL_BACK)


def follow_up():
    return call_back_survey().collectors.get(channel=CollectorChannel.FOLLOW_UP)


def planned(feedback=None, by=None) -> Invitation:
    """What became of asking about `feedback` once it was resolved."""
    feedback = feedback or FeedbackFactory()
    resolve_feedback(feedback.pk, by=by or UserFactory())
    (invitation,) = plan_call_back(feedback.pk)
    return invitation


def sent(feedback=None, by=None) -> Invitation:
    """An invitation that was sent just now."""
    invitation = planned(feedback, by)
    let_time_pass(invitation)
    send_due_invitations(write_invitation)
    invitation.refresh_from_db()
    return invitation


def let_time_pass(invitation) -> None:
    """Its delay is over."""
    Invitation.objects.filter(pk=invitation.pk).update(
        send_at=timezone.now() - timedelta(seconds=1)
    )


def mailing(survey=None, *, condition="", collector=None, **fields):
    """An e-mail collector's mailing to everybody who fits `condition`, without contact rules."""
    collector = collector or Collector.objects.create(
        survey=survey or make_survey(),
        name="Mail",
        channel=CollectorChannel.EMAIL,
        quiet_days=0,
        same_survey_days=0,
    )
    tree = parse_condition(condition, vocabulary("customer")).tree if condition else always()
    wanted = {"audience_of": AudienceOf.OWN, "audience": tree, **USUAL} | fields
    return save_mailing(Mailing(collector=collector, **wanted))


def wave(one=None):
    """A wave of a mailing that has been sent."""
    one = one or mailing()
    order_wave(one.collector_id)
    go_on_with_waves()
    send_due_invitations(write_invitation)
    return one.collector.waves.first()


def make_gathering(**fields):
    """An event that people can sign up for, in a week."""
    begins_at = timezone.now() + timedelta(days=7)
    usual = {
        "title_zh": "净水器课堂",
        "title_en": "Filter class",
        "begins_at": begins_at,
        "ends_at": fields.get("begins_at", begins_at) + timedelta(hours=1),
        "state": GatheringState.OPEN,
    }
    return Gathering.objects.create(**usual | fields)


def sign_up(gathering, name="Li Na", **fields):
    address = fields.pop("address", f"{name.lower().replace(' ', '.')}@example.org")
    return book(gathering.pk, name=name, address=address, language="en", **fields)[0]
