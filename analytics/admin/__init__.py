from analytics.admin.alerts import AlertAdmin, AlertRuleAdmin
from analytics.admin.culture import PraiseDecisionAdmin, ThanksAdmin
from analytics.admin.improvement import MeasureAdmin, ProblemAdmin
from analytics.admin.publication import PublicationAdmin

__all__ = [
    "AlertAdmin",
    "AlertRuleAdmin",
    "MeasureAdmin",
    "PraiseDecisionAdmin",
    "ProblemAdmin",
    "PublicationAdmin",
    "ThanksAdmin",
]
