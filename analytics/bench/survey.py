"""The measured survey: twenty questions of many kinds on five pages, through the services."""

from dataclasses import dataclass
from typing import Any

from accounts.models import User
from surveys.enums import CollectorChannel, SurveyKind, SurveyStatus
from surveys.models import Collector, Survey, SurveyVersion
from surveys.services.publishing import publish_version, save_draft

QUESTIONS = 20
Raw = dict[str, Any]


def _t(words: str) -> dict[str, str]:
    return {"zh-hans": words, "en": words}


def _ask(code: str, kind: str, **more: Any) -> Raw:
    return {"code": code, "type": kind, "text": _t(f"Question {code}?"), **more}


def _some(number: int, *, key: str = "choices", **more: Any) -> Raw:
    return {key: [{"code": f"c{n}", "text": _t(f"Choice {n}")} for n in range(number)], **more}


PAGES: tuple[tuple[Raw, ...], ...] = (
    (
        _ask("way", "single_choice", required=True, **_some(5)),
        _ask("model", "dropdown", **_some(6)),
        _ask("people", "number", min=0, max=60),
        _ask("first", "single_choice", **_some(2)),
    ),
    (
        _ask("uses", "multiple_choice", **_some(6)),
        _ask("recommend", "nps", required=True),
        _ask("effort", "ces"),
        _ask("stars", "stars"),
    ),
    (
        _ask(
            "agree",
            "likert",
            rows=[{"code": f"r{n}", "text": _t(f"Row {n}")} for n in range(4)],
            **_some(5, key="columns"),
        ),
        _ask("speed", "scale"),
        _ask("care", "scale"),
        _ask("value", "slider"),
    ),
    (
        _ask("order", "ranking", **_some(4)),
        _ask("wishes", "multiple_choice", when="{recommend} >= 0", **_some(5)),
        _ask("mood", "emoji"),
        _ask("again", "single_choice", **_some(4)),
    ),
    (
        _ask("age", "single_choice", **_some(8)),
        _ask("since", "date"),
        _ask("word", "short_text"),
        _ask("comment", "long_text"),
    ),
)
# What somebody types, page by page: the fields of the forms.
TYPED: tuple[tuple[tuple[str, str], ...], ...] = (
    (("way", "c1"), ("model", "c2"), ("people", "3"), ("first", "c0")),
    (("uses", "c0"), ("uses", "c3"), ("recommend", "9"), ("effort", "6"), ("stars", "4")),
    (
        *((f"agree.r{n}", f"c{n}") for n in range(4)),
        ("speed", "4"),
        ("care", "5"),
        ("value", "70"),
    ),
    (
        *((f"order.c{n}", str(n + 1)) for n in range(4)),
        ("wishes", "c1"),
        ("wishes", "c2"),
        ("mood", "4"),
        ("again", "c1"),
    ),
    (("age", "c3"), ("since", "2026-03-08"), ("word", "安静"), ("comment", "滤芯换起来很方便。")),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """The survey, as it is asked, and its ways: the first by an open link."""

    survey: Survey
    version: SurveyVersion
    collectors: list[Collector]


def definition() -> Raw:
    return {
        "schema": 1,
        "languages": ["zh-hans", "en"],
        "texts": {"title": _t("Bench"), "thanks": _t("Thanks")},
        "pages": [
            {"code": f"page{n}", "elements": list(elements)} for n, elements in enumerate(PAGES, 1)
        ],
    }


def measured_survey(title: str, by: User) -> Measured:
    """The survey of this title: published, with three ways; made where there is none yet."""
    survey = Survey.objects.filter(title_en=title).first()
    if survey is None:
        survey = Survey.objects.create(
            kind=SurveyKind.CUSTOM, title_zh=title, title_en=title, status=SurveyStatus.RUNNING
        )
        publish_version(save_draft(survey.pk, definition=definition()).pk, by=by)
        for number in range(3):
            Collector.objects.create(
                survey=survey, name=f"Way {number}", channel=CollectorChannel.LINK
            )
    return Measured(survey, survey.versions.get(), list(survey.collectors.all()))
