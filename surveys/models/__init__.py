from surveys.models.bank import QuestionBankItem
from surveys.models.collector import Collector
from surveys.models.draft import DraftStep
from surveys.models.invitation import ContactEvent, Invitation
from surveys.models.plan import PlannedStep, SurveyPlan
from surveys.models.question import Choice, Question
from surveys.models.quota import QuotaCount
from surveys.models.response import Answer, Response
from surveys.models.reward import Coupon, PointsEntry, Reward, RewardGrant
from surveys.models.survey import Survey, SurveyVersion

__all__ = [
    "Answer",
    "Choice",
    "Collector",
    "ContactEvent",
    "Coupon",
    "DraftStep",
    "Invitation",
    "PlannedStep",
    "PointsEntry",
    "Question",
    "QuestionBankItem",
    "QuotaCount",
    "Response",
    "Reward",
    "RewardGrant",
    "Survey",
    "SurveyPlan",
    "SurveyVersion",
]
