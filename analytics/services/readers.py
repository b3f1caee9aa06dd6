"""What reads texts in this process: the models at work, the words of the categories and of the
company, loaded once and again when one of them changed."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import TextField, Value
from django.db.models.functions import Cast

from accounts.selectors.personal_data import company_patterns
from analytics.enums import TextTask
from analytics.models import ReadingRules, TextModel, TextWording
from analytics.rules.learning import threshold_of
from analytics.rules.wording import kept_whole, wording_of
from analytics.selectors.reading_rules import reading_rules
from analytics.text.encoding import encoder
from analytics.text.keywords import Wording
from config.kernel.kept import Kept, settings_at
from config.kernel.text.model import Model
from config.kernel.text.model_file import NotAModel, unpacked
from config.kernel.text.mood.prior import load_prior
from config.kernel.text.mood.reading import MoodReader
from config.kernel.text.personal_data.finding import OwnPattern
from config.kernel.text.scoring import Scorer
from config.kernel.text.vectors import Encoder
from config.kernel.text.words import Segmenter, words
from feedback.models import Category
from feedback.rules.seed_words import seed_words_of


@dataclass(frozen=True, slots=True, eq=False)
class LiveModel:
    """`threshold`: from which confidence on it decides alone. One that was learned with vectors
    of sentences is here without that half where nothing makes them. `taught_until`: records of
    before may be among the unsorted ones that it learned from; None where it learned from none."""

    model: Model
    version: int
    threshold: float
    taught_until: datetime | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Reader:
    """`aspects`: words that name each category, by its id; `cut`: a normalised text into words;
    `numbers`: shapes of the company's own that are covered in lists."""

    scorer: Scorer | None
    moods: MoodReader
    live: Mapping[str, LiveModel]
    aspects: Mapping[str, Sequence[str]]
    parents: Mapping[int, int | None] = field(default_factory=dict)  # of categories in use
    sample_percent: int = 5
    wording: Wording = field(default_factory=Wording)
    cut: Callable[[str], list[str]] = words
    numbers: Sequence[OwnPattern] = ()
    name: str = ""
    of: Any = field(default=None)


_current: Reader | None = None
_log = logging.getLogger(__name__)


def current_reader() -> Reader:
    """Asks one small question of the database each time, and loads what is new."""
    global _current  # noqa: PLW0603 - one per process is just what is meant
    with settings_at():
        versions, named, rules, numbers = _versions(), _names(), _rules(), company_patterns()
    if _current is None or _current.of != (versions, named, rules, numbers):
        _current = _loaded(versions, named, rules, numbers)
    return _current


def _load_versions() -> tuple[Any, ...]:
    live = TextModel.objects.live().order_by("task")
    return tuple(live.values_list("task", "digest", "threshold"))


def _load_names() -> tuple[Any, ...]:
    categories = Category.objects.active().order_by("pk")
    return tuple(categories.values_list("pk", "name_zh", "name_en", "seed_words", "parent"))


def _load_rules() -> dict[str, tuple[str, ...]]:
    """The rules of reading and the words of the company, in one question: name → values."""
    empty = Value("", TextField())
    sample = Cast("sample_percent", TextField())
    rules = ReadingRules.objects.values_list(Value("rules", TextField()), sample, empty, empty)
    typed = TextWording.objects.values_list(
        Value("wording", TextField()), "stop_words", "synonyms", "own_words"
    )
    return {name: tuple(values) for name, *values in rules.union(typed, all=True)}


_versions = Kept(_load_versions, TextModel)
_names = Kept(_load_names, Category)
_rules = Kept(_load_rules, ReadingRules, TextWording)


def _loaded(
    versions: tuple[Any, ...],
    named: tuple[Any, ...],
    rules: dict[str, tuple[str, ...]],
    numbers: tuple[OwnPattern, ...],
) -> Reader:
    models = _unpacked()
    vectors = encoder() if any(model.semantic for _, model in models) else None
    live = {str(one.task): _live(one, model, vectors) for one, model in models}
    own = live.get(TextTask.SENTIMENT)
    by_words = {task: found.model for task, found in live.items() if task != TextTask.SENTIMENT}
    prior = load_prior(settings.SENTIMENT_PRIOR_DIR)
    name = ", ".join(f"{task} {found.version}" for task, found in sorted(live.items()))
    stop, synonyms, own_words = rules.get("wording", ("", "", ""))
    whole = kept_whole(synonyms, own_words)
    return Reader(
        scorer=Scorer(by_words, vectors) if by_words else None,
        moods=MoodReader(prior, own.model if own else None, encoder=vectors),
        live=live,
        aspects={
            str(pk): seed_words_of(seeds, name_zh, name_en)
            for pk, name_zh, name_en, seeds, _parent in named
        },
        parents={pk: parent for pk, *_names, parent in named},
        sample_percent=int(rules["rules"][0]) if "rules" in rules else 5,
        wording=wording_of(stop, synonyms, own_words),
        cut=Segmenter(whole).words if whole else words,
        name=name or ("prior" if prior else "words"),
        numbers=numbers,
        of=(versions, named, rules, numbers),
    )


def _unpacked() -> list[tuple[TextModel, Model]]:
    found = []
    for one in TextModel.objects.live():
        try:
            found.append((one, unpacked(bytes(one.file), one.description)))
        except NotAModel:
            continue  # of another release: the next training replaces it
    return found


def _live(one: TextModel, model: Model, vectors: Encoder | None) -> LiveModel:
    until = one.trained_at if one.learned_from.get("unsorted") else None
    if model.semantic is None or (vectors and vectors.name == model.semantic.encoder):
        return LiveModel(model, one.version, one.threshold, until)
    _log.warning(
        "%s was learned with vectors of sentences (%s), which are not installed here: texts are"
        " read by their words alone (make install-semantic)",
        one,
        model.semantic.encoder,
    )
    decisions = one.learned_from.get("decisions", 0)
    figures = one.metrics.get("without_vectors", {})
    threshold = threshold_of(figures, decisions, reading_rules().accuracy_alone)
    return LiveModel(model.read_with(None), one.version, threshold, until)
