from analytics.models.demo_company import DemoCompany

__all__ = ["DemoCompany"]
