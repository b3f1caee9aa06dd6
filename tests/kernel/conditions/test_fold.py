"""Case and width make no difference, and Python and PostgreSQL mean the same by that."""

from random import Random
from unicodedata import category

import pytest
from django.db import connection

from config.kernel.conditions.fold import fold

# Everything that has a meaning of its own: letters, marks, symbols, also beyond 16 bits.
PLANES = [range(0x20, 0xD800), range(0xE000, 0x20000), range(0x2F800, 0x2FA20)]


def folded_by_the_database(texts):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conditions_fold(t) FROM unnest(%s::text[]) WITH ORDINALITY u(t, n) ORDER BY n",
            [texts],
        )
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Email", "EMAIL"),
        ("ＡＢＣ１２３", "abc123"),
        ("退款（全额）", "退款(全额)"),
        ("ｶﾞﾗｽ", "ガラス"),
        ("E\u0301cole", "école"),
        ("STRASSE", "straße"),
        ("ΟΔΟΣ", "οδος"),
        ("ПРОТЕЧКА", "протечка"),
        ("ﬁlter", "FILTER"),
    ],
)
def test_people_mean_the_same_by(one, other):
    assert fold(one) == fold(other)


def test_different_words_stay_different():
    assert len({fold(one) for one in ["e", "é", "漏", "l", "ガ", "カ"]}) == 6


@pytest.mark.django_db
def test_python_and_postgresql_fold_every_character_alike():
    characters = [chr(code) for plane in PLANES for code in plane if category(chr(code)) != "Cn"]

    pairs = zip(characters, folded_by_the_database(characters), strict=True)

    assert [(hex(ord(c)), fold(c), theirs) for c, theirs in pairs if fold(c) != theirs] == []


@pytest.mark.django_db
def test_an_index_can_be_made_over_folded_text():
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX ON accounts_customer (conditions_fold(name))")


@pytest.mark.django_db
def test_python_and_postgresql_fold_random_texts_alike():
    rng = Random(7)
    pool = [*"aZéÉßẞΣςИЯ漏ｶﾞﾊﾟ가각ﬁ①Å", "\u0301", "\u0307", "\u3099", "\u1100\u1161", "\u0323"]
    texts = ["".join(rng.choices(pool, k=rng.randint(1, 12))) for _ in range(3000)]

    assert [fold(text) for text in texts] == folded_by_the_database(texts)
