"""What a problem is made from: a list of records, a topic, a list of texts, one record. Always
what the person may see, as the page that they come from shows it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qs

from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from analytics.enums import ProblemSource
from analytics.models import Alert, TextReading, Topic
from analytics.selectors.alerts.wording import sentence_of, title_of
from analytics.selectors.choice import teams_of
from analytics.selectors.keyword_texts import texts_with
from analytics.selectors.sentiment import texts_behind
from analytics.selectors.text_choice import TextChoice, read_text_choice
from analytics.selectors.text_wording import wording_in_use
from analytics.selectors.topics import texts_of_topic, visible_topic
from config.kernel.numbers import row_id
from config.kernel.punctuation import labelled
from feedback.errors import FilterNotKnown
from feedback.models import Feedback
from feedback.selectors.queue import queue_records, read_query

QUEUE, ROWS, RECORD, ALERT = "queue", "rows", "record", "alert"
TOPIC, KEYWORD, SENTIMENT = "topic", "keyword", "sentiment"
# A list as an address has it: name → values.
Params = Mapping[str, Sequence[str]]
_OWN = {
    TOPIC: {"topic", "page"},
    KEYWORD: {"word", "side", "page"},
    SENTIMENT: {"aspect", "part", "ironic", "page"},
}
MOST_LETTERS = 2_000  # of the query of a list


@dataclass(frozen=True, slots=True)
class EvidenceSource:
    """Ids of records and responses; `title`: what a problem made of them may be called."""

    source: ProblemSource = ProblemSource.HAND
    query: str = ""
    title: str = ""
    feedback: tuple[int, ...] = ()
    responses: tuple[int, ...] = ()
    topic: Topic | None = None
    alert: Alert | None = None

    def __len__(self) -> int:
        return len(self.feedback) + len(self.responses)


def read_source(kind: str, listed: str, params: Params, user: User) -> EvidenceSource:
    """`kind`: one of the names above, "" for none; `listed`: the query of the list that the
    person came from; `params`: the rows that they ticked (`row`), the record (`number`). Raises
    FilterNotKnown."""
    if not kind:
        return EvidenceSource()
    listed = listed[:MOST_LETTERS]
    match kind:
        case "queue" | "rows":
            return _of_queue(kind, listed, params, user)
        case "record":
            number = row_id(_last(params, "number")) or 0
            return _of_records(ProblemSource.RECORD, user, number__in=[number])
        case "alert":
            return _of_alert(row_id(listed) or 0, user)
        case "topic" | "keyword" | "sentiment":
            return _of_texts(kind, listed, user)
    raise FilterNotKnown("from", kind[:40])


def _of_queue(kind: str, listed: str, params: Params, user: User) -> EvidenceSource:
    if kind == ROWS and not _last(params, "all"):
        ticked = [found for text in params.get("row", ()) if (found := row_id(text)) is not None]
        return _of_records(ProblemSource.QUERY, user, pk__in=ticked)
    state = read_query(listed, user)
    ids = queue_records(state, user).real().order_by().values_list("pk", flat=True)
    return EvidenceSource(ProblemSource.QUERY, listed, feedback=tuple(ids))


def _of_records(source: ProblemSource, user: User, **which: Iterable[int]) -> EvidenceSource:
    seen = Feedback.objects.visible_to(user).real().filter(**which)
    rows = list(seen.order_by().values_list("pk", "subject"))
    title = rows[0][1] if source == ProblemSource.RECORD and rows else ""
    return EvidenceSource(source, title=title[:120], feedback=tuple(pk for pk, _said in rows))


def _of_alert(pk: int, user: User) -> EvidenceSource:
    seen = Alert.objects.visible_to(user).select_related("topic").filter(pk=pk)
    alert = seen.first() if user.has_perm("analytics.view_alert") else None
    if alert is None:
        raise FilterNotKnown("list")
    rows = list(alert.evidence.visible_to(user).values_list("feedback", "response"))
    return EvidenceSource(
        ProblemSource.SPIKE,
        title=labelled(title_of(alert), sentence_of(alert))[:120],
        feedback=tuple(record for record, _one in rows if record),
        responses=tuple(response for _record, response in rows if response),
        topic=alert.topic,
        alert=alert,
    )


def _of_texts(kind: str, listed: str, user: User) -> EvidenceSource:
    params = _parsed(listed)
    own = {name: texts for name, texts in params.items() if name not in _OWN[kind]}
    choice = read_text_choice(own, teams=teams_of(user), now=timezone.now(), user=user)
    if kind == TOPIC:
        try:
            topic = visible_topic(user, row_id(_last(params, "topic")) or 0)
        except Topic.DoesNotExist as gone:
            raise FilterNotKnown("topic") from gone
        found = _read(texts_of_topic(user, choice, topic))
        title = topic.label[:120]
        return EvidenceSource(ProblemSource.TOPIC, listed, title, *found, topic)
    title, readings = _readings(kind, params, choice, user)
    return EvidenceSource(ProblemSource.TEXTS, listed, title, *_read(readings))


def _readings(
    kind: str, params: Params, choice: TextChoice, user: User
) -> tuple[str, QuerySet[TextReading]]:
    if kind == KEYWORD:
        word = " ".join(_last(params, "word").split())[:120]
        return word, texts_with(user, choice, word, wording_in_use(), _last(params, "side")).texts
    return "", texts_behind(
        user,
        choice,
        aspect=row_id(_last(params, "aspect")),
        negative=_last(params, "part") == "negative",
        ironic=_last(params, "ironic") == "1",
    )


def _read(readings: QuerySet[TextReading]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """The records of messages and the responses of answers."""
    rows = list(readings.values_list("message", "feedback", "response"))
    told = dict.fromkeys(record for message, record, _one in rows if message and record)
    given = dict.fromkeys(response for message, _one, response in rows if not message and response)
    return tuple(told), tuple(given)


def _parsed(query: str) -> Params:
    try:
        return parse_qs(query, max_num_fields=100)
    except ValueError as broken:  # more names than any list has
        raise FilterNotKnown("list") from broken


def _last(params: Params, name: str) -> str:
    values = params.get(name) or [""]
    return values[-1].strip()
