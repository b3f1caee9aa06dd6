from analytics.admin.culture import PraiseDecisionAdmin, ThanksAdmin
from analytics.admin.improvement import MeasureAdmin, ProblemAdmin

__all__ = ["MeasureAdmin", "PraiseDecisionAdmin", "ProblemAdmin", "ThanksAdmin"]
