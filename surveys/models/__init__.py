from surveys.models.collector import Collector
from surveys.models.invitation import ContactEvent, Invitation
from surveys.models.plan import PlannedStep, SurveyPlan
from surveys.models.question import Choice, Question
from surveys.models.response import Answer, Response
from surveys.models.reward import Coupon, PointsEntry, Reward, RewardGrant
from surveys.models.survey import Survey, SurveyVersion

__all__ = [
    "Answer",
    "Choice",
    "Collector",
    "ContactEvent",
    "Coupon",
    "Invitation",
    "PlannedStep",
    "PointsEntry",
    "Question",
    "Response",
    "Reward",
    "RewardGrant",
    "Survey",
    "SurveyPlan",
    "SurveyVersion",
]
