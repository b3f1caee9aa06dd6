"""All of them by their keys, which stand in addresses and in kept dashboards: never rename one."""

from analytics.metrics.catalogue.metric import Metric
from analytics.metrics.catalogue.of_satisfaction import SATISFACTION
from analytics.metrics.catalogue.of_service import SERVICE

METRICS: dict[str, Metric] = {one.key: one for one in (*SERVICE, *SATISFACTION)}
