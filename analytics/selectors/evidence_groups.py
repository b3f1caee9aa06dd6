"""What the evidence of a problem is made of, for a Pareto chart."""

from collections import Counter
from typing import Any

from django.db.models import Count, F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import User
from analytics.models import CauseNode, Problem
from feedback.enums import Channel
from feedback.models import Category, Product

GROUPS: dict[str, Any] = {
    "category": gettext_lazy("Category"),
    "product": gettext_lazy("Product"),
    "channel": gettext_lazy("Channel"),
    "cause": pgettext_lazy("of a problem", "Cause"),
}
MOST = 12  # named ones; the rest is together


def grouped(problem: Problem, user: User, by: str) -> dict[str, float]:
    """Name → how many pieces of evidence that `user` may see, "Others" for the rest and for what
    is in no group. `by`: one of GROUPS; a piece that shows several causes counts for each."""
    counts = _by_cause(problem, user) if by == "cause" else _by_record(problem, user, by)
    named = [(name, count) for name, count in counts.most_common() if name]
    rest = sum(count for _name, count in named[MOST:]) + counts[""]
    found: dict[str, float] = {name: float(count) for name, count in named[:MOST]}
    if rest:
        found[_("Others")] = found.get(_("Others"), 0.0) + float(rest)
    return found


def _by_record(problem: Problem, user: User, by: str) -> Counter[str]:
    seen = problem.evidence.visible_to(user).order_by()
    rows = seen.values(group=F(f"feedback__{by}")).annotate(count=Count("pk"))
    names = _names(by)
    counts: Counter[str] = Counter()
    for row in rows:
        counts[names.get(row["group"], "")] += row["count"]
    return counts


def _names(by: str) -> dict[Any, str]:
    if by == "channel":
        return {one.value: str(one.label) for one in Channel}
    rows: Any = Category.objects.all() if by == "category" else Product.objects.all()
    return {one.pk: str(one.name) for one in rows}


def _by_cause(problem: Problem, user: User) -> Counter[str]:
    seen = problem.evidence.visible_to(user).values("pk").order_by()
    nodes = CauseNode.objects.filter(root_cause__problem=problem, evidence__in=seen)
    rows = nodes.order_by().values("text").annotate(count=Count("evidence"))
    return Counter({row["text"]: row["count"] for row in rows})
