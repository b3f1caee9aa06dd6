"""One row of each model of surveys that the admin shows."""

from collections.abc import Callable

from surveys.models import GatheringNote
from surveys.services.answering import submit_response
from tests.factories import FeedbackFactory, TeamFactory, UserFactory
from tests.factories.surveys import make_gathering, make_survey, open_link, planned, sign_up


def survey():
    return make_survey(team=TeamFactory())


def version():
    return make_survey().versions.get()


def response():
    team = TeamFactory()
    invitation = planned(FeedbackFactory(team=team), by=UserFactory(team=team))
    return submit_response(
        invitation.collector_id,
        answers={"overall": 4, "solved": "yes", "comment": "好"},
        language="zh-hans",
        invitation_id=invitation.pk,
    ).response


def note():
    booking = sign_up(make_gathering())
    return GatheringNote.objects.create(
        gathering=booking.gathering, text="It drips.", key=str(booking.pk)
    )


SURVEY_ROWS: dict[str, Callable] = {
    "surveys.Booking": lambda: sign_up(make_gathering()),
    "surveys.Gathering": make_gathering,
    "surveys.GatheringNote": note,
    "surveys.Collector": open_link,
    "surveys.Invitation": planned,
    "surveys.Question": lambda: make_survey().questions.get(code="solved"),
    "surveys.Response": response,
    "surveys.Survey": survey,
    "surveys.SurveyVersion": version,
}
