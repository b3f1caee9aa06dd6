from config.kernel.text.sentences import Link, clauses, sentences


def said(text):
    return [span.of(text) for span in sentences(text)]


def test_sentences_end_with_their_marks_in_both_languages():
    text = "菜很好吃！服务太慢。\nDr. Smith paid $3.50... Why? “不会再来。”再见"

    assert said(text) == [
        "菜很好吃！",
        "服务太慢。",
        "Dr. Smith paid $3.50...",
        "Why?",
        "“不会再来。”",
        "再见",
    ]


def test_clauses_say_how_they_stand_to_each_other():
    text = "虽然价格便宜，但是质量太差。The food was good but the waiter was rude."

    assert [(one.of(text), one.link) for one in clauses(text)] == [
        ("虽然价格便宜，", Link.CONCESSION),
        ("但是质量太差。", Link.CONTRAST),
        ("The food was good", Link.NONE),
        ("but the waiter was rude.", Link.CONTRAST),
    ]


def test_marks_within_numbers_part_nothing():
    text = "It cost 1,200 yuan at 12:30"

    assert [one.of(text) for one in clauses(text)] == [text]


def test_a_text_without_words_has_no_clauses():
    assert clauses("！！ 。。") == []
    assert sentences("  ") == []


def test_a_word_that_is_cut_short_is_told_by_the_letters_before_its_stop():
    text = f"{'Mr. P.O. Box approx. ' * 200}Thank you. Bye"

    assert [len(one) for one in said(text)] == [len(text) - 4, 3]
