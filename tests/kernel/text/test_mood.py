import numpy as np
import pytest
from django.conf import settings

from config.kernel.text.model import Model, part
from config.kernel.text.mood.moods import Label
from config.kernel.text.mood.prior import load_prior
from config.kernel.text.mood.reading import MoodReader, reading
from config.kernel.text.mood.rules import LONGEST, feel
from tests.kernel.text.contrast_pairs import EN, MORE_EN, MORE_ZH, ZH
from tests.kernel.text.first_seen_pairs import FIRST_SEEN_EN, FIRST_SEEN_ZH

ASPECTS = {"room": ["房间", "room"], "food": ["早餐", "菜", "breakfast", "food"]}


@pytest.fixture(scope="module")
def prior():
    model = load_prior(settings.SENTIMENT_PRIOR_DIR)
    if model is None:
        pytest.skip("The Chinese prior of sentiment is missing: run `make install`.")
    return model


def own_model(**weights: float) -> Model:
    """A company's model that knows a few words: above zero pleases."""
    values = np.array(list(weights.values()), np.float32)
    return Model(
        labels=("negative", "positive"),
        parts=(part(list(weights), np.ones(len(weights)), np.stack([-values, values], 1)),),
        bias=np.zeros(2, np.float32),
    )


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("非常满意,下次还来", Label.POSITIVE),
        ("太难吃了,再也不来", Label.NEGATIVE),
        ("菜不难吃", Label.POSITIVE),
        ("没有不满意的地方", Label.POSITIVE),
        ("不得不说,真的很好用", Label.POSITIVE),
        ("这样的服务怎么能给好评", Label.NEGATIVE),
        ("The room was not clean", Label.NEGATIVE),
        ("We could not be happier with it", Label.POSITIVE),
        ("Nice place but the food was awful", Label.NEGATIVE),
        ("物流很快，但是 quality 太差", Label.NEGATIVE),
        ("会员卡放在前台的柜子里", Label.NEUTRAL),
        ("房间很漂亮,早餐丰盛。前台态度恶劣,卫生间很脏", Label.MIXED),
    ],
)
def test_the_label_is_what_a_person_would_say(text, label):
    assert reading(text).label == label


@pytest.mark.parametrize("text", ["", "12", "。。。", "哦", "Привет, как дела"])
def test_where_nothing_is_said_nothing_is_made_up(text):
    mood = reading(text)

    assert (mood.label, mood.score, mood.confidence) == (Label.UNDETERMINED, 0, 0.0)


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("好评", Label.POSITIVE),
        ("👍", Label.POSITIVE),
        ("差评", Label.NEGATIVE),
        ("😡", Label.NEGATIVE),
        ("(^_^)", Label.POSITIVE),
        ("[泪]", Label.NEGATIVE),
        ("bad", Label.NEGATIVE),
    ],
)
def test_very_short_texts_are_read_when_the_word_is_a_known_one(text, label):
    assert reading(text).label == label


@pytest.mark.parametrize(
    ("pairs", "floor"),
    [
        (ZH, 0.9),
        (EN, 0.9),
        (MORE_ZH, 0.75),
        (MORE_EN, 0.75),
        (FIRST_SEEN_ZH, 0.85),
        (FIRST_SEEN_EN, 0.85),
    ],
)
def test_pairs_that_differ_in_a_denial_or_a_turn_are_told_apart_by_words_alone(pairs, floor):
    right = [reading(good).score > 0 > reading(bad).score for good, bad in pairs]

    assert sum(right) / len(pairs) >= floor


def test_the_prior_does_not_unlearn_what_the_words_know(prior):
    reader = MoodReader(prior)
    right = [reader.read(good).score > 0 > reader.read(bad).score for good, bad in ZH]

    assert sum(right) / len(ZH) >= 0.85


def test_the_prior_knows_what_no_list_does(prior):
    text = "在我家楼下的邮局取的包裹,盒子上全是胶带,打开一看是用过的"

    assert MoodReader(prior).read(text).positive < MoodReader().read(text).positive


def test_traditional_chinese_reads_the_same(prior):
    reader = MoodReader(prior)
    simple, traditional = (
        reader.read("这里的服务态度恶劣,饭菜难吃"),
        reader.read("這裡的服務態度惡劣,飯菜難吃"),
    )

    assert (simple.label, simple.score) == (traditional.label, traditional.score)


def test_reasons_stand_where_they_were_written():
    text = "Ｗｏｗ！房間並不乾淨……"
    reason = reading(text).reasons[0]

    assert text[reason.start : reason.end] == "乾淨"
    assert reason.denied
    assert reason.value < 0


def test_each_sentence_is_read_for_itself():
    text = "位置很好。房间又吵又脏!"
    first, second = reading(text).sentences

    assert (text[slice(*first.spans[0])], first.label) == ("位置很好。", Label.POSITIVE)
    assert (text[slice(*second.spans[0])], second.label) == ("房间又吵又脏!", Label.NEGATIVE)


def test_each_aspect_is_read_by_the_clauses_about_it():
    mood = reading("早餐很丰富,房间却很吵,前台一般", aspects=ASPECTS)

    assert {key: part.label for key, part in mood.aspects.items()} == {
        "room": Label.NEGATIVE,
        "food": Label.POSITIVE,
    }


def test_a_clause_that_only_names_an_aspect_is_answered_by_the_next():
    assert reading("The room? Lovely", aspects=ASPECTS).aspects["room"].label == Label.POSITIVE


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("价格降了", Label.POSITIVE),
        ("质量下降了", Label.NEGATIVE),
        ("孩子的成绩不降反升", Label.POSITIVE),
        ("The quality has dropped", Label.NEGATIVE),
        ("电池掉电不快", Label.POSITIVE),
        ("再也不卡了", Label.POSITIVE),
        ("再也不敢相信他们", Label.NEGATIVE),
        ("从来没掉过线", Label.POSITIVE),
        ("贵是贵,但值", Label.POSITIVE),
        ("要不是客服帮忙,我早就放弃了", Label.POSITIVE),
        ("Without their help I would still be lost", Label.POSITIVE),
        ("They never called me back as promised", Label.NEGATIVE),
        ("The waiter was inattentive", Label.NEGATIVE),
        ("It could have been easier", Label.NEGATIVE),
        ("I will never go anywhere else", Label.POSITIVE),
    ],
)
def test_turns_of_speech_say_more_than_their_words(text, label):
    assert reading(text).label == label


@pytest.mark.parametrize(
    ("text", "ironic"),
    [
        ("真是太棒了,等了三个小时还被取消订单", True),
        ("Great job losing my bag again", True),
        ("等了三个小时,但是味道太棒了", False),
        ("服务太棒了", False),
    ],
)
def test_praise_beside_a_mishap_is_marked_for_a_person(text, ironic):
    assert reading(text).irony is ironic


def test_a_model_of_the_company_counts_more_the_more_labels_it_saw():
    model = own_model(蓝屏=6.0)  # here a blue screen is good news
    few, many = (
        MoodReader(own=model, own_labels=labels).read("电脑蓝屏").positive for labels in (5, 5000)
    )

    assert few < 0.5 < many


def test_many_texts_read_as_each_does():
    texts = ["很好吃", "差评,再也不来", "What a lovely stay"]

    assert [mood.label for mood in MoodReader().read_many(texts)] == [
        reading(text).label for text in texts
    ]


def test_of_a_long_text_the_beginning_and_the_end_are_read_with_their_places():
    text = f"服务太差了。{'这里' * 5_000}，很糟糕，{'这里' * 5_000}。非常满意"
    mood = reading(text)

    assert {text[one.start : one.end] for one in mood.reasons} == {"太差", "非常满意"}


def test_a_clause_without_an_end_is_read_in_parts():
    parts = feel("贵是贵" * 1_000)

    assert max(part.span.end - part.span.start for part in parts) == LONGEST
    assert [part.span.start for part in parts] == list(range(0, 3_000, LONGEST))
