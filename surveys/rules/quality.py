"""What makes a response look as if nobody meant it. Pure: each check gives marks with figures and
a weight, and none of them decides anything: people do.

What is asked of time follows two findings. Below two seconds an item on average, and clearly
below one, answers stop hanging together (Huang et al. 2012, “Detecting and deterring insufficient
effort responding to surveys”, J. Bus. Psychol. 27; Wood et al. 2017, “Response speed and response
consistency in MTurk samples”, Soc. Psychol. Personal. Sci. 8). Against other people a response is
fast below half of their median for the same pages. The sums of page medians are compared, so that
whoever was asked less is compared with less.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from statistics import median
from typing import Any

from surveys.enums import DataType, QualityFlag
from surveys.flow.definition import Page, text_in
from surveys.flow.expressions import names_of
from surveys.flow.walk import Walk
from surveys.questions.base import Element, Value
from surveys.questions.matrices import Likert
from surveys.questions.registry import type_of
from surveys.questions.writing import LongText, ShortText
from surveys.rules.reading_time import seconds_to_read
from surveys.rules.written import nonsense_in

Trail = Sequence[tuple[str, int]]  # (code of a page, milliseconds), as the pages were sent

# A program that gave itself away is held back by this mark: it cannot be left out.
ALWAYS = frozenset({QualityFlag.TRAP.value})
USUAL_SHARE = 0.4  # so many who answer a block straight make straight answers plausible
USUAL_NEEDS = 30


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From where on something is marked; the defaults are those of a new survey."""

    item_seconds: float = 1.0  # that one answer takes at least
    reading_factor: float = 3.0  # how much faster than usual somebody may read
    median_percent: int = 50  # of the time of others
    median_needs: int = 100  # responses from which that is asked
    straight_rows: int = 4  # rows from which a block is looked at
    text_weight: int = 10  # Chinese characters (half of them per letter) worth comparing
    like_percent: int = 80  # pieces in common that make texts nearly the same
    off: frozenset[str] = frozenset()  # flags that are not looked for
    contradictions: tuple[str, ...] = ()  # conditions that cannot hold
    turned_rows: frozenset[str] = frozenset()  # leaves that say the opposite of the others


@dataclass(frozen=True, slots=True)
class Others:
    """What other responses to the same version are like."""

    medians: Mapping[str, tuple[int, float]] = field(default_factory=dict)  # page → (n, ms)
    straight: Mapping[str, tuple[int, float]] = field(default_factory=dict)  # block → (n, share)


@dataclass(frozen=True, slots=True)
class Found:
    """One mark. `where` are codes of questions or pages; `figures` are numbers, codes and
    references of other responses, never what somebody wrote."""

    flag: str
    weight: int
    where: tuple[str, ...] = ()
    figures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Subject:
    """One complete response as the checks see it."""

    walk: Walk
    language: str
    trail: Trail | None = None  # None = times are not known
    is_by_staff: bool = False  # taken down by somebody who types fast
    is_trapped: bool = False


def marks_of_one(one: Subject, rules: Thresholds, others: Others) -> list[Found]:
    """All that can be told from a response itself, and from how long others took."""
    found = [
        *_trap(one),
        *_times(one, rules, others),
        *_skipped(one),
        *_straight(one, rules, others),
        *_contradictions(one, rules),
        *_nonsense(one),
    ]
    return [mark for mark in found if mark.flag not in rules.off - ALWAYS]


def _trap(one: Subject) -> Iterator[Found]:
    if one.is_trapped:
        yield Found(QualityFlag.TRAP, 5)


# --- times --------------------------------------------------------------------------------------


def time_of_pages(trail: Trail) -> dict[str, int]:
    """Milliseconds by page, with all visits, in the order of the first ones."""
    found: dict[str, int] = {}
    for code, spent in trail:
        found[code] = found.get(code, 0) + spent
    return found


def medians_of(trails: Iterable[Trail | None]) -> dict[str, tuple[int, float]]:
    """{page: (how many were there, their median in milliseconds, with all visits)}."""
    spent: defaultdict[str, list[int]] = defaultdict(list)
    for trail in trails:
        for code, milliseconds in time_of_pages(trail or ()).items():
            spent[code].append(milliseconds)
    return {code: (len(values), median(values)) for code, values in spent.items()}


def shortest_time(page: Page, asked: Iterable[Element], one: Subject, rules: Thresholds) -> float:
    """Milliseconds that a page takes at least: to read what is asked, and to answer what was
    answered."""
    elements = list(asked)
    answered = sum(len(_leaves(one.walk.values.get(e.code, ()))) for e in elements)
    texts = [page.title]
    for element in elements:
        texts += [element.text, element.hint, *(row.text for row in element.rows)]
    words = " ".join(text_in(text, one.language) for text in texts)
    reading = seconds_to_read(words) / rules.reading_factor
    return 1000 * max(answered * rules.item_seconds, reading)


def _leaves(values: Iterable[Value]) -> set[str]:
    return {value.leaf for value in values}


def _times(one: Subject, rules: Thresholds, others: Others) -> Iterator[Found]:
    if not one.trail or one.is_by_staff:
        return
    spent = time_of_pages(one.trail)
    yield from _unread(one, rules, spent)
    known = {
        code: others.medians[code][1]
        for code in spent
        if code in others.medians and others.medians[code][0] >= rules.median_needs
    }
    usual = sum(known.values())
    mine = sum(spent[code] for code in known)
    if usual and 100 * mine < rules.median_percent * usual:
        yield Found(
            QualityFlag.SPEEDING,
            2,
            figures={
                "seconds": round(mine / 1000),
                "median": round(usual / 1000),
                "percent": round(100 * mine / usual),
                "n": min(others.medians[code][0] for code in known),
            },
        )


def _unread(one: Subject, rules: Thresholds, spent: Mapping[str, int]) -> Iterator[Found]:
    """Half of the pages or more were sent sooner than anybody could have read them."""
    needed = {
        page.code: shortest_time(page, asked, one, rules)
        for page, asked in one.walk.pages
        if page.code in spent and asked
    }
    fast = [code for code, least in needed.items() if spent[code] < least]
    if fast and 2 * len(fast) >= len(needed):
        yield Found(
            QualityFlag.UNREAD,
            3,
            tuple(fast),
            {
                "pages": len(fast),
                "of": len(needed),
                "seconds": round(sum(spent[code] for code in fast) / 1000, 1),
                "least": round(sum(needed[code] for code in fast) / 1000, 1),
            },
        )


def _skipped(one: Subject) -> Iterator[Found]:
    """Pages of which there are answers, though they were never sent by a page of ours."""
    if one.trail is None or one.is_by_staff:
        return
    opened = {code for code, _spent in one.trail}
    missed = [
        page.code
        for page, asked in one.walk.pages
        if page.code not in opened
        and any(e.code in one.walk.values and type_of(e).is_asked for e in asked)
    ]
    if missed:
        yield Found(
            QualityFlag.SKIPPED,
            3,
            tuple(missed),
            {"pages": len(missed), "of": sum(1 for _page, asked in one.walk.pages if asked)},
        )


# --- the same in every row ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """Questions that are answered on one scale, below each other: {leaf: answer}. None is no
    answer, or one without an opinion."""

    code: str
    answers: Mapping[str, Any]


def blocks_of(walk: Walk) -> Iterator[Block]:
    """Matrices with one choice a row, and scales of one kind that stand in a row on a page."""
    for _page, elements in walk.pages:
        for element in elements:
            if element.type == Likert.name:
                yield Block(element.code, dict(_of_rows(element, walk)))
        for key, group in groupby(elements, key=_scale_of):
            same = list(group)
            if key is not None and len(same) > 1:
                answers = {one.code: walk.known.get(one.code) for one in same}
                yield Block(same[0].code, answers)


def _of_rows(element: Element, walk: Walk) -> Iterator[tuple[str, Any]]:
    missing = {column.code for column in element.columns if column.is_missing}
    for leaf in type_of(element).leaves(element):
        given = walk.known.get(leaf.code)
        yield leaf.code, None if given in missing else given


def _scale_of(element: Element) -> tuple[str, float, float] | None:
    if not type_of(element).is_asked or element.rows:
        return None
    leaves = type_of(element).leaves(element)
    if len(leaves) != 1 or leaves[0].data_type != DataType.NUMBER:
        return None
    low, high = leaves[0].minimum, leaves[0].maximum
    if low is None or high is None or not 2 <= high - low <= 20:
        return None
    return element.type, low, high


def is_straight(block: Block, rows: int) -> bool:
    """All of at least `rows` rows answered, and all alike; of eight and more all but one."""
    given = list(block.answers.values())
    if len(given) < rows or any(one is None for one in given):
        return False
    longest = max(len(list(run)) for _value, run in groupby(given))
    return longest == len(given) or (len(given) >= 8 and longest >= len(given) - 1)


def straight_blocks(walk: Walk, rules: Thresholds) -> list[Block]:
    return [block for block in blocks_of(walk) if is_straight(block, rules.straight_rows)]


def _straight(one: Subject, rules: Thresholds, others: Others) -> Iterator[Found]:
    """Says most where a row says the opposite of the others, little where one block is all there
    is, and nothing where many people answer so."""
    turned = {
        block.code
        for block in blocks_of(one.walk)
        if rules.turned_rows & set(block.answers) and len(block.answers) >= rules.straight_rows
    }
    found = [
        block
        for block in straight_blocks(one.walk, rules)
        if block.code in turned or not _is_usual(block, others)
    ]
    if not found:
        return
    weight = 1 if len(found) == 1 else 2
    if any(block.code in turned for block in found):
        weight = 3
    yield Found(
        QualityFlag.STRAIGHT,
        weight,
        tuple(leaf for block in found for leaf in block.answers),
        {
            "blocks": len(found),
            "rows": sum(len(block.answers) for block in found),
            "turned": sum(len(rules.turned_rows & set(block.answers)) for block in found),
        },
    )


def _is_usual(block: Block, others: Others) -> bool:
    n, share = others.straight.get(block.code, (0, 0.0))
    return n >= USUAL_NEEDS and share >= USUAL_SHARE


# --- answers against each other, and texts ------------------------------------------------------


def _contradictions(one: Subject, rules: Thresholds) -> Iterator[Found]:
    for condition in rules.contradictions:
        if condition and one.walk.holds(condition):
            where = names_of(condition, one.walk.names) & set(one.walk.shown)
            yield Found(
                QualityFlag.CONTRADICTION, 2, tuple(sorted(where)), {"condition": condition}
            )


def texts_of(walk: Walk) -> dict[str, str]:
    """{leaf: what was written freely}."""
    return {
        value.leaf: value.text
        for element in walk.elements()
        if _is_free(element)
        for value in walk.values.get(element.code, ())
        if value.text
    }


def _is_free(element: Element) -> bool:
    if element.type == ShortText.name:
        return element.settings.get("format", "any") == "any"
    return element.type == LongText.name


def _nonsense(one: Subject) -> Iterator[Found]:
    found = {leaf: nonsense_in(text) for leaf, text in texts_of(one.walk).items()}
    kinds = {leaf: kind for leaf, kind in found.items() if kind}
    if kinds:
        only_marks = set(kinds.values()) == {"marks"}
        yield Found(
            QualityFlag.NONSENSE,
            1 if only_marks else 2,
            tuple(kinds),
            {"kinds": sorted(set(kinds.values()))},
        )
