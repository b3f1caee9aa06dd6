"""The survey of all kinds in the demo company, with people who answered it."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from surveys.demo.all_kinds import ALL_KINDS
from surveys.enums import CollectorChannel, DuplicatePolicy, SurveyKind
from surveys.models import Answer, Collector, Response, Survey
from surveys.services.answering import submit_response
from surveys.services.publishing import publish_version, save_draft

_STORIES = (
    ("zh-hans", "换滤芯比以前方便多了，孩子都会换。"),
    ("zh-hans", "出水有点慢，早上接水要等。"),
    ("zh-hans", "安装师傅很耐心，走之前把台面都擦干净了。"),
    ("en", "Good water, but the app logs me out every week."),
    ("en", "Please sell the filters in packs of three."),
)


def ask_about_purifiers(rng: Random, *, count: int, now: datetime) -> Survey:
    """Make and publish the survey and let `count` people answer it in the last four weeks."""
    survey = Survey.objects.create(
        kind=SurveyKind.CUSTOM,
        title_zh=ALL_KINDS["texts"]["title"]["zh-hans"],
        title_en=ALL_KINDS["texts"]["title"]["en"],
    )
    publish_version(save_draft(survey.pk, definition=ALL_KINDS).pk)
    collector = Collector.objects.create(
        survey=survey,
        name="Link 链接",
        channel=CollectorChannel.LINK,
        duplicates=DuplicatePolicy.NONE,
    )
    for _number in range(count):
        language, story = rng.choice(_STORIES)
        response = submit_response(
            collector.pk, answers=_answers(rng, story), language=language
        ).response
        at = now - timedelta(minutes=rng.randrange(60, 28 * 24 * 60))
        Response.objects.filter(pk=response.pk).update(
            started_at=at - timedelta(seconds=rng.randrange(120, 600)),
            last_seen_at=at,
            completed_at=at,
        )
    return survey


def forget_purifiers(keys: list[int]) -> None:
    """Take the survey and its answers away again."""
    mine = Response.objects.filter(survey__in=keys)
    Answer.objects.filter(response__in=mine).delete()
    mine.delete()
    Survey.objects.filter(pk__in=keys).delete()


def _answers(rng: Random, story: str) -> dict[str, Any]:
    """One person's answers: whoever likes the water likes the rest as well."""
    liking = rng.choices((1, 2, 3, 4, 5), weights=(4, 7, 16, 40, 33))[0]

    def near(low: int, high: int) -> int:
        middle = low + (high - low) * (liking - 1) / 4
        return max(low, min(high, round(rng.gauss(middle, (high - low) / 7))))

    first = rng.sample(["price", "noise", "speed", "app"], 3)
    taste = rng.randrange(2, 8) * 10
    answers: dict[str, Any] = {
        "place": rng.choices(("kitchen", "office", "other"), weights=(8, 2, 1))[0],
        "uses": rng.sample(["drink", "tea", "cook", "baby"], rng.randint(1, 3)),
        "model": rng.choice(["s1", "s2", "pro"]),
        "people": rng.randint(1, 6),
        "quality": near(1, 5),
        "mood": near(1, 5),
        "noise": "dont_know" if rng.random() < 0.1 else 8 - near(1, 7),
        "likely": near(0, 10),
        "satisfied": near(1, 5),
        "easy": near(1, 7),
        "agree": {"fast": str(near(1, 5)), "clean": str(near(1, 5)), "app": "na"},
        "heard": {"filter": ["app"], "leak": ["phone", "dealer"], "bill": ["app", "phone"]},
        "wishes": first,
        "budget": {"taste": taste, "look": 10, "service": 90 - taste},
        "pay": rng.randrange(6, 25) * 10,
        "source": rng.choice(["shop", "mail"]),
    }
    if answers["place"] == "other":
        answers["place"] = {"choice": "other", "other": {"other": rng.choice(["阳台", "Balcony"])}}
    if rng.random() < 0.4:
        answers["story"] = story
    return answers
