"""Which sentence tells which kind of entry."""

from collections.abc import Callable
from typing import Any

from feedback.enums import TimelineKind
from feedback.models import TimelineEntry
from feedback.selectors.sentences.names import Names

Sentence = Callable[[TimelineEntry, Any], str]
_SENTENCES: dict[TimelineKind, Sentence] = {}


def words_for(kind: TimelineKind) -> Callable[[Sentence], Sentence]:
    """Marks the function that words the entries of a kind."""

    def register(sentence: Sentence) -> Sentence:
        register_sentence(kind, sentence)
        return sentence

    return register


def register_sentence(kind: TimelineKind, sentence: Sentence) -> None:
    """For apps above: how to word the entries of a kind that they write."""
    _SENTENCES[kind] = sentence


def sentence_of(entry: TimelineEntry, names: Names) -> str:
    """The entry in words; the name of its kind when nobody words it better."""
    kind = TimelineKind(entry.kind)
    sentence = _SENTENCES.get(kind)
    return sentence(entry, names) if sentence else str(kind.label)
