import pytest

from feedback.channels.email.references import extract_ids, normal_id
from feedback.channels.email.subject import base_subject, subject_number


@pytest.mark.parametrize(
    "subject",
    [
        "订单没到",
        "Re: 订单没到",
        "RE: Re: FW: 订单没到",
        "Re[2]: 订单没到",
        "回复：订单没到",
        "答复: 转发: 订单没到 [#1042]",
        "回覆：轉寄：订单没到",
        "自动回复: 订单没到",
        "AW: WG: 订单没到",
        "[SPAM] Re: 订单没到",
        "【外部邮件】回复: 订单没到",
        "Re: [shop-users] 订单没到",
        "回复: 【#1042】 订单没到",
    ],
)
def test_every_way_to_answer_has_the_same_base(subject):
    assert base_subject(subject) == "订单没到"


def test_words_inside_a_subject_stay():
    assert base_subject("Question about Re: field") == "Question about Re: field"
    assert base_subject("Regarding: my order") == "Regarding: my order"
    assert base_subject("[Beta] crash") == "[Beta] crash"


def test_a_subject_of_prefixes_only_is_left_alone():
    assert base_subject("Re:") == "Re:"
    assert base_subject("") == ""


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ("Re: late [#1042]", 1042),
        ("【#7】迟到", 7),
        ("[#1] and [#2]", 2),
        ("[F-#12]", 12),
        ("[# 5 ]", 5),
        ("#1042", None),
        ("[1042]", None),
        ("[#99999999999999999999]", None),
    ],
)
def test_our_number_is_read_from_the_subject(subject, number):
    assert subject_number(subject) == number


@pytest.mark.parametrize(
    "text",
    ["<a@b> <c@d>", "<a@b>,<c@d>", "<a@b>\n <c@d>", "a@b c@d", "< a@b > junk <c@d> <a@b>"],
)
def test_references_come_in_many_forms(text):
    assert extract_ids(text) == ("<a@b>", "<c@d>")


def test_a_long_chain_keeps_its_root_and_the_nearest_parents():
    ids = extract_ids(" ".join(f"<{n}@x>" for n in range(300)))

    assert len(ids) == 100
    assert (ids[0], ids[1], ids[-1]) == ("<0@x>", "<201@x>", "<299@x>")


def test_equal_ids_stay_equal_however_long():
    long = "a" * 400

    assert normal_id(f"<{long}@x>") == normal_id(f" <{long}@x> ")
    assert len(normal_id(f"<{long}@x>")) <= 250
    assert normal_id(f"<{long}@x>") != normal_id(f"<{long}@y>")


def test_an_empty_id_is_no_id():
    assert normal_id("<>") == normal_id("  ") == ""
