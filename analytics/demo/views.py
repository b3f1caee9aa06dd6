"""Lists that the demo company keeps, so that nobody begins with an empty sidebar."""

from analytics.demo.company import Company
from config.kernel.conditions.parsing import parse
from config.kernel.conditions.vocabulary import MADE, vocabulary
from feedback.enums import ViewScope
from feedback.models import SavedView

# name zh/en, list, filters, condition, order of rows, columns
VIEWS: list[tuple[str, str, str, dict[str, list[str]], str, str, list[str]]] = [
    (
        "重点客户",
        "Key customers",
        "open",
        {"tier": ["key"]},
        "",
        "",
        ["due", "number", "subject", "customer", "organisation", "status", "assignee"],
    ),
    (
        "等了超过两天",
        "Waiting for more than two days",
        "open",
        {},
        "waiting_since older than 2 days",
        "waiting",
        ["waiting", "number", "subject", "team", "assignee", "last_message"],
    ),
    (
        "低分评价",
        "Low ratings",
        "resolved",
        {"score": ["1", "2"]},
        "",
        "",
        ["satisfaction", "number", "subject", "category", "resolved_by", "resolved"],
    ),
    (
        "保修期内的问题",
        "Under warranty",
        "open",
        {"field.under_warranty": ["yes"]},
        "",
        "",
        ["due", "number", "subject", "product", "field.bought_on", "field.bought_at", "assignee"],
    ),
]


def keep_views(company: Company) -> None:
    """For everybody; they go with their owner when the demo is removed."""
    owner = company.lead("relations")
    known = {f"{MADE}{one.code}" for one in company.fields}
    for place, (zh, en, view, filters, text, sort, columns) in enumerate(VIEWS, 1):
        if any(name.startswith(MADE) and name not in known for name in filters):
            continue  # a field of this code is there already and means something else
        SavedView.objects.create(
            name_zh=zh,
            name_en=en,
            scope=ViewScope.EVERYONE,
            owner=owner,
            view=view,
            filters=filters,
            condition=parse(text, vocabulary("feedback")).tree,
            sort=sort,
            columns=columns,
            order=place,
        )
