from analytics.models.demo_company import DemoCompany
from analytics.models.shared_results import SharedResults

__all__ = ["DemoCompany", "SharedResults"]
