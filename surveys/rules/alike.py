"""What a response has in common with earlier ones: texts that are the same or nearly the same, all
answers the same, the same browser. An index finds them by digests; here they are compared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from surveys.enums import QualityFlag
from surveys.flow.walk import Walk
from surveys.rules.quality import Found, Thresholds, texts_of
from surveys.rules.written import bands_of, digest_of, likeness, plain, weight_of

FEWEST_ANSWERS = 12  # fewer are the same by chance
FEWEST_VALUES = 4


@dataclass(frozen=True, slots=True)
class Traces:
    """Digests by which an index finds responses that are like this one, by what they mean."""

    repeated: Mapping[str, int]  # leaf → digest of its text
    similar: Mapping[str, tuple[int, ...]]
    answers: int | None = None
    browser: int | None = None

    def every(self) -> list[int]:
        found = [*self.repeated.values()]
        for bands in self.similar.values():
            found += bands
        return found + [one for one in (self.answers, self.browser) if one is not None]


def traces_of(walk: Walk, rules: Thresholds, *, of: str, visitor: str = "") -> Traces:
    """Of one response; `of` tells surveys apart, `visitor` is what stands for a browser."""
    long = {
        leaf: text for leaf, text in texts_of(walk).items() if weight_of(text) >= rules.text_weight
    }
    return Traces(
        repeated={leaf: digest_of(of, leaf, plain(text)) for leaf, text in long.items()},
        similar={
            leaf: tuple(digest_of(of, leaf, str(band)) for band in bands_of(text))
            for leaf, text in long.items()
        },
        answers=_digest_of_answers(walk, of),
        browser=digest_of(of, "browser", visitor) if visitor else None,
    )


def _digest_of_answers(walk: Walk, of: str) -> int | None:
    """None where there are so few different answers that two people may well give the same."""
    given = [
        (value.leaf, value.choice, value.number, value.date)
        for element in walk.elements()
        for value in walk.values.get(element.code, ())
        if value.choice or value.number is not None or value.date
    ]
    values = {one[1:] for one in given}
    if len({one[0] for one in given}) < FEWEST_ANSWERS or len(values) < FEWEST_VALUES:
        return None
    return digest_of(of, "answers", repr(sorted(map(repr, given))))


@dataclass(frozen=True, slots=True)
class Earlier:
    """A response that came before and left one of the same traces."""

    reference: str
    traces: frozenset[int]
    texts: Mapping[str, str]


def marks_against(
    walk: Walk, mine: Traces, earlier: Sequence[Earlier], rules: Thresholds
) -> list[Found]:
    """What a response has in common with `earlier` ones, newest first."""
    texts = texts_of(walk)
    found = [
        *_repeated(mine, earlier),
        *_similar(texts, mine, earlier, rules),
        *_alike(QualityFlag.SAME_ANSWERS, 2, mine.answers, earlier),
        *_alike(QualityFlag.SAME_BROWSER, 2, mine.browser, earlier),
    ]
    return [mark for mark in found if mark.flag not in rules.off]


def _repeated(mine: Traces, earlier: Sequence[Earlier]) -> Iterator[Found]:
    same = [one for one in earlier if one.traces & set(mine.repeated.values())]
    if same:
        where = [leaf for leaf, d in mine.repeated.items() if any(d in o.traces for o in same)]
        yield Found(QualityFlag.REPEATED, 3, tuple(where), _named(same))


def _similar(
    texts: Mapping[str, str], mine: Traces, earlier: Sequence[Earlier], rules: Thresholds
) -> Iterator[Found]:
    near: dict[str, float] = {}
    like: list[Earlier] = []
    for one in earlier:
        for leaf, bands in mine.similar.items():
            if mine.repeated[leaf] in one.traces or not one.traces & set(bands):
                continue
            share = likeness(texts[leaf], one.texts.get(leaf, ""))
            if 100 * share >= rules.like_percent:
                near[leaf] = max(share, near.get(leaf, 0.0))
                like.append(one)
    if like:
        percent = {"percent": round(100 * max(near.values()))}
        yield Found(QualityFlag.SIMILAR, 2, tuple(near), _named(like) | percent)


def _alike(
    flag: QualityFlag, weight: int, trace: int | None, earlier: Sequence[Earlier]
) -> Iterator[Found]:
    same = [one for one in earlier if trace is not None and trace in one.traces]
    if same:
        yield Found(flag, weight, (), _named(same))


def _named(others: Sequence[Earlier]) -> dict[str, Any]:
    names = list(dict.fromkeys(one.reference for one in others))
    return {"n": len(names), "like": names[:5]}
