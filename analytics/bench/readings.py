"""How the machine read the measured records, and what people and searches made of it: rows as the
services leave them, written by statements in the database, because there are a million."""

from collections.abc import Sequence
from typing import Any

from django.db import connection, transaction

from analytics.enums import TopicState
from analytics.models import Review, TextReading, Topic, TopicSet, TopicText
from analytics.services.reading import READER
from feedback.models import Assessment, Category, Feedback, Message

TOPICS = 40
TOPIC_DAYS = 180
REVIEWED = 0.08  # of all records, within twelve weeks
WORDS = 1500
# The first are said most. As the statement makes them: looking each up in a list takes longer.
VOCABULARY = tuple(
    f"word{at:x}" if at % 3 == 1 else f"{chr(0x5000 + at)}{chr(0x6000 + at)}"
    for at in range(WORDS)
)
_WORD = """
CASE at % 3 WHEN 1 THEN 'word' || to_hex(at) ELSE chr(20480 + at) || chr(24576 + at) END
""".replace("%", "%%").strip()

_READINGS = f"""
INSERT INTO {TextReading._meta.db_table} (message_id, feedback_id, said_at, read_at, reader,
    language, length, mood, sentiment, confidence, is_ironic, aspects, words, marks)
SELECT id, feedback_id, created_at, created_at, %(reader)s,
    (ARRAY['zh', 'zh', 'zh', 'en', 'mixed'])[1 + id %% 5], 60 + id %% 200, mood,
    CASE mood WHEN 'negative' THEN -60 WHEN 'positive' THEN 60 WHEN 'undetermined' THEN NULL
        ELSE 0 END,
    0.5 + dice / 2, dice < 0.01,
    CASE WHEN dice < 0.4 THEN jsonb_build_object(
        (%(categories)s::text[])[1 + id %% array_length(%(categories)s::text[], 1)],
        (100 * dice)::int * 5 - 100) ELSE '{{}}' END,
    ARRAY(SELECT {_WORD}
        FROM (SELECT DISTINCT floor({WORDS} * power(random(), 3))::int AS at
            FROM generate_series(1, 5 + id %% 15)) AS said),
    decode(repeat(md5(id::text), 25), 'hex')
FROM (SELECT *, (ARRAY['negative', 'negative', 'positive', 'positive', 'neutral', 'mixed',
        'undetermined'])[1 + floor(7 * dice)::int] AS mood
    FROM (SELECT id, feedback_id, created_at, random() AS dice
        FROM {Message._meta.db_table} AS message WHERE direction = 'in' AND NOT EXISTS (
            SELECT FROM {TextReading._meta.db_table} AS reading
            WHERE reading.message_id = message.id)) AS written) AS felt
"""  # noqa: S608 - names of our own tables

# Four records in a hundred wait for a person, more of the young; many got a category meanwhile.
_ASSESSMENTS = f"""
INSERT INTO {Assessment._meta.db_table} (feedback_id, read_at, reader, language, category_id,
    category_confidence, is_applied, mood, sentiment, sentiment_confidence, urgency, keywords,
    tags, doubt, certainty, reviewed_at)
SELECT id, received_at, 'category 1', 'zh', category_id, certainty, dice < 0.6, 'negative', -60,
    0.8, floor(3 * dice)::int, ARRAY['送货', '漏水'], ARRAY[]::text[],
    CASE WHEN dice < 0.04 OR is_young AND dice < 0.2
        THEN (ARRAY['category', 'category', 'sentiment', 'irony', 'sample'])[1 + id %% 5]
        ELSE '' END,
    certainty, NULL
FROM (SELECT id, received_at, category_id, random() AS dice, random() AS certainty,
        received_at > now() - interval '30 days' AS is_young
    FROM {Feedback._meta.db_table} AS record WHERE NOT EXISTS (
        SELECT FROM {Assessment._meta.db_table} AS read WHERE read.feedback_id = record.id)
    ) AS felt
"""  # noqa: S608

_REVIEWS = f"""
INSERT INTO {Review._meta.db_table} (feedback_id, task, predicted, chosen, confidence,
    model_version, is_sample, is_second, reviewer_id, at)
SELECT id, task, label::text, CASE WHEN dice < 0.9 THEN label ELSE other END::text, 0.9, 1,
    dice < 0.5, dice > 0.95, %(reviewer)s, now() - interval '80 days' * random()
FROM (SELECT id, (ARRAY['category', 'category', 'sentiment'])[1 + id %% 3] AS task,
        random() AS dice,
        (%(categories)s::text[])[1 + id %% array_length(%(categories)s::text[], 1)] AS label,
        (%(categories)s::text[])[1 + id / 3 %% array_length(%(categories)s::text[], 1)] AS other
    FROM {Feedback._meta.db_table} ORDER BY id DESC LIMIT %(count)s) AS felt
"""  # noqa: S608

_TOPIC_TEXTS = f"""
INSERT INTO {TopicText._meta.db_table} (topic_set_id, topic_id, reading_id)
SELECT %(set)s, CASE WHEN random() < 0.8
    THEN (%(topics)s::bigint[])[1 + floor({TOPICS} * power(random(), 2))::int] END, id
FROM (SELECT id FROM {TextReading._meta.db_table}
    WHERE said_at > now() - interval '{TOPIC_DAYS} days' AND words <> '{{}}'
    ORDER BY said_at DESC LIMIT %(most)s) AS looked_at
"""  # noqa: S608


@transaction.atomic
def add_readings(reviewer: int, *, topic_texts: int = 200_000) -> None:
    """Of every record that has none; then what people reviewed, and topics."""
    categories = [str(pk) for pk in Category.objects.order_by("pk").values_list("pk", flat=True)]
    given = {"reader": READER, "categories": categories}
    _run("SELECT setseed(0.20261123)", {})
    _run(_READINGS, given)
    _run(_ASSESSMENTS, given)
    if not Review.objects.exists():
        count = round(Feedback.objects.count() * REVIEWED)
        _run(_REVIEWS, given | {"count": count, "reviewer": reviewer})
    if not TopicSet.objects.exists():
        usual = TopicSet.objects.create(key="", days=TOPIC_DAYS, state=TopicState.DONE)
        topics = _topics(usual)
        found = {"set": usual.pk, "topics": topics, "most": topic_texts}
        _run(_TOPIC_TEXTS, found)
        TopicSet.objects.filter(pk=usual.pk).update(
            found_at=usual.ordered_at, texts=TopicText.objects.count()
        )


def _topics(usual: TopicSet) -> Sequence[int]:
    made = Topic.objects.bulk_create(
        Topic(topic_set=usual, words=[[word, 1.0] for word in VOCABULARY[at * 8 : at * 8 + 8]])
        for at in range(TOPICS)
    )
    return [one.pk for one in made]


def _run(statement: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
