"""What valid responses are thanked with: given once, within the budget, taken back when a
response turns out not to count."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import get_random_string

from accounts.models import User
from surveys.enums import ResponseStatus, RewardKind, SurveyStatus
from surveys.errors import CannotDraw, RewardIsFixed
from surveys.models import Coupon, PointsEntry, Response, Reward, RewardGrant
from surveys.rules.lottery import drawn

TICKET_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that look like another
LONGEST_CODE = 100
CODES_AT_ONCE = 200_000
_AT_A_TIME = 2000


@dataclass(frozen=True, slots=True)
class Imported:
    """How many codes are new, were there already (or twice in the list), and are too long."""

    new: int
    known: int
    refused: int


@transaction.atomic
def save_reward(reward: Reward) -> Reward:
    """Keep what is promised. Raises RewardIsFixed when its kind or its points would change after
    somebody got it: what was promised stays."""
    if reward.pk is not None:
        before = Reward.objects.select_for_update().get(pk=reward.pk)
        changes = (before.kind, before.points) != (reward.kind, reward.points)
        if changes and before.grants.exists():
            raise RewardIsFixed
        fields = [
            one.name
            for one in Reward._meta.concrete_fields
            if one.editable and not one.primary_key
        ]
        reward.save(update_fields=fields)
    else:
        reward.save()
    return reward


@transaction.atomic
def import_coupons(reward_id: int, codes: Sequence[str]) -> Imported:
    """Add the codes of a list, each once; white space around them is none of theirs."""
    reward = Reward.objects.select_for_update().get(pk=reward_id)
    wanted = [code.strip() for code in codes]
    wanted = [code for code in wanted if code]
    fitting = [code for code in wanted if len(code) <= LONGEST_CODE][:CODES_AT_ONCE]
    before = reward.coupons.count()
    Coupon.objects.bulk_create(
        [Coupon(reward=reward, code=code) for code in dict.fromkeys(fitting)],
        batch_size=_AT_A_TIME,
        ignore_conflicts=True,
    )
    new = reward.coupons.count() - before
    return Imported(new=new, known=len(fitting) - new, refused=len(wanted) - len(fitting))


@transaction.atomic
def settle_reward(response_id: int, *, by: User | None = None) -> RewardGrant | None:
    """Give what a valid response is promised, or take it back from one that is not valid any
    more; how often it is called makes no difference. The grant that stands, None without one."""
    reward = Reward.objects.filter(survey__responses=response_id).first()
    if reward is None:
        return None
    response = Response.objects.select_for_update(of=["self"]).get(pk=response_id)
    grant = RewardGrant.objects.filter(response=response).first()
    if not _is_valid(response):
        if grant is not None and grant.withdrawn_at is None:
            _withdraw(grant, by)
        return None
    if grant is None:
        return _grant(reward, response) if reward.is_active and not reward.drawn_at else None
    if grant.withdrawn_at is not None and reward.drawn_at is not None:
        return None  # it did not take part in the draw
    return grant if grant.withdrawn_at is None else _give_back(grant)


def _is_valid(response: Response) -> bool:
    return (
        response.status == ResponseStatus.COMPLETE
        and response.is_counted
        and not response.is_test
        and response.imported_id is None  # answered elsewhere, and thanked there
    )


def _grant(reward: Reward, response: Response) -> RewardGrant | None:
    grant = RewardGrant(reward=reward, response=response, customer=response.customer)
    if reward.kind == RewardKind.POINTS:
        if response.customer is None:  # nobody whose account it could stand in
            return None
        grant.points = reward.points
    elif reward.kind == RewardKind.COUPON:
        coupon = _next_coupon(reward)
        if coupon is None:
            return None
        grant.coupon = coupon
    else:
        grant.ticket = get_random_string(10, TICKET_LETTERS)
    if not _spend(reward):
        return None
    if grant.coupon is not None:
        Coupon.objects.filter(pk=grant.coupon.pk).update(is_taken=True)
    grant.save(force_insert=True)
    _book(grant, grant.points)
    return grant


def _next_coupon(reward: Reward) -> Coupon | None:
    """Locked, and passed over by everybody else at this moment."""
    left = Coupon.objects.select_for_update(skip_locked=True).filter(reward=reward, is_taken=False)
    return left.order_by("pk").first()


def _spend(reward: Reward) -> bool:
    """Count one more, if the budget has room for it: one statement, so nobody overdraws it."""
    cost = reward.value if reward.costs_by_grant else 0
    room = Q(budget=None) | Q(budget__gte=F("spent") + cost)
    changed = Reward.objects.filter(room, pk=reward.pk, is_active=True, drawn_at=None).update(
        granted=F("granted") + 1, spent=F("spent") + cost
    )
    return bool(changed)


def _withdraw(grant: RewardGrant, by: User | None) -> None:
    """A coupon that was shown stays used; points go back; a ticket is no longer drawn."""
    grant.withdrawn_at, grant.withdrawn_by = timezone.now(), by
    grant.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _book(grant, -grant.points)


def _give_back(grant: RewardGrant) -> RewardGrant:
    grant.withdrawn_at, grant.withdrawn_by = None, None
    grant.save(update_fields=["withdrawn_at", "withdrawn_by"])
    _book(grant, grant.points)
    return grant


def _book(grant: RewardGrant, points: int) -> None:
    if points and grant.customer is not None:
        PointsEntry.objects.create(customer=grant.customer, amount=points, grant=grant)


@transaction.atomic
def draw_lottery(reward_id: int) -> list[RewardGrant]:
    """Draw the winners among the tickets of valid responses and publish the seed. Once: raises
    CannotDraw before the day, while answers still come in, without tickets, or again."""
    reward = Reward.objects.select_for_update().select_related("survey").get(pk=reward_id)
    problem = why_not_drawn(reward)
    if problem is not None:
        raise CannotDraw(problem)
    tickets = {one.ticket: one for one in reward.grants.standing().exclude(ticket="")}
    if not tickets:
        raise CannotDraw("none")
    winners = [tickets[ticket] for ticket in drawn(reward.seed, tickets, reward.winners)]
    for one in winners:
        one.is_winner = True
    RewardGrant.objects.bulk_update(winners, ["is_winner"])
    reward.drawn_at, reward.spent = timezone.now(), reward.value * len(winners)
    reward.save(update_fields=["drawn_at", "spent"])
    return winners


def why_not_drawn(reward: Reward) -> str | None:
    """A word for CannotDraw; None when it may be drawn now."""
    if reward.kind != RewardKind.LOTTERY:
        return "kind"
    if reward.drawn_at is not None:
        return "again"
    if reward.draws_on is not None and timezone.localdate() < reward.draws_on:
        return "early"
    if reward.draws_on is None and reward.survey.status == SurveyStatus.RUNNING:
        return "running"
    return None
