"""One row of each model of surveys that the admin shows."""

from collections.abc import Callable

from surveys.services.answering import submit_response
from tests.factories import FeedbackFactory, TeamFactory, UserFactory
from tests.factories.surveys import make_survey, open_link, planned


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


SURVEY_ROWS: dict[str, Callable] = {
    "surveys.Collector": open_link,
    "surveys.Invitation": planned,
    "surveys.Question": lambda: make_survey().questions.get(code="solved"),
    "surveys.Response": response,
    "surveys.Survey": survey,
    "surveys.SurveyVersion": version,
}
