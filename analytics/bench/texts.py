"""The pages about texts: what is counted anew each time, what is kept, and what people review."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from analytics.bench.company import Company
from analytics.bench.measuring import Page, Request, get
from analytics.bench.pages import EMPTY, QUERY, session_of
from analytics.bench.readings import VOCABULARY
from feedback.models import Category

TEXTS = "bare SQL, 30 days"
# Milliseconds that each page may take, at most records.
GOALS = {100_000: 500, 1_000_000: 1000}


def text_pages(company: Company) -> list[Page]:
    """The floors first."""
    boss = {"Cookie": f"sessionid={session_of(company.boss)}"}
    agent = {"Cookie": f"sessionid={session_of(company.agents[0])}"}
    category = str(Category.objects.order_by("-pk").values_list("pk", flat=True)[0])
    words, texts = reverse("analytics:keywords"), reverse("analytics:keyword_texts")
    moods, topics = reverse("analytics:sentiment"), reverse("analytics:topics")
    review, quality = reverse("analytics:review"), reverse("analytics:reading_quality")
    group = {"category": category, "compare": "group", "other_channel": "email"}
    return [
        Page(EMPTY, get("/bench/empty/")),
        Page(QUERY, get("/bench/query/")),
        Page(TEXTS, get("/bench/texts/")),
        Page("keywords", _fresh(words, boss), TEXTS),
        Page("keywords of a team", _fresh(words, agent), TEXTS),
        Page("keywords, two groups", _fresh(words, boss, filters=group), TEXTS),
        Page("keywords, a year", _fresh(words, boss, days=365), TEXTS),
        Page("keywords, again", get(words, **boss), TEXTS),
        Page(
            "texts with a word",
            get(f"{texts}?{urlencode({'word': VOCABULARY[3]})}", **boss),
            TEXTS,
        ),
        Page("sentiment", get(moods, **boss), TEXTS),
        Page("sentiment of a team", get(moods, **agent), TEXTS),
        Page("sentiment, a year", get(f"{moods}?period=365", **boss), TEXTS),
        Page("topics", get(topics, **boss), TEXTS),
        Page("topics of a team", get(topics, **agent), TEXTS),
        Page("topics, a year", get(f"{topics}?period=365", **boss), TEXTS),
        Page("review", get(review, **boss), TEXTS),
        Page("review of a team", get(review, **agent), TEXTS),
        Page("how right it is", get(quality, **boss), TEXTS),
    ]


def _fresh(
    path: str, headers: dict[str, str], *, days: int = 30, filters: dict[str, str] | None = None
) -> Callable[[int], Request]:
    """Other days each time: what was counted lately would be kept."""
    today = timezone.localdate()

    def request(n: int) -> Request:
        span = {"from": str(today - timedelta(days=days + n)), "to": str(today)}
        return Request(f"{path}?{urlencode(span | (filters or {}))}", headers=headers)

    return request
