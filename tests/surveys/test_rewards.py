"""What answers are thanked with: once, for valid ones, within the budget, drawn in the open."""

import hashlib
import re
from datetime import timedelta
from decimal import Decimal
from itertools import count

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.enums import Role
from accounts.models import OutgoingMessage
from surveys.enums import RewardKind
from surveys.errors import CannotDraw, RewardIsFixed
from surveys.models import Coupon, PointsEntry, Response, Reward, RewardGrant
from surveys.rules.lottery import drawn
from surveys.services.answering import submit_response
from surveys.services.archiving import close_survey
from surveys.services.rewarding import (
    draw_lottery,
    import_coupons,
    save_reward,
    settle_reward,
)
from surveys.views.answer_ways import Way
from tests.conftest import client_of, member
from tests.factories.surveys import make_survey, open_link, sent
from tests.surveys.test_answering import in_parallel

pytestmark = pytest.mark.django_db
KEYS = count()


@pytest.fixture
def analyst(db):
    return member(Role.ANALYST)


def make_reward(kind=RewardKind.COUPON, *, survey=None, codes=(), **fields):
    usual = {"name_zh": "优惠券", "name_en": "A voucher", "points": 10}
    reward = save_reward(Reward(survey=survey or make_survey(), kind=kind, **usual | fields))
    import_coupons(reward.pk, codes)
    return reward


def answer(reward, link=None, **more):
    link = link or reward.survey.collectors.first() or open_link(reward.survey)
    return submit_response(
        link.pk,
        answers={"overall": 5, "solved": "yes"},
        language="en",
        idempotency_key=f"answer-{next(KEYS)}",
        **more,
    ).response


def answer_by_mail(reward_of):
    """Of a customer whom we know; `reward_of(survey)` makes the reward."""
    invitation = sent()
    reward_of(invitation.collector.survey)
    return submit_response(
        invitation.collector_id,
        answers={"overall": 5, "solved": "yes"},
        language="en",
        invitation_id=invitation.pk,
    ).response


def test_each_answer_gets_a_code_of_its_own_until_there_are_none_left():
    reward = make_reward(codes=["A-1", "A-2"])

    given = [answer(reward) for _one in range(3)]

    codes = [one.grant.coupon.code for one in given[:2]]
    assert sorted(codes) == ["A-1", "A-2"]
    assert not RewardGrant.objects.filter(response=given[2]).exists()


@pytest.mark.django_db(transaction=True)
def test_fifty_people_at_once_get_fifty_different_codes():
    reward = make_reward(codes=[f"C-{n}" for n in range(50)])
    link = open_link(reward.survey)

    in_parallel(lambda: [answer(reward, link) for _one in range(5)], times=10)

    assert RewardGrant.objects.values("coupon").distinct().count() == 50
    assert Coupon.objects.filter(is_taken=False).count() == 0


@pytest.mark.django_db(transaction=True)
def test_people_who_answer_at_once_do_not_overdraw_the_budget():
    reward = make_reward(codes=[f"C-{n}" for n in range(40)], value=10, budget=70)
    link = open_link(reward.survey)

    in_parallel(lambda: [answer(reward, link) for _one in range(3)], times=8)

    reward.refresh_from_db()
    assert Response.objects.count() == 24
    assert RewardGrant.objects.count() == reward.granted == 7
    assert reward.spent == 70


def test_the_same_answers_sent_twice_are_thanked_once():
    reward = make_reward(codes=["A-1", "A-2"])
    link = open_link(reward.survey)
    for _press in range(2):
        submit_response(link.pk, answers={"overall": 5}, language="en", idempotency_key="pressed")

    assert RewardGrant.objects.count() == 1


def test_a_program_that_filled_in_the_trap_gets_nothing_until_staff_count_it():
    reward = make_reward(codes=["A-1"])
    response = answer(reward, is_counted=False)
    assert not RewardGrant.objects.exists()

    Response.objects.filter(pk=response.pk).update(is_counted=True)

    assert settle_reward(response.pk).coupon.code == "A-1"


def test_what_does_not_count_any_more_is_taken_back_and_its_code_is_not_given_again():
    reward = make_reward(codes=["A-1"])
    response = answer(reward)
    Response.objects.filter(pk=response.pk).update(is_counted=False)

    assert settle_reward(response.pk) is None
    assert RewardGrant.objects.get().withdrawn_at is not None
    later = answer(reward)
    assert not RewardGrant.objects.filter(response=later).exists()

    Response.objects.filter(pk=response.pk).update(is_counted=True)
    assert settle_reward(response.pk).withdrawn_at is None


def test_points_are_lines_of_an_account():
    response = answer_by_mail(
        lambda survey: make_reward(RewardKind.POINTS, survey=survey, points=30)
    )
    customer = response.customer
    assert PointsEntry.objects.balance_of(customer) == 30

    Response.objects.filter(pk=response.pk).update(is_counted=False)
    settle_reward(response.pk)
    settle_reward(response.pk)

    assert PointsEntry.objects.balance_of(customer) == 0
    assert [one.amount for one in PointsEntry.objects.order_by("pk")] == [30, -30]


def test_nobody_whom_we_do_not_know_gets_points():
    answer(make_reward(RewardKind.POINTS))

    assert not RewardGrant.objects.exists()


def test_what_was_promised_stays():
    reward = make_reward(codes=["A-1"])
    answer(reward)
    reward.kind = RewardKind.POINTS

    with pytest.raises(RewardIsFixed):
        save_reward(reward)


def test_a_draw_can_be_repeated_by_anybody(client):
    reward = make_reward(RewardKind.LOTTERY, winners=3, value=100)
    for _one in range(9):
        answer(reward)
    url = f"/a/lottery/{reward.token}/"
    before = client.get(url).content.decode()
    close_survey(reward.survey_id)

    winners = draw_lottery(reward.pk)

    after = client.get(url).content.decode()
    reward.refresh_from_db()
    assert reward.seed not in before
    assert reward.seed_digest in before
    # As the page tells people to do it.
    tickets = re.search(r'<p class="numbers">([^<]*)</p>', after).group(1).split()
    assert hashlib.sha256(reward.seed.encode()).hexdigest() == reward.seed_digest
    assert reward.seed in after
    order = sorted(
        tickets, key=lambda t: hashlib.sha256(f"{reward.seed}:{t}".encode()).hexdigest()
    )
    assert len(tickets) == 9
    assert order[:3] == [one.ticket for one in winners]
    assert reward.spent == Decimal(300)


def test_only_tickets_of_answers_that_count_are_drawn():
    reward = make_reward(RewardKind.LOTTERY, winners=5)
    good, bad = answer(reward), answer(reward)
    Response.objects.filter(pk=bad.pk).update(is_counted=False)
    settle_reward(bad.pk)
    close_survey(reward.survey_id)

    assert [one.response_id for one in draw_lottery(reward.pk)] == [good.pk]

    Response.objects.filter(pk=bad.pk).update(is_counted=True)
    assert settle_reward(bad.pk) is None


@pytest.mark.parametrize("why", ["kind", "running", "early", "none", "again"])
def test_a_draw_has_its_time(why):
    reward = make_reward(RewardKind.COUPON if why == "kind" else RewardKind.LOTTERY)
    if why == "early":
        reward.draws_on = timezone.localdate() + timedelta(days=1)
        save_reward(reward)
    if why in {"none", "again"}:
        close_survey(reward.survey_id)
    if why == "again":
        Reward.objects.filter(pk=reward.pk).update(drawn_at=timezone.now())

    with pytest.raises(CannotDraw) as refused:
        draw_lottery(reward.pk)

    assert refused.value.why == why


def test_the_order_of_tickets_makes_no_difference():
    tickets = ["AAA", "BBB", "CCC", "DDD"]

    assert drawn("seed", tickets, 2) == drawn("seed", reversed(tickets), 2)
    assert len(drawn("seed", tickets, 9)) == 4


def test_a_reward_is_set_up_on_its_page_and_shown_with_the_thanks(analyst, client):
    survey = make_survey()
    link, staff = open_link(survey), client_of(analyst)
    staff.post(
        f"/surveys/{survey.slug}/reward/edit/",
        {
            "kind": "coupon",
            "name_zh": "20 元优惠券",
            "name_en": "20 yuan off",
            "points": "0",
            "winners": "1",
            "value": "20",
            "budget": "",
            "is_active": "on",
        },
    )
    listed = SimpleUploadedFile("codes.csv", '"F-1";x\nF-2,y\nF-2\n'.encode("gb18030"))
    staff.post(f"/surveys/{survey.slug}/reward/coupons/", {"codes": "T-1\n\n", "file": listed})
    assert sorted(Coupon.objects.values_list("code", flat=True)) == ["F-1", "F-2", "T-1"]

    response = answer(survey.reward, link)

    thanks = client.get(Way(link).thanks_url(response)).content.decode()
    page = staff.get(f"/surveys/{survey.slug}/reward/").content.decode()
    assert response.grant.coupon.code in thanks
    assert response.grant.coupon.code in page
    assert "2 / 3" in page


def test_prizes_must_fit_the_budget(analyst):
    survey = make_survey()
    refused = client_of(analyst).post(
        f"/surveys/{survey.slug}/reward/edit/",
        {
            "kind": "lottery", "name_zh": "抽奖", "name_en": "Lottery", "points": "0",
            "winners": "3", "value": "100", "budget": "250", "is_active": "on",
        },
    )  # fmt: skip

    assert refused.status_code == 422
    assert "The prizes cost more than that." in refused.content.decode()
    assert not Reward.objects.exists()


def test_an_empty_list_of_codes_says_so(analyst):
    reward = make_reward()

    refused = client_of(analyst).post(
        f"/surveys/{reward.survey.slug}/reward/coupons/", {"codes": " \n"}
    )

    assert refused.status_code == 422
    assert "There is no code in it." in refused.content.decode()


def test_the_page_of_a_reward_asks_as_much_for_five_as_for_one(
    analyst, django_assert_max_num_queries
):
    reward = make_reward(codes=[f"A-{n}" for n in range(6)])
    answer(reward)
    staff, url = client_of(analyst), f"/surveys/{reward.survey.slug}/reward/"
    staff.get(url)
    with django_assert_max_num_queries(12):
        staff.get(url)
    for _one in range(4):
        answer(reward)
    with django_assert_max_num_queries(12):
        staff.get(url)


def test_agents_see_no_rewards(team):
    reward = make_reward()

    assert (
        client_of(member(Role.AGENT, team))
        .get(f"/surveys/{reward.survey.slug}/reward/")
        .status_code
        == 403
    )


def drawn_lottery():
    """With one ticket, of a customer who was invited by mail, and so with its winner."""
    made = answer_by_mail(lambda survey: make_reward(RewardKind.LOTTERY, survey=survey))
    reward = made.survey.reward
    close_survey(reward.survey_id)
    draw_lottery(reward.pk)
    reward.refresh_from_db()
    return reward


def test_winners_are_told_by_a_letter_each_once(analyst, client):
    reward = drawn_lottery()
    staff, url = client_of(analyst), f"/surveys/{reward.survey.slug}/reward/"
    assert f"{url}tell/" in staff.get(url).content.decode()
    letter = {
        "subject_zh": "中奖",
        "subject_en": "Won: {{ reward.name }}",
        "body_zh": "{{ ticket }}",
        "body_en": "Ticket {{ ticket }}",
    }

    refused = staff.post(f"{url}tell/", letter | {"body_en": "{{ secret }}"})
    assert refused.status_code == 422
    for _ in range(2):
        staff.post(f"{url}tell/", letter)

    (grant,) = reward.grants.filter(is_winner=True)
    (mail,) = OutgoingMessage.objects.filter(dedupe_key=f"winner-{grant.pk}")
    assert (mail.subject, mail.body_text) == ("Won: A voucher", f"Ticket {grant.ticket}")
    assert mail.to_address == grant.response.invitation.address
    assert grant.told_at is not None
    assert f"{url}tell/" not in staff.get(url).content.decode()


def test_the_page_of_a_customer_says_what_they_were_thanked_with(analyst):
    made = answer_by_mail(lambda survey: make_reward(RewardKind.POINTS, survey=survey))
    customer = made.customer

    page = client_of(analyst).get(f"/customers/{customer.pk}/").content.decode()

    assert "Thanked with: A voucher" in page
    assert "<dt>Points</dt><dd>10</dd>" in page


def test_all_tickets_come_as_a_file(client):
    reward = drawn_lottery()

    file = client.get(f"/a/lottery/{reward.token}/tickets.txt")

    assert file.content.decode().split() == [reward.grants.get().ticket]
