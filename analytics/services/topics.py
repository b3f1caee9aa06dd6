"""What many texts are about: looked for in the worker, one search at a time, beginning where the
last one ended, so that topics and their names stay."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.db import connection, transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Team, User
from analytics.enums import TopicMethod, TopicState
from analytics.models import Topic, TopicSet, TopicText
from analytics.selectors.reading_rules import reading_rules
from analytics.selectors.text_choice import TextChoice, every_reading, read_text_choice
from analytics.selectors.text_wording import wording_in_use
from analytics.text.encoding import encoder
from analytics.text.topic_methods import EXTRA_OF, methods_here
from analytics.text.topics import NO_TOPIC, Earlier, Found, find_topics, how_many, matched
from config.kernel.jobs import enqueue
from config.kernel.live import tell_pages
from config.kernel.slots import one_of
from feedback.errors import FilterNotKnown

USUAL_DAYS = 180  # 90 days and the 90 before
REMEMBERED = timedelta(days=180)  # how long a topic without a name may be found again
EARLIER_AT_MOST = 300
OLD = timedelta(hours=20)
# Below so many texts the usual topics are looked for anew when there are twice as many.
FEW_TEXTS = 5_000
ATTEMPTS = 2  # after which a search that took its worker along is given up
NIGHT = (1, 5)  # hours
# The newest texts that are looked at: a job must end within two minutes (JOB_SECONDS).
MOST_TEXTS = {
    TopicMethod.WORDS: 200_000,
    TopicMethod.LDA: 100_000,
    TopicMethod.VECTORS: 15_000,
}
_LIVE = "topics"
_log = logging.getLogger(__name__)


def order_topics(choice: TextChoice, *, by: User | None = None) -> TopicSet:
    """Have the topics of these texts looked for, over at least the period and the one before."""
    key = urlencode(choice.filters)
    asked = (timezone.now() - choice.window.before_start).days + 1
    return _order(key, choice.filters, max(asked, USUAL_DAYS), by)


@transaction.atomic
def _order(key: str, filters: dict[str, str], days: int, by: User | None) -> TopicSet:
    defaults = {"filters": filters, "days": days, "state": TopicState.ORDERED}
    found, _made = TopicSet.objects.select_for_update().get_or_create(key=key, defaults=defaults)
    found.days = max(days, found.days)
    found.state, found.ordered_by, found.ordered_at = TopicState.ORDERED, by, timezone.now()
    found.attempts = 0
    found.save(update_fields=["days", "state", "ordered_by", "ordered_at", "attempts"])
    enqueue("analytics.tasks.find_topics")
    return found


def order_what_is_old(now: datetime | None = None) -> None:
    """The usual topics: where there are none yet, while a new company's texts come in, and again
    every night."""
    now = now or timezone.localtime()
    usual = TopicSet.objects.filter(key="").first()
    if usual is None:
        _order("", {}, USUAL_DAYS, None)
        return
    by_night = NIGHT[0] <= now.hour < NIGHT[1] and usual.ordered_at < now - OLD
    if not usual.is_under_way and (by_night or _has_doubled(usual)):
        _order("", {}, USUAL_DAYS, None)


def _has_doubled(usual: TopicSet) -> bool:
    if usual.texts >= FEW_TEXTS:
        return False
    twice = max(2 * usual.texts, 1)
    since = timezone.now() - timedelta(days=usual.days)
    return every_reading().filter(said_at__gte=since)[:twice].count() == twice


def find_ordered_topics() -> None:
    """All searches that wait, and such as a worker that is gone had begun. One process at a
    time: the others leave theirs to it."""
    with one_of("topics", 1) as is_ours:
        if not is_ours:
            return
        waiting = Q(state__in=[TopicState.ORDERED, TopicState.RUNNING])
        while one := TopicSet.objects.filter(waiting).order_by("ordered_at").first():
            if one.attempts >= ATTEMPTS:
                _log.error("the search for topics of %r ended its worker: given up", one.key)
                _settle(one.pk, TopicState.FAILED)
                continue
            try:
                find_topics_of(one.pk)
            except Exception:  # whatever it is: somebody waits for an answer
                _log.exception("topics of %r could not be found", one.key)
                _settle(one.pk, TopicState.FAILED)
            tell_pages(_LIVE)


def find_topics_of(set_id: int) -> None:
    """Look for the topics of a set and write down which text is about what."""
    one = TopicSet.objects.get(pk=set_id)
    TopicSet.objects.filter(pk=set_id).update(state=TopicState.RUNNING, attempts=F("attempts") + 1)
    tell_pages(_LIVE)
    try:
        choice = read_text_choice(
            {name: [value] for name, value in one.filters.items()},
            teams=list(Team.objects.all()),
            now=timezone.now(),
        )
    except FilterNotKnown:  # a category or a team that is gone
        one.delete()
        return
    since = timezone.now() - timedelta(days=one.days)
    readings = every_reading().filter(choice.condition, said_at__gte=since)
    method = _method()
    newest = readings.order_by("-said_at", "-pk")
    rows = list(newest.values_list("pk", "words")[: MOST_TEXTS[method]])
    wording = wording_in_use()
    texts = [[kept for word in said if (kept := wording.keyword(word))] for _pk, said in rows]
    earlier = _earlier(one)
    found = _found(method, texts, [said for _pk, said in rows], earlier)
    again = matched(found.topics, [_as_earlier(topic) for topic in earlier])
    found = Found(again, found.topic_of, found.closeness)
    _keep(one.pk, found, [pk for pk, _said in rows], method)


def _method() -> TopicMethod:
    """The one that was chosen, where what it needs is installed here."""
    wanted = TopicMethod(reading_rules().topics_by)
    if wanted in methods_here() and (wanted != TopicMethod.VECTORS or encoder()):
        return wanted
    _log.warning(
        "Topics shall be found %s, but what that needs is not installed here: they are found by"
        " the words that texts share (make install-%s)",
        wanted.value,
        EXTRA_OF[wanted],
    )
    return TopicMethod.WORDS


def _found(
    method: TopicMethod,
    texts: Sequence[Sequence[str]],
    said: Sequence[Sequence[str]],
    earlier: Sequence[Topic],
) -> Found:
    """`texts`: their keywords; `said`: all their words, in which there is no personal data."""
    count = how_many(len(texts))
    begin = _where_to_begin(earlier, count)
    if method == TopicMethod.LDA:
        return find_topics(texts, earlier=begin, count=count, by="lda")
    vectors = encoder() if method == TopicMethod.VECTORS else None
    points = vectors.encode([" ".join(words) for words in said]) if vectors else None
    return find_topics(texts, earlier=begin, count=count, vectors=points)


def _earlier(one: TopicSet) -> list[Topic]:
    """Topics that may be found again: those with names first, then those of the last search."""
    kept = Q(archived_at=None) | Q(archived_at__gte=timezone.now() - REMEMBERED)
    named = ~Q(name_zh="", name_en="")
    found = list(Topic.objects.filter(kept | named, topic_set=one).order_by("pk"))
    found.sort(key=lambda one: (one.archived_at is not None, not (one.name_zh or one.name_en)))
    return found[:EARLIER_AT_MOST]


def _where_to_begin(earlier: Sequence[Topic], count: int) -> list[Earlier]:
    """As many as leave room for a new one: a search that began with all of the last would find
    more topics every night."""
    now = [_as_earlier(topic) for topic in earlier if topic.archived_at is None]
    most = max(at for at in range(count) if at + 1 + at // 8 <= count)
    return now[:most]


def _as_earlier(topic: Topic) -> Earlier:
    return Earlier(topic.pk, dict(topic.words))


@transaction.atomic
def _keep(set_id: int, found: Found, readings: Sequence[int], method: TopicMethod) -> None:
    one = TopicSet.objects.select_for_update().get(pk=set_id)
    now = timezone.now()
    there = {topic.pk: topic for topic in Topic.objects.filter(topic_set=one)}
    ids: list[int] = []
    for each in found.topics:
        topic = there.pop(each.earlier, None) if each.earlier else None
        topic = topic or Topic(topic_set=one)
        topic.words = [[word, weight] for word, weight in each.words.items()]
        topic.coherence, topic.archived_at = each.coherence, None
        topic.save()
        ids.append(topic.pk)
    gone = Topic.objects.filter(pk__in=there)
    gone.current().update(archived_at=now)
    gone.filter(name_zh="", name_en="", archived_at__lt=now - REMEMBERED).delete()
    TopicText.objects.filter(topic_set=one).delete()
    topics = [None if at == NO_TOPIC else ids[at] for at in found.topic_of.tolist()]
    _write_texts(set_id, topics, readings)
    one.state = TopicState.DONE if ids else TopicState.TOO_FEW
    one.found_at = now if ids else None
    one.texts, one.coherence = len(readings), found.coherence
    one.found_by = method
    one.save(update_fields=["state", "found_at", "texts", "coherence", "found_by"])


def _write_texts(set_id: int, topics: Sequence[int | None], readings: Sequence[int]) -> None:
    """In one statement, for there may be 200,000; a text that is gone meanwhile stays out."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO analytics_topictext (topic_set_id, topic_id, reading_id)"
            " SELECT %s, one.topic, one.reading"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS one (topic, reading)"
            " JOIN analytics_textreading ON analytics_textreading.id = one.reading",
            [set_id, list(topics), list(readings)],
        )


def _settle(set_id: int, state: TopicState) -> None:
    TopicSet.objects.filter(pk=set_id).update(state=state)


@transaction.atomic
def rename_topic(topic: Topic, *, name_zh: str, name_en: str) -> Topic:
    """Without any name its words stand for it again. Raises ValidationError for a name that is
    too long."""
    topic.name_zh, topic.name_en = name_zh.strip(), name_en.strip()
    topic.clean_fields(exclude={"words", "topic_set"})
    topic.save(update_fields=["name_zh", "name_en"])
    return topic
