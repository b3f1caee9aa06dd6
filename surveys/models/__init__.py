from surveys.models.bank import QuestionBankItem
from surveys.models.booking import Booking
from surveys.models.call import CallScript, PhoneCall
from surveys.models.collector import Collector
from surveys.models.comment import SurveyComment
from surveys.models.correction import AnswerCorrection
from surveys.models.draft import DraftStep
from surveys.models.gathering import Gathering
from surveys.models.gathering_note import GatheringNote
from surveys.models.invitation import ContactEvent, Invitation
from surveys.models.mailing import Mailing
from surveys.models.opt_out import AddressOptOut
from surveys.models.paper import PaperBatch, PaperEntry, PaperForm
from surveys.models.plan import PlannedStep, SurveyPlan
from surveys.models.quality_check import QualityCheck, QualityDecision
from surveys.models.quality_rules import AnswerTimes, QualityRules
from surveys.models.question import Choice, Question
from surveys.models.quota import QuotaCount
from surveys.models.response import Answer, Response
from surveys.models.response_export import ResponseExport
from surveys.models.response_import import ResponseImport
from surveys.models.reward import Coupon, PointsEntry, Reward, RewardGrant
from surveys.models.survey import Survey, SurveyVersion
from surveys.models.tally import Tally, TallyBlock
from surveys.models.wave import Wave

__all__ = [
    "AddressOptOut",
    "Answer",
    "AnswerCorrection",
    "AnswerTimes",
    "Booking",
    "CallScript",
    "Choice",
    "Collector",
    "ContactEvent",
    "Coupon",
    "DraftStep",
    "Gathering",
    "GatheringNote",
    "Invitation",
    "Mailing",
    "PaperBatch",
    "PaperEntry",
    "PaperForm",
    "PhoneCall",
    "PlannedStep",
    "PointsEntry",
    "QualityCheck",
    "QualityDecision",
    "QualityRules",
    "Question",
    "QuestionBankItem",
    "QuotaCount",
    "Response",
    "ResponseExport",
    "ResponseImport",
    "Reward",
    "RewardGrant",
    "Survey",
    "SurveyComment",
    "SurveyPlan",
    "SurveyVersion",
    "Tally",
    "TallyBlock",
    "Wave",
]
