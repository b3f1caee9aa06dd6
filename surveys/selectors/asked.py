"""What a published version asks, kept in memory: it is frozen, so nobody has to read it twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from surveys.flow.definition import Definition, parse
from surveys.models import Choice, Question, SurveyVersion

KEPT = 64  # versions that one process keeps
_parsed: dict[str, Definition] = {}  # by checksum


@dataclass(frozen=True, slots=True)
class Dictionary:
    """By which ids answers are stored."""

    questions: Mapping[str, int]  # code of a leaf → id
    choices: Mapping[tuple[int, str], int]  # id of the question and code → id


def definition_of(version: SurveyVersion) -> Definition:
    """The definition as objects. Of a published version it is found by its checksum, without a
    look at the JSON (which may be deferred); nobody may change what comes back."""
    if not version.checksum:
        return parse(version.definition)
    known = _parsed.get(version.checksum)
    if known is None:
        known = parse(version.definition)
        if len(_parsed) >= KEPT:
            _parsed.clear()
        _parsed[version.checksum] = known
    return known


def dictionary_of(version: SurveyVersion) -> Dictionary:
    """The ids of all questions and choices of the survey, as they were entered when this version
    was published: codes are only ever added. Two queries for each version and process."""
    if version.published_at is None:
        return _read_dictionary(version.survey_id)
    return _kept_dictionary(version.survey_id, version.pk, version.checksum, version.published_at)


@lru_cache(maxsize=KEPT)
def _kept_dictionary(
    survey_id: int, version_id: int, checksum: str, published_at: datetime
) -> Dictionary:
    """All that tells one version from every other, also from one that was never committed."""
    return _read_dictionary(survey_id)


def _read_dictionary(survey_id: int) -> Dictionary:
    questions = Question.objects.filter(survey=survey_id).order_by()
    choices = Choice.objects.filter(question__survey=survey_id).order_by()
    rows = choices.values_list("question", "code", "pk")
    return Dictionary(
        dict(questions.values_list("code", "pk")),
        {(question, code): pk for question, code, pk in rows},
    )
