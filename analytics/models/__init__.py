from analytics.models.alert import Alert
from analytics.models.alert_evidence import AlertEvidence
from analytics.models.alert_rule import AlertRule
from analytics.models.cash_flow import CashFlow
from analytics.models.dashboard import Dashboard
from analytics.models.dashboard_link import DashboardLink
from analytics.models.dashboard_mail import DashboardMail
from analytics.models.dashboard_tile import DashboardTile
from analytics.models.demo_company import DemoCompany
from analytics.models.effect_check import EffectCheck
from analytics.models.improvement_entry import ImprovementEntry
from analytics.models.improvement_score import ImprovementScore
from analytics.models.measure import Measure
from analytics.models.measure_step import MeasureStep
from analytics.models.praise_decision import PraiseDecision
from analytics.models.problem import Problem
from analytics.models.problem_evidence import ProblemEvidence
from analytics.models.public_page import PublicPage
from analytics.models.publication import Publication
from analytics.models.publication_comment import PublicationComment
from analytics.models.publication_entry import PublicationEntry
from analytics.models.publication_notice import PublicationNotice
from analytics.models.publication_quote import PublicationQuote
from analytics.models.publication_vote import PublicationVote
from analytics.models.reading_rules import ReadingRules
from analytics.models.report import Report
from analytics.models.report_comment import ReportComment
from analytics.models.report_entry import ReportEntry
from analytics.models.report_part import ReportPart
from analytics.models.report_schedule import ReportSchedule
from analytics.models.report_version import ReportVersion
from analytics.models.review import Review
from analytics.models.roll_up import RollUp, RollUpMark, RollUpState
from analytics.models.root_cause import CauseNode, RootCause
from analytics.models.shared_report import SharedReport
from analytics.models.shared_results import SharedResults
from analytics.models.text_model import TextModel
from analytics.models.text_reading import ReadingProgress, TextReading
from analytics.models.text_wording import TextWording
from analytics.models.thanks import Thanks
from analytics.models.timeline_note import TimelineNote
from analytics.models.topic import Topic
from analytics.models.topic_set import TopicSet
from analytics.models.topic_text import TopicText
from analytics.models.week_mail import WeekMail

__all__ = [
    "Alert",
    "AlertEvidence",
    "AlertRule",
    "CashFlow",
    "CauseNode",
    "Dashboard",
    "DashboardLink",
    "DashboardMail",
    "DashboardTile",
    "DemoCompany",
    "EffectCheck",
    "ImprovementEntry",
    "ImprovementScore",
    "Measure",
    "MeasureStep",
    "PraiseDecision",
    "Problem",
    "ProblemEvidence",
    "PublicPage",
    "Publication",
    "PublicationComment",
    "PublicationEntry",
    "PublicationNotice",
    "PublicationQuote",
    "PublicationVote",
    "ReadingProgress",
    "ReadingRules",
    "Report",
    "ReportComment",
    "ReportEntry",
    "ReportPart",
    "ReportSchedule",
    "ReportVersion",
    "Review",
    "RollUp",
    "RollUpMark",
    "RollUpState",
    "RootCause",
    "SharedReport",
    "SharedResults",
    "TextModel",
    "TextReading",
    "TextWording",
    "Thanks",
    "TimelineNote",
    "Topic",
    "TopicSet",
    "TopicText",
    "WeekMail",
]
