import json
import random
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from analytics.text import lda
from analytics.text.topics import NO_TOPIC, Earlier, alike, coherences, find_topics, how_many

ABOUT = {
    "parcel": ["快递", "物流", "包装", "发货", "签收", "破损", "配送", "延误"],
    "screen": ["屏幕", "电池", "键盘", "充电", "死机", "分辨率", "闪烁", "散热"],
    "refund": ["refund", "money", "charged", "invoice", "card", "payment", "bank", "twice"],
    "room": ["房间", "酒店", "前台", "早餐", "隔音", "空调", "床单", "退房"],
}


def written(about, count, *, seed=1):
    rng = random.Random(seed)
    return [[*rng.sample(ABOUT[about], 4), f"w{rng.randrange(400)}"] for _text in range(count)]


@pytest.fixture(scope="module")
def texts():
    return [text for about in ABOUT for text in written(about, 60)]


@pytest.fixture(scope="module")
def found(texts):
    return find_topics(texts, count=4)


def test_texts_that_share_words_are_one_topic_named_by_them(found):
    named = [set(topic.label[:5]) for topic in found.topics]

    assert [topic.texts for topic in found.topics] == [60] * 4
    for words in ABOUT.values():
        assert sum(name <= set(words) for name in named) == 1
    for at in range(0, 240, 60):
        assert len(set(found.topic_of[at : at + 60])) == 1
    typical = [found.topic_of[at] for topic in found.topics for at in topic.typical]
    assert typical == [at for at in range(4) for _five in range(5)]


def test_the_same_texts_give_the_same_topics(texts, found):
    again = find_topics(texts, count=4)

    assert [topic.words for topic in again.topics] == [topic.words for topic in found.topics]


def test_a_topic_keeps_its_id_and_what_is_new_has_none(texts, found):
    earlier = [Earlier(70 + at, topic.words) for at, topic in enumerate(found.topics)]
    ids = {70 + at: set(topic.label[:4]) for at, topic in enumerate(found.topics)}
    new = [["app", "login", "password", "code", f"w{number}"] for number in range(50)]
    old = [text for about in ABOUT for text in written(about, 50, seed=2)]

    topics = find_topics([*old, *new], earlier=earlier).topics

    fresh = [topic for topic in topics if topic.earlier is None]
    assert {topic.earlier for topic in topics} == {70, 71, 72, 73, None}
    assert set(fresh[0].label[:4]) == {"app", "login", "password", "code"}
    for topic in topics:
        if topic.earlier:
            assert alike(topic.words, earlier[topic.earlier - 70].words) > 0.8
            assert len(ids[topic.earlier] & set(topic.label)) >= 3


def test_what_is_short_or_about_nothing_stays_out(texts):
    found = find_topics([*texts, [], ["快递"], ["unheard", "of", "words"]], count=4)

    assert found.topic_of[-3:].tolist() == [NO_TOPIC] * 3


def test_too_few_texts_have_no_topics():
    found = find_topics([["快递", "物流"]] * 10)

    assert found.topics == []
    assert found.topic_of.tolist() == [NO_TOPIC] * 10


def test_coherence_is_one_for_words_that_are_always_together_and_minus_one_for_never():
    texts = [["a", "b"], ["a", "b"], ["c"], ["d"]]

    assert coherences([["a", "b"], ["c", "d"]], texts) == pytest.approx([1.0, -1.0])


def test_the_number_of_topics_grows_slowly():
    assert [how_many(texts) for texts in (50, 500, 10_000, 1_000_000)] == [3, 4, 14, 40]


def test_latent_dirichlet_allocation_is_an_extra(texts):
    pytest.importorskip("tomotopy")

    assert find_topics(texts, count=4, by="lda").topics[0].texts > 40


def test_without_it_the_command_and_the_search_say_how_to_get_it(texts, tmp_path, monkeypatch):
    monkeypatch.setattr(lda, "is_installed", lambda: False)

    with pytest.raises(lda.NotInstalled, match="make install-topics"):
        find_topics(texts, count=4, by="lda")
    with pytest.raises(CommandError, match="make install-topics"):
        call_command("find_topics", tmp_path / "texts.csv", by="lda")


def test_the_command_finds_the_topics_of_a_file(tmp_path):
    file, out = tmp_path / "texts.csv", StringIO()
    rng = random.Random(3)
    about = (["快递", "包装", "破损", "签收", "物流"], ["屏幕", "电池", "充电", "键盘", "手机"])
    rows = ["，".join(rng.sample(words, 3)) for words in about for _text in range(30)]
    file.write_text("\n".join(["text", *rows]), encoding="utf-8")

    call_command("find_topics", file, topics=2, json=True, stdout=out)

    said = json.loads(out.getvalue())
    assert said["with_a_topic"] == 60
    assert {frozenset(topic["words"][:5]) for topic in said["topics"]} == set(
        map(frozenset, about)
    )
