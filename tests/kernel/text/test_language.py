import pytest

from config.kernel.text.language import Language, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("充电很慢，客服不理人", Language.CHINESE),
        ("客服說下週會退款", Language.CHINESE),
        ("iPhone15 Pro 充电很慢，客服不理人", Language.CHINESE),
        ("My parcel has not arrived", Language.ENGLISH),
        ("The 快递 guy never came to my door", Language.ENGLISH),
        ("这个 app 又 crash 了", Language.MIXED),
        ("とても美味しかったです", Language.OTHER),
        ("Спасибо большое", Language.OTHER),
        ("👍👍 !!! 12345", Language.UNDETERMINED),
        ("@united https://example.com/a", Language.UNDETERMINED),
        ("", Language.UNDETERMINED),
    ],
)
def test_the_script_tells_the_language(text, language):
    assert language_of(text).language == language


def test_of_a_mixed_text_the_larger_share_is_its_main_language():
    reading = language_of("这个 app 又 crash 了")

    assert reading.zh == pytest.approx(4 / 8)
    assert reading.zh + reading.en == pytest.approx(1)
    assert reading.main == Language.CHINESE


def test_a_mail_address_is_no_word_wherever_it_stands():
    assert language_of("请回复到me@shop.example谢谢").language == Language.CHINESE


def test_of_a_long_text_only_its_beginning_and_its_end_are_read():
    long = f"{'充电很慢' * 250}{'a@' * 9_000}{'客服不理' * 250}"

    assert language_of(long).zh == 1
