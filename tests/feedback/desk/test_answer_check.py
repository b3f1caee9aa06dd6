"""What an answer is looked at for before it is sent: it hints, with a light, and never forbids."""

import pytest
from django.urls import reverse

from accounts.services.customers import create_customer
from feedback.enums import Mood
from feedback.models import Assessment
from feedback.rules.answer_check import About, Light, Point, check_answer
from feedback.rules.relevance import ENOUGH, Answered, History
from feedback.rules.tone import Tone
from tests.factories import CustomerFactory, FeedbackFactory

UPSET_ZH = About(
    complaint="净水器装好第三天就漏水，打了四次电话都没有人来修，地板都泡坏了，我要求退货并赔偿地板的损失！",
    customer_name="王芳",
    is_upset=True,
)
UPSET_EN = About(
    complaint=(
        "The filter leaked on the third day, I called four times and nobody came. My floor is"
        " ruined and I want my money back for all of it."
    ),
    customer_name="Anna Keller",
    is_upset=True,
)


GOOD_ZH = (
    "王女士您好，净水器漏水给您添麻烦了，非常抱歉。我已经为您安排师傅明天上午九点上门，"
    "地板的损失由我们赔偿。"
)
GOOD_EN = (
    "Dear Ms Keller, I am sorry about the leak and the calls. I have booked a technician for"
    " tomorrow at nine, and we will pay for the floor."
)
ZH, EN = UPSET_ZH, UPSET_EN


def points(text, about=UPSET_ZH):
    return [one.point for one in check_answer(text, about).remarks]


@pytest.mark.parametrize(
    ("text", "about"),
    [
        (GOOD_ZH, UPSET_ZH),
        (GOOD_EN, UPSET_EN),
    ],
)
def test_a_good_answer_has_a_green_light(text, about):
    checked = check_answer(text, about)
    assert checked.remarks == ()
    assert checked.light == Light.GREEN


@pytest.mark.parametrize(
    ("text", "about", "point"),
    [
        ("王女士您好，漏水的净水器我们已安排师傅明天上门更换，地板也赔。", ZH, Point.NO_APOLOGY),
        (
            "We have booked a technician for Monday to mend the leak in your filter.",
            EN, Point.NO_APOLOGY,
        ),
        (
            "王女士您好，净水器漏水的事我们非常抱歉，让您操心了，请您多多包涵。",
            ZH, Point.NO_ACTION,
        ),
        ("王女士您好，净水器漏水我们很抱歉，会安排师傅上门处理地板。", ZH, Point.NO_DATE),
        ("抱歉。", ZH, Point.TOO_SHORT),
        (
            "We are sorry, {{ customer.name }}: the technician for the leak comes tomorrow.",
            EN, Point.PLACEHOLDER,
        ),
        ("抱歉，【姓名】，师傅明天上门修净水器漏水。", ZH, Point.PLACEHOLDER),
        ("李先生您好，净水器漏水非常抱歉，师傅明天上门。", ZH, Point.WRONG_NAME),
        (
            "Dear Mr Brown, we are sorry about the leak; we have booked Monday.",
            EN, Point.WRONG_NAME,
        ),
        (
            "We are sorry about the leak, the technician comes tomorrow at nine.",
            ZH, Point.LANGUAGE,
        ),
        ("漏水的事我们高度重视，非常抱歉，已安排师傅明天上门。", ZH, Point.HOLLOW),
        ("您脑子有问题吧，净水器漏水抱歉，已安排明天上门。", ZH, Point.INSULT),
        (
            "You failed to read the manual. Sorry for the leak; we have booked Monday.",
            EN, Tone.BLAME,
        ),
    ],
)  # fmt: skip
def test_what_an_answer_lacks_or_should_not_say_is_remarked(text, about, point):
    assert point in points(text, about)


def test_an_answer_about_something_else_is_remarked():
    wrong = (
        "您好，非常抱歉，您申请的增值税专用发票已经开具，电子版明天会发送到预留邮箱，请注意查收，"
        "如需纸质凭证请联系财务部门。"
    )
    assert Point.OFF_TOPIC in points(wrong)


LEAKS, BILLS = 1, 2  # categories
SAID = {
    LEAKS: "净水器底部漏水，橱柜地板全泡湿了，第{}次",
    BILLS: "订单已经签收，一直没有收到增值税发票，第{}次",
}
ANSWERS = {
    LEAKS: "已登记维修工单{}，师傅今天带密封圈和水管上门，先关闭进水阀",
    BILLS: "专票{}今天开具，电子版发到预留邮箱，纸质凭证由财务部门寄出",
}


@pytest.fixture(scope="module")
def history():
    return History(
        Answered(SAID[about].format(n), ANSWERS[about].format(n), n, about)
        for n in range(ENOUGH)
        for about in [BILLS if n % 3 else LEAKS]
    )


def test_what_usually_answers_something_else_is_about_something_else(history):
    leak, answer = SAID[LEAKS].format("一"), ANSWERS[BILLS].format("一")
    assert history.is_about_something_else(answer, leak, LEAKS)
    assert not history.is_about_something_else(ANSWERS[LEAKS].format("一"), leak, LEAKS)


@pytest.mark.parametrize(
    "answer",
    [
        "非常抱歉给您添麻烦了，我们马上核实情况，今天下午六点以前给您打电话说明怎么解决。",
        "抱歉，橱柜的损失请拍照片发来，电子版发到预留邮箱也可以，财务部门核实以后赔偿。",
    ],
)
def test_an_answer_in_new_words_or_one_that_takes_the_matter_up_is_not(history, answer):
    assert not history.is_about_something_else(answer, SAID[LEAKS].format("一"), LEAKS)


def test_a_few_answers_of_before_prove_nothing():
    said, answer = "会员积分怎么兑换成礼品", "积分商城每月十五日开放兑换，请先绑定会员编号"
    leak = SAID[LEAKS].format("一")

    def before(number):
        return History(Answered(said, answer, n, BILLS) for n in range(number))

    assert before(ENOUGH).is_about_something_else(answer, leak, LEAKS)
    assert not before(ENOUGH - 1).is_about_something_else(answer, leak, LEAKS)


def test_somebody_who_is_not_upset_needs_no_apology():
    about = About(complaint="请问滤芯多久换一次？在哪里可以买到？", customer_name="王芳")
    assert check_answer("您好，滤芯每六个月换一次，官网和门店都能买到。", about).remarks == ()


def test_short_courtesy_is_left_alone():
    about = About(complaint="谢谢，解决了", customer_name="王芳")
    assert check_answer("不客气，祝您生活愉快！", about).light == Light.GREEN


@pytest.mark.parametrize("greeting", ["亲爱的客户", "Dear customer,", "Hi there,", "您好，"])
def test_a_greeting_without_a_name_is_nobody_elses(greeting):
    assert Point.WRONG_NAME not in points(f"{greeting} 漏水抱歉，已安排明天上门")


@pytest.mark.parametrize(
    ("beginning", "is_wrong"),
    [
        ("Hello, thank you for telling us.", False),
        ("Hello, Thank you for telling us.", False),
        ("Hi Jane thanks for telling us.", False),
        ("Dear Jane Smith,\nwe are sorry.", False),
        ("Hello Tom, we are sorry.", True),
        ("hi tom, we are sorry.", True),
        ("Good morning Tom Brown\nwe are sorry.", True),
        ("Dear Ms Brown we are sorry.", True),
    ],
)
def test_only_a_name_that_ends_the_greeting_is_somebody_elses(beginning, is_wrong):
    about = About(complaint="The filter leaks.", customer_name="Jane Smith")
    said = {one.point for one in check_answer(beginning, about).remarks}
    assert (Point.WRONG_NAME in said) is is_wrong


def test_what_has_no_end_is_no_date_and_no_gap():
    will = "抱歉，我们会处理，{}天内"
    assert Point.NO_DATE not in points(will.format(3))
    assert Point.NO_DATE in points(will.format("1" * 20_000))
    assert Point.PLACEHOLDER in points("抱歉，退款xxx元")
    assert Point.PLACEHOLDER not in points(f"抱歉，退款a{'x' * 20_000}元")
    assert Point.WRONG_NAME in points(f"{chr(10) * 20_000}尊敬的 李先生，抱歉")


# --- beside the editor ------------------------------------------------------------------------


@pytest.fixture
def record(db, team):
    feedback = FeedbackFactory(
        team=team, customer=CustomerFactory(name="王芳"), text=UPSET_ZH.complaint
    )
    Assessment.objects.create(feedback=feedback, mood=Mood.NEGATIVE, sentiment=-80)
    return feedback


def asked(client, record, text):
    address = reverse("feedback:check_text", args=[record.number])
    return client.post(address, {"text": text, "kind": "reply"}).content.decode()


def test_nothing_tells_whether_a_number_belongs_to_another_customer(agent_client, record):
    create_customer(name="Li", contacts=[("phone", "13912345678")])
    text = "净水器漏水非常抱歉，明天上午请拨打 {} 联系师傅。"
    of_customer = asked(agent_client, record, text.format("139 1234 5678"))
    of_nobody = asked(agent_client, record, text.format("139 1234 5679"))
    assert "answer-light-amber" in of_customer
    assert of_customer.replace("5678", "5679") == of_nobody


@pytest.mark.parametrize(
    "written", ["+86 138-0013-8000", "138 0013 8000", "John_Doe@x-mail.com", "john_doe@x-mail.com"]
)
def test_what_is_the_customers_own_is_known_however_it_is_written(agent_client, record, written):
    record.customer.contact_points.create(kind="phone", value="13800138000")
    record.customer.contact_points.create(kind="email", value="john_doe@x-mail.com")
    text = f"净水器漏水非常抱歉，已安排明天上午上门，师傅会联系 {written} 。"
    assert "stands nowhere" not in asked(agent_client, record, text)


def test_a_number_that_nobody_mentioned_is_asked_about(agent_client, record):
    page = asked(
        agent_client, record, "净水器漏水非常抱歉，已安排明天上门，师傅电话 13700001111。"
    )
    assert "answer-light-amber" in page
    assert "stands nowhere in this conversation" in page


def test_the_light_is_green_for_a_good_answer_and_absent_without_one(agent_client, record):
    good = "王女士您好，净水器漏水非常抱歉，我已经为您安排师傅明天上午九点上门。"
    assert "answer-light-green" in asked(agent_client, record, good)
    assert "answer-light" not in asked(agent_client, record, "  ")
