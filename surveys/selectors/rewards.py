"""A reward as staff see it, and as whoever answered does."""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, QuerySet

from surveys.enums import RewardKind
from surveys.models import PointsEntry, Response, Reward, RewardGrant


@dataclass(frozen=True, slots=True)
class RewardFigures:
    """How far a reward goes. `left` is what remains of the budget, None without a cap;
    `coupons_left` is None where there are no coupons."""

    standing: int
    withdrawn: int
    coupons: int
    coupons_left: int | None
    left: Decimal | None

    @property
    def is_exhausted(self) -> bool:
        return self.coupons_left == 0


def figures_of(reward: Reward) -> RewardFigures:
    """Two queries."""
    grants = reward.grants.aggregate(
        standing=Count("pk", filter=Q(withdrawn_at=None)),
        withdrawn=Count("pk", filter=Q(withdrawn_at__isnull=False)),
    )
    coupons = reward.coupons.aggregate(all=Count("pk"), left=Count("pk", filter=Q(is_taken=False)))
    return RewardFigures(
        standing=grants["standing"],
        withdrawn=grants["withdrawn"],
        coupons=coupons["all"],
        coupons_left=coupons["left"] if reward.kind == RewardKind.COUPON else None,
        left=None if reward.budget is None else reward.budget - reward.spent,
    )


def grants_of(reward: Reward) -> QuerySet[RewardGrant]:
    """Winners first, then the newest."""
    return reward.grants.select_related("response__survey", "customer", "coupon").order_by(
        "-is_winner", "-pk"
    )


def tickets_of(reward: Reward) -> QuerySet[RewardGrant]:
    """Those that take part; after the draw those that took part, whatever became of them."""
    if reward.drawn_at is None:
        return reward.grants.standing()
    later = Q(withdrawn_at=None) | Q(withdrawn_at__gt=reward.drawn_at)
    return reward.grants.filter(later)


@dataclass(frozen=True, slots=True)
class Thanked:
    """What one response was thanked with, for whoever gave it."""

    reward: Reward
    grant: RewardGrant
    balance: int = 0


def thanked_with(response: Response) -> Thanked | None:
    """None when nothing was promised, or what was given was taken back."""
    grant = (
        RewardGrant.objects.standing()
        .select_related("reward", "coupon", "customer")
        .filter(response=response)
        .first()
    )
    if grant is None:
        return None
    balance = 0
    if grant.points and grant.customer is not None:
        balance = PointsEntry.objects.balance_of(grant.customer)
    return Thanked(grant.reward, grant, balance)


def has_active_reward(survey_id: int) -> bool:
    """Whether an answer to this survey may be thanked with something now."""
    return Reward.objects.filter(survey_id=survey_id, is_active=True).exists()
