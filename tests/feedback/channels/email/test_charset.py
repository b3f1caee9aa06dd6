import pytest

from feedback.channels.email.charset import clean, decode_bytes, guess, normal_label

COMPLAINT = "快递三天没有更新，客服电话也打不通。"
TRADITIONAL = "訂單已經付款，請盡快出貨，謝謝。"


@pytest.mark.parametrize("label", ["gb2312", "GBK", '"gb2312"', "x-gbk", "cp936", "GB2312*zh-CN;"])
def test_every_name_of_the_gb_family_reads_the_whole_of_gb18030(label):
    rare = "朱镕基路㐀号"

    assert decode_bytes(rare.encode("gb18030"), label) == rare


@pytest.mark.parametrize("label", ["", "us-ascii", "iso-8859-1", "unknown-8bit", "no-such-set"])
@pytest.mark.parametrize("codec", ["utf-8", "gb18030"])
def test_without_a_believable_label_the_bytes_decide(label, codec):
    assert decode_bytes(COMPLAINT.encode(codec), label) == COMPLAINT


def test_traditional_chinese_without_a_label_is_read_as_big5():
    assert guess(TRADITIONAL.encode("cp950")) == TRADITIONAL


def test_western_text_is_not_taken_for_chinese():
    assert guess("Die Lieferung war früher da, schöne Grüße".encode("cp1252")) == (
        "Die Lieferung war früher da, schöne Grüße"
    )


def test_a_utf8_label_on_gbk_bytes_is_not_believed():
    assert decode_bytes(COMPLAINT.encode("gbk"), "utf-8") == COMPLAINT


def test_a_gbk_label_on_utf8_bytes_is_not_believed():
    assert decode_bytes(COMPLAINT.encode(), "gbk") == COMPLAINT


def test_one_broken_byte_does_not_spoil_a_utf8_text():
    broken = COMPLAINT.encode()[:-4] + b"\xff" + "。".encode()

    assert decode_bytes(broken, "utf-8").startswith(COMPLAINT[:-3])


@pytest.mark.parametrize("label", ["idna", "punycode", "hex", "rot13", "../../etc", "undefined"])
def test_codecs_that_are_no_character_sets_are_passed_over(label):
    assert decode_bytes(COMPLAINT.encode(), label) == COMPLAINT


def test_nothing_that_the_database_refuses_comes_out():
    assert clean("a\x00b\ud83dc\x1bd\r\ne\rf") == "ab\ufffdcd\ne\nf"


def test_a_byte_order_mark_outweighs_the_label():
    assert decode_bytes("退款".encode("utf-16"), "gbk") == "退款"


def test_a_label_is_cut_down_to_its_name():
    assert normal_label(' "ISO-8859-1";') == "iso-8859-1"
    assert normal_label("=?!") == ""


@pytest.mark.parametrize(
    ("codec", "text"),
    [
        ("euc-kr", "주문한 상품이 아직 도착하지 않았습니다."),
        ("euc-jp", "注文した商品がまだ届きません。"),
        ("shift_jis", "注文した商品がまだ届きません。"),
        ("koi8-r", "Здравствуйте! Заказ не пришёл."),
        ("cp1251", "Здравствуйте! Заказ не пришёл."),
        ("gb18030", "扁担啊，救火车捞上来了"),  # signs that are frequent in Korean, as bytes
        ("gb18030", "申诉书"),
        ("big5", "今天完成"),  # in EUC-JP these bytes would begin with kana
        ("big5", "請問何時到貨？"),
        ("cp1252", "Größe überprüfen, schöne Grüße"),
    ],
)
def test_other_languages_without_a_label_are_read_where_chinese_is_not_meant(codec, text):
    assert decode_bytes(text.encode(codec)) == text
