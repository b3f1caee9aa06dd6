"""Personal data is found where it stands, and nothing else. All values are made up."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from config.kernel.text.personal_data import checksums
from config.kernel.text.personal_data.finding import (
    OwnPattern,
    _without_overlaps,
    find_personal_data,
    keeping,
    shape,
)
from config.kernel.text.personal_data.kinds import Certainty, Kind, Span
from config.kernel.text.personal_data.masking import masked, masked_beginning, without

ID = "310104198807134529"
CARD = "6228480012345678911"
VISA = "4532011234567895"
COMPANY = "91310115MA1K3XY7QP"


def found(text: str) -> list[tuple[str, str]]:
    return [(one.kind.value, one.value) for one in find_personal_data(text)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("麻烦打我电话13988776655，谢谢", "13988776655"),
        ("联系 139-8877-6655", "139-8877-6655"),
        ("(+86)139 8877 6655。", "(+86)139 8877 6655"),
        ("008613988776655", "008613988776655"),
        ("手机 1 3 9 8 8 7 7 6 6 5 5", "1 3 9 8 8 7 7 6 6 5 5"),
        ("全角１３９８８７７６６５５也算", "１３９８８７７６６５５"),
        ("我的号一三九八八七七六六五五", "一三九八八七七六六五五"),
        ("座机（0755）8345 6789转612", "（0755）8345 6789转612"),
        ("021-62887766-8002", "021-62887766-8002"),
        ("打你们400-618-9988没人接", "400-618-9988"),
        ("固话：62887766", "62887766"),
        ("My cell is (415) 555-0137, thanks", "(415) 555-0137"),
        ("415.555.0188.", "415.555.0188"),
        ("phone number is 4155550137", "4155550137"),
        ("+1 650 555 0121 x23", "+1 650 555 0121 x23"),
        ("+44 20 7946 0958 is my office", "+44 20 7946 0958"),
        ("UK mobile 07700 900461.", "07700 900461"),
        ("whatsapp +852 9123 4567", "+852 9123 4567"),
    ],
)
def test_a_phone_is_found_however_it_is_written(text, value):
    assert found(text) == [("phone", value)]


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("id_card", f"身份证{ID}核实", ID),
        ("id_card", f"{ID[:6]} {ID[6:14]} {ID[14:]}", f"{ID[:6]} {ID[6:14]} {ID[14:]}"),
        ("id_card", "证件44010619901101005x。", "44010619901101005x"),
        ("id_card", "老身份证310104880713452", "310104880713452"),
        ("id_card", "香港身份证A123456(3)", "A123456(3)"),
        ("bank_card", f"卡号{CARD}扣款", CARD),
        ("bank_card", "my visa 4532-0112-3456-7895 was charged", "4532-0112-3456-7895"),
        ("uscc", f"开票税号{COMPANY}", COMPANY),
        ("passport", "护照号码：E12345678", "E12345678"),
        ("passport", "My passport number is X1234567.", "X1234567"),
        ("passport", "港澳通行证C12345678", "C12345678"),
        ("plate", "沪A·88K16违停", "沪A·88K16"),
        ("plate", "我的车是粤BD12345", "粤BD12345"),
        ("email", "发到zhang.san_88@foxmail.com谢谢", "zhang.san_88@foxmail.com"),
        ("email", "邮件ＬＬ＠ｑｑ．ｃｏｍ", "ＬＬ＠ｑｑ．ｃｏｍ"),
        ("email", "jane.doe [at] example [dot] org", "jane.doe [at] example [dot] org"),
        ("email", "邮箱wang88#163.com", "wang88#163.com"),
        ("qq", "加QQ：1234567890", "1234567890"),
        ("wechat_id", "微信号是xiaobai-88", "xiaobai-88"),
        ("wechat_id", "WeChat ID: maggie2020", "maggie2020"),
        ("ip", "登录IP是114.88.203.17吗", "114.88.203.17"),
        ("birth_date", "出生日期：1988年7月13日", "1988年7月13日"),
        ("birth_date", "DOB 07/13/1988", "07/13/1988"),
        ("ssn", "SSN 219-09-9999", "219-09-9999"),
        ("nino", "NI: AB123456C", "AB123456C"),
        ("iban", "to GB29 NWBK 6016 1331 9268 19 ok", "GB29 NWBK 6016 1331 9268 19"),
        ("postcode", "near SW1A 1AA", "SW1A 1AA"),
    ],
)
def test_numbers_and_addresses_of_other_kinds_are_found(kind, text, value):
    assert found(text) == [(kind, value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("请送到杭州市西湖区文三路478号华星大厦1103室。", "杭州市西湖区文三路478号华星大厦1103室"),
        ("住址：上海市浦东新区张江路88弄12号602室", "上海市浦东新区张江路88弄12号602室"),
        (
            "我家住在成都市武侯区人民南路四段27号3栋2单元1501，没人",
            "成都市武侯区人民南路四段27号3栋2单元1501",
        ),
        (
            "江苏省 苏州市 工业园区 星湖街 328号 5幢 302",
            "江苏省 苏州市 工业园区 星湖街 328号 5幢 302",
        ),
        ("I live at 221B Baker Street, London NW1 6XE.", "221B Baker Street, London NW1 6XE"),
        (
            "Ship to 742 Evergreen Terrace, Springfield, IL 62704 please",
            "742 Evergreen Terrace, Springfield, IL 62704",
        ),
    ],
)
def test_where_somebody_lives_is_one_finding(text, value):
    assert found(text) == [("address", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("我叫李晓明，买了两件", "李晓明"),
        ("我叫张伟我要退货", "张伟"),
        ("收件人欧阳小雨手机打不通", "欧阳小雨"),
        ("姓名：买买提·艾合买提", "买买提·艾合买提"),
        ("my name is John Smith and I waited", "John Smith"),
        ("Spoke to Mr. Brown today", "Brown"),
        ("Kind regards,\nTom Jones", "Tom Jones"),
    ],
)
def test_a_name_is_found_after_what_introduces_it(text, value):
    assert found(text) == [("name", value)]


@pytest.mark.parametrize(
    "text",
    [
        "订单号13800138000123",
        f"订单编号{ID[:-1]}8",
        f"订单号：{VISA}",
        f"流水号{VISA[:-1]}1",
        "运单SF812345678901，快递单号 75512345678901",
        "order no. 415-555-0137 and invoice 4155550137",
        "共计13800138000元，转了13912345678.5元",
        "2026-11-23 10:20:30，版本1.2.3.4，升级到10.0.19.141后",
        "长宽高1200*2300*3400mm，电池5000mAh",
        "ISBN 9787302511625，IMEI 356938035643809",
        "3楼电梯坏了，住在5楼，5号线2号口",
        "广东省深圳市的店，南京路步行街",
        "我叫了外卖，我叫他退款，姓名写错了",
        "QQ音乐，微信支付，手机QQ很卡",
        "http://www.example.com/products/item?id=12",
        "I bought at amazon.com, 5 minutes drive, Dr Pepper",
        "生日蛋糕2026年5月1日订的，2026年5月1日生产",
    ],
)
def test_orders_amounts_days_and_versions_are_nobody(text):
    assert found(text) == []


def test_a_link_is_found_only_when_it_tells_who_somebody_is():
    open_link = "https://shop.example.com/reset?token=abcdef123456"

    assert found(f"点{open_link}，再看https://example.com/help") == [("url", open_link)]


def test_places_are_those_of_the_text_as_it_was_given():
    text = "　全角：１３９８８７７６６５５／ＬＬ＠ｑｑ．ｃｏｍ。"

    assert [text[one.start : one.end] for one in find_personal_data(text)] == [
        "１３９８８７７６６５５",
        "ＬＬ＠ｑｑ．ｃｏｍ",
    ]


def test_only_what_is_asked_for_is_found_and_what_is_kept_is_left_alone():
    text = "电话13988776655，邮箱help@shop.example，编码0755123456789"
    keep = keeping(["Help@shop.example"])

    assert [one.kind for one in find_personal_data(text, kinds={Kind.EMAIL})] == [Kind.EMAIL]
    assert [one.kind for one in find_personal_data(text, keep=keep)] == [Kind.PHONE]
    assert not find_personal_data("13988776655", keep=keeping(shapes=["139########"]))


def test_an_own_pattern_is_found_besides():
    own = [OwnPattern("Loyalty card", shape("HY-######"))]

    (one,) = find_personal_data("卡 HY-123456", own=own)

    assert (one.kind, one.value, one.certainty) == (Kind.OWN, "HY-123456", Certainty.CERTAIN)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("打13988776655", "打139****6655"),
        ("打 021-62887766", "打 ****66"),
        (f"证{ID}", "证****"),
        (f"卡{VISA}", "卡****7895"),
        ("写lily@example.org", "写l****@example.org"),
        ("我叫李晓明。", "我叫李****。"),
        ("寄到杭州市西湖区文三路478号", "寄到杭州市****"),
        ("https://a.example/x?token=abcdef1", "https://a.example/****"),
        ("什么都没有", "什么都没有"),
    ],
)
def test_a_masked_text_reaches_nobody_and_stays_as_it_is_when_masked_again(text, shown):
    assert masked(text) == shown
    assert masked(shown) == shown


def test_check_digits_are_those_of_the_standards():
    assert checksums.is_id_card(ID)
    assert not checksums.is_id_card(ID[:-1] + "8")
    assert not checksums.is_id_card("310104198813134529")  # no such month
    assert checksums.passes_luhn(VISA)
    assert not checksums.passes_luhn(VISA[:-1] + "1")
    assert not checksums.passes_luhn("0" * 16)
    assert checksums.is_company_code(COMPANY)
    assert not checksums.is_company_code(COMPANY[:-1] + "0")


def test_the_command_writes_what_it_found_for_each_case(tmp_path):
    cases = tmp_path / "cases.jsonl"
    cases.write_text(
        '{"id": "a", "text": "打13988776655"}\n\n{"id": "b", "text": "好"}\n', "utf-8"
    )
    out = StringIO()

    call_command("mask_text", str(cases), stdout=out)

    first, second = map(json.loads, out.getvalue().splitlines())
    assert first["spans"] == [
        {"type": "phone", "start": 1, "end": 12, "value": "13988776655", "certainty": "certain"}
    ]
    assert first["masked"] == "打139****6655"
    assert second == {"id": "b", "spans": [], "masked": "好"}


def test_of_what_overlaps_the_stronger_stays_however_much_there_is():
    text = "身份证 11010519491231002X 电话 13800138000，" * 300
    kinds = [one.kind for one in find_personal_data(text)]

    assert kinds == [Kind.ID_CARD, Kind.PHONE] * 300


class Counted(Span):
    """Counts how often one is held against another."""

    compared = 0

    def __lt__(self, other):
        Counted.compared += 1
        return tuple(self) < tuple(other)


def test_many_findings_are_not_each_held_against_each():
    spans = [Counted(at, at + 11, Kind.PHONE, Certainty.CERTAIN) for at in range(0, 24_000, 12)]

    assert _without_overlaps(spans) == spans
    assert Counted.compared < 20 * len(spans)


@pytest.mark.parametrize(
    ("letters", "shown"),
    [(3, "我的电"), (10, "我的电话138****8000"), (17, "我的电话138****8000，请")],
)
def test_a_number_at_the_border_is_masked_as_a_whole(letters, shown):
    assert masked_beginning("我的电话13800138000，请回", letters) == shown


def test_what_reads_words_gets_no_rest_of_a_number():
    text = "电话13800138000，邮箱me@zhangsan.com"

    assert without(text, find_personal_data(text)).split() == ["电话", "，邮箱"]
