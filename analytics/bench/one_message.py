"""What reading one message costs on arrival, from its language to what is nearly the same: with
models at work, as a worker does it."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from analytics.bench.company import add_customers
from analytics.bench.copying import copy_rows, new_ids
from analytics.demo.words import Topic, names, topics
from analytics.enums import ModelState, TextTask
from analytics.models import TextModel
from analytics.rules.labels import label_of
from analytics.services.concluding import read_text, reading_of
from analytics.services.readers import current_reader
from analytics.services.reading import read_feedback
from analytics.text.training import Trained, train, train_several
from config.kernel.text.model_file import packed
from config.kernel.text.normalising import essence
from feedback.enums import Channel, Direction, Mood, State, Urgency
from feedback.models import Category, Feedback, Message, Status

MESSAGES = 500
LESSONS = 2000  # texts that the models learn from
GOAL, STRETCH = 15, 5  # milliseconds of processor in which 95 of 100 messages are read
WARM_UP = 5
# How many issues are put together: most messages are short, some tell a long story.
ISSUES = {1: 60, 2: 20, 4: 12, 10: 6, 30: 2}
_PERSONAL = (
    " 我的电话 13812345678，地址是杭州市西湖区文三路 90 号 3 幢 502 室。",
    " Call me at +44 20 7946 0958 or write to jane.doe@example.org.",
    " 订单 2026112300017，身份证 11010519491231002X。",
    " Order #A-20311, card 4111 1111 1111 1111.",
)


@dataclass(frozen=True, slots=True)
class OneMessage:
    """Milliseconds of this process's processor for each message, ascending: a single question to
    the database; reading with all that it asks (models, words, what is nearly the same); the whole
    job, which also writes down what was read and what follows. `letters` of each message."""

    query: list[float]
    reading: list[float]
    job: list[float]
    letters: list[int]


def measure_one_message(messages: int = MESSAGES, lessons: int = LESSONS) -> OneMessage:
    dice = random.Random(20261123)  # noqa: S311 - the same every time is the point
    add_models(dice, lessons)
    query: list[float] = []
    reading: list[float] = []
    job: list[float] = []
    records = list(_arrived([_told(dice) for _ in range(messages + WARM_UP)]))
    for pk, text in records:
        with _timed(query):
            feedback = Feedback.objects.get(pk=pk)
        with _timed(reading):
            reader = current_reader()
            reading_of(feedback, read_text(text, reader, feedback.subject), reader)
        with _timed(job):
            read_feedback(pk)
    return OneMessage(
        query=sorted(query[WARM_UP:]),
        reading=sorted(reading[WARM_UP:]),
        job=sorted(job[WARM_UP:]),
        letters=sorted(len(text) for _pk, text in records[WARM_UP:]),
    )


@contextmanager
def _timed(times: list[float]) -> Iterator[None]:
    began = time.process_time()
    yield
    times.append(1000 * (time.process_time() - began))


def add_models(dice: random.Random, lessons: int) -> None:
    """One of each task, learned from sentences of the demo company."""
    if TextModel.objects.live().exists():
        return
    ids = dict(Category.objects.values_list("code", "pk"))
    issues = [_issue(dice) for _ in range(lessons)]
    texts = [essence(text, subject) for _topic, subject, text in issues]
    about = [topic for topic, _subject, _text in issues]
    any_category = min(ids.values())
    categories = [label_of(ids.get(one.category, any_category)) for one in about]
    moods = [Mood.POSITIVE if one.severity < 0 else Mood.NEGATIVE for one in about]
    urgencies = [str(dice.choice(Urgency.values[:3])) for _ in about]
    _put_to_work(TextTask.CATEGORY, train(texts, categories))
    _put_to_work(TextTask.SENTIMENT, train(texts, moods))
    _put_to_work(TextTask.URGENCY, train(texts, urgencies))
    _put_to_work(TextTask.TAGS, train_several(texts, [one.tags for one in about]))


def _put_to_work(task: TextTask, trained: Trained) -> None:
    numbers, description = packed(trained.model)
    TextModel.objects.create(
        task=task,
        version=1,
        state=ModelState.LIVE,
        file=numbers,
        digest=description["sha256"],
        description=description,
        labels=list(trained.model.labels),
        threshold=0.8,
    )


def _issue(dice: random.Random) -> tuple[Topic, str, str]:
    """A topic with a subject and a text about it; every third is in English."""
    topic = dice.choice(topics())
    language = "en" if dice.random() < 0.35 else "zh"
    subject, text, _answers = dice.choice(topic.words_in(language).issues)
    slots = {
        "product": dice.choice(["Pure 800G", "净水器 X5", "Air 3"]),
        "cartridge": dice.choice(["PPC 滤芯", "RO cartridge"]),
        "part": dice.choice(["水龙头", "hose"]),
        "room": dice.choice(names("rooms", language)),
        "city": dice.choice(names("cities", language)),
        "order": str(dice.randrange(10**9, 10**10)),
        "date": f"{dice.randint(1, 12)}月{dice.randint(1, 28)}日",
        "days": str(dice.randint(3, 20)),
        "hour": str(dice.randint(2, 4)),
    }
    return topic, subject.format_map(slots), text.format_map(slots)


def _told(dice: random.Random) -> tuple[str, str]:
    """Subject and text of a message, short or long, in one language or both."""
    issues = dice.choices(list(ISSUES), list(ISSUES.values()))[0]
    told = [_issue(dice) for _ in range(issues)]
    text = "\n".join(text for _topic, _subject, text in told)
    if dice.random() < 0.3:
        text += dice.choice(_PERSONAL)
    return told[0][1], text


def _arrived(told: list[tuple[str, str]]) -> Iterator[tuple[int, str]]:
    """As records that nobody has read yet."""
    (customer,), now = add_customers(1), timezone.now()
    ids = new_ids(Feedback, len(told))
    status = Status.objects.default_for(State.NEW).pk
    common = {"channel": Channel.WEB_FORM, "customer_id": customer, "status_id": status,
              "state": State.NEW, "language": "zh-hans", "received_at": now}  # fmt: skip
    copy_rows(
        Feedback,
        (
            {**common, "id": pk, "subject": subject}
            for pk, (subject, _text) in zip(ids, told, strict=True)
        ),
        with_ids=True,
    )
    copy_rows(
        Message,
        (
            {"feedback_id": pk, "direction": Direction.IN, "channel": Channel.WEB_FORM,
             "text": text, "created_at": now + timedelta(seconds=at)}
            for at, (pk, (_subject, text)) in enumerate(zip(ids, told, strict=True))
        ),
    )  # fmt: skip
    return ((pk, text) for pk, (_subject, text) in zip(ids, told, strict=True))
