"""The survey of all kinds in the demo company, with people who answered it."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from accounts.enums import Role
from accounts.models import User
from config.kernel.events import held_back
from surveys.demo.all_kinds import ALL_KINDS
from surveys.enums import (
    CollectorChannel,
    DuplicatePolicy,
    ResponseStatus,
    SurveyKind,
    Verdict,
)
from surveys.models import Answer, Collector, Response, Survey
from surveys.services.answering import submit_response
from surveys.services.deciding import decide
from surveys.services.publishing import publish_version, save_draft
from surveys.services.quality_checking import check_response
from surveys.services.quality_times import measure_times

# What people wrote is put together, so that nobody says the same as somebody else.
_STORIES: dict[str, tuple[tuple[str, ...], ...]] = {
    "zh-hans": (
        (
            "用了半年，",
            "上周刚装好，",
            "家里老人说，",
            "跟以前那台比，",
            "每天早上都用，",
            "夏天用得多，",
        ),
        (
            "换滤芯比以前方便多了，孩子都会换",
            "出水有点慢，接满一壶要等两分钟",
            "师傅很耐心，走之前把台面都擦干净了",
            "晚上运行的声音还是有点大",
            "水的味道确实好了，泡茶没有水垢",
        ),
        (
            "。",
            "，总体满意。",
            "，希望下一代能改进。",
            "，会推荐给邻居。",
            "，价格要是低一点就好了。",
        ),
    ),
    "en": (
        ("After half a year: ", "Installed last week. ", "My parents say ", "For tea "),
        (
            "good water, but the app logs me out every week",
            "please sell the filters in packs of three",
            "it takes two minutes to fill a pot",
            "the fitter cleaned up before he left",
        ),
        (".", ", and I would buy it again.", "; a cheaper filter would be nice.", ", thanks!"),
    ),
}
_PAGES = tuple(page["code"] for page in ALL_KINDS["pages"])
# Somebody who was paid for each answer: written once, sent again and again.
_PASTED = "净水器非常好用，水质很好，客服态度也很好，下次还会购买，推荐大家购买。"


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
        language = rng.choices(list(_STORIES), weights=(3, 2))[0]
        answers = _answers(rng, "".join(map(rng.choice, _STORIES[language])))
        _answered(rng, collector, answers, language, now=now, slowness=rng.uniform(0.7, 1.8))
    _left_half_way(rng, collector, count=max(count // 8, 2), now=now)
    _doubtful(rng, collector, now)
    for key in survey.responses.values_list("pk", flat=True):
        check_response(key)
    return survey


def _answered(
    rng: Random,
    collector: Collector,
    answers: dict[str, Any],
    language: str,
    *,
    now: datetime,
    slowness: float,
) -> Response:
    """Handed in some time in the last four weeks, with so much time on each page."""
    with held_back():  # a job for each would outlive the company
        response = submit_response(collector.pk, answers=answers, language=language).response
    at = now - timedelta(minutes=rng.randrange(60, 28 * 24 * 60))
    trail = [(page, round(slowness * rng.gauss(60_000, 8_000))) for page in _PAGES]
    spent = sum(milliseconds for _page, milliseconds in trail)
    Response.objects.filter(pk=response.pk).update(
        started_at=at - timedelta(milliseconds=spent),
        last_seen_at=at,
        completed_at=at,
        trail=trail,
        active_ms=spent,
    )
    return response


def _left_half_way(rng: Random, collector: Collector, *, count: int, now: datetime) -> None:
    """They came so far and no further; most stop where the questions become many."""
    version = collector.survey.versions.latest("number")
    for page in rng.choices(range(len(_PAGES)), range(1, len(_PAGES) + 1), k=count):
        at = now - timedelta(minutes=rng.randrange(15 * 24 * 60, 28 * 24 * 60))
        Response.objects.create(
            survey=collector.survey,
            version=version,
            collector=collector,
            status=ResponseStatus.PARTIAL,
            language=rng.choice(list(_STORIES)),
            page_no=page,
            started_at=at - timedelta(minutes=page + 1),
            last_seen_at=at,
            active_ms=60_000 * (page + 1),
        )


def _doubtful(rng: Random, collector: Collector, now: datetime) -> None:
    """Some that nobody meant; staff have decided about the first one."""
    times = (0.05, 0.06, 0.08, 0.9, 1.0)
    stories = (_PASTED, _PASTED, _PASTED, "asdfasdf", "。。。。")
    found = [
        _answered(rng, collector, _answers(rng, story) | {"story": story}, "zh-hans", now=now,
                  slowness=slowness)
        for slowness, story in zip(times, stories, strict=True)
    ]  # fmt: skip
    measure_times(found[0].version)
    for response in found:
        check_response(response.pk)
    analyst = User.objects.filter(groups__name=Role.ANALYST, is_active=True).order_by("pk").first()
    if analyst is not None:
        reason = "同一段文字，十几秒填完 · The same text, filled in within seconds"
        decide(found[1].pk, Verdict.LEAVE_OUT, reason=reason, by=analyst)


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
