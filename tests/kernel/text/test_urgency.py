import pytest

from config.kernel.text.mood.urgency import Sign, Urgency, urgency_of


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("充电器冒烟了", Urgency.NOW),
        ("孩子吃了之后上吐下泻,在医院", Urgency.NOW),
        ("我的卡被盗刷了三千块", Urgency.NOW),
        ("My daughter had an allergic reaction", Urgency.NOW),
        ("退款没到账,三天了", Urgency.TODAY),
        ("马上给我处理", Urgency.TODAY),
        ("再不解决就打12315", Urgency.TODAY),
        ("Your site is down and we can't work", Urgency.TODAY),
        ("I need an answer before my flight", Urgency.TODAY),
        ("还没收到货", Urgency.SOON),
        ("I would like a refund", Urgency.SOON),
        ("没有人受伤,谢谢", Urgency.NONE),
        ("nobody was injured", Urgency.NONE),
        ("客服马上就回复了", Urgency.NONE),
        ("第三次来了,还是那么好吃", Urgency.NONE),
        ("建议增加夜间模式", Urgency.NONE),
        ("What time do you open?", Urgency.NONE),
    ],
)
def test_the_level_follows_from_what_is_said(text, level):
    assert urgency_of(text).level == level


def test_reasons_stand_where_they_were_written():
    text = "我要投訴！這是我第三次聯繫你們，退款還沒到賬"
    found = {reason.sign: text[reason.start : reason.end] for reason in urgency_of(text).reasons}

    assert found[Sign.AGAIN] == "第三次"
    assert Sign.MONEY in found


def test_no_hurry_is_taken_at_its_word():
    assert urgency_of("不急,有空再帮我看下退款,三天了").level == Urgency.SOON


def test_praise_is_seldom_urgent_but_danger_always_is():
    assert urgency_of("等了两天,终于收到,马上用上了", positive=0.95).level == Urgency.NONE
    assert urgency_of("师傅人很好,可是煤气泄漏了", positive=0.95).level == Urgency.NOW


def test_of_a_long_text_the_beginning_and_the_end_are_read_with_their_places():
    text = f"充电器冒烟了。{'0' * 10_000}，漏电。{'０' * 10_000}，马上处理"
    found = [text[reason.start : reason.end] for reason in urgency_of(text).reasons]

    assert found == ["冒烟", "马上"]


def test_a_number_without_end_is_no_number_of_days():
    assert urgency_of(f"{'1' * 3_000}天之前").reasons == ()
    assert urgency_of("3天之前要用").reasons != ()
