from analytics.admin.improvement import MeasureAdmin, ProblemAdmin

__all__ = ["MeasureAdmin", "ProblemAdmin"]
