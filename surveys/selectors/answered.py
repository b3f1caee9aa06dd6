"""Who gave an answer, as a filter of responses: from the bits of tallies, and answer by answer for
what is in no tally."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.contrib.postgres.aggregates import BitOr
from django.db import connection
from django.db.models import (
    Case,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.lookups import Exact

from surveys.enums import ResponseStatus
from surveys.models import Answer, Response, Survey, Tally
from surveys.models.tally import TOGETHER
from surveys.selectors.answer_counts import Blocks, bits_of, blocks_of, places_of

BYTES = TOGETHER // 8  # of the bits of a block


class GetBit(Func):
    """The bit at a place, of which the first is the highest of the first byte; PostgreSQL begins
    with the lowest of it."""

    function = "get_bit"
    output_field = IntegerField()

    def __init__(self, bits: bytes) -> None:
        super().__init__(Value(bits), F("tally_place").bitxor(7))


class Answered:
    """Looks answers of the complete responses to one survey up: once for a request, since it
    remembers what it found. Without a survey, or where nothing is tallied, the answers of each
    response are asked for by the query itself."""

    def __init__(self, survey: Survey | None = None) -> None:
        self.survey = survey
        self._known: dict[Q, Q] = {}

    @cached_property
    def blocks(self) -> Blocks:
        return blocks_of(self.survey) if self.survey else Blocks(0, ())

    def by(self, said: Q) -> Q:
        """The responses that have an answer for which `said` holds; it may ask for the question,
        the choice, the number and the date, which answers and tallies both have."""
        if said not in self._known:
            self._known[said] = self._by(said) if self.blocks.number else one_by_one(said)
        return self._known[said]

    def once(self, where: Q) -> Q:
        """The responses for which `where` holds. They are looked for now, so that pages which ask
        for them again and again need not do it: for what costs much to ask."""
        if not self.blocks.number:
            return where
        found = self._complete().filter(where)
        places, params = places_of(found, self.blocks)
        with connection.cursor() as cursor:
            cursor.execute(
                _BITS.format(chosen=bits_of("chosen", places)),
                [*params, self.blocks.survey_id, list(self.blocks.stale)],
            )
            tallied = cursor.fetchall()
        rest = self.blocks.rest_of(found).order_by()
        return self._who(tallied, rest.values_list("pk", flat=True))

    def _by(self, said: Q) -> Q:
        tallies = Tally.objects.filter(said, is_shown=False, block__survey=self.survey)
        known = tallies.filter(block__number__lt=self.blocks.number)
        known = known.exclude(block__number__in=self.blocks.stale).order_by()
        tallied = known.values_list("block__number").annotate(any=BitOr("bits"))
        rest: Any = self.blocks.rest
        if rest is None:
            rest = self.blocks.rest_of(self._complete())
        late = Answer.objects.filter(said, response__in=rest).order_by()
        return self._who(tallied, late.values_list("response", flat=True))

    def _who(self, tallied: Iterable[tuple[int, str]], rest: QuerySet[Any, int]) -> Q:
        """(number of a block, its bits), and the numbers of others."""
        bits = bytearray(self.blocks.number * BYTES)
        for number, block in tallied:
            bits[number * BYTES : (number + 1) * BYTES] = int(block, 2).to_bytes(BYTES, "big")
        # Never unknown, so that the opposite of a filter is that of its people.
        bit = Case(
            When(tally_place__lt=self.blocks.number * TOGETHER, then=GetBit(bytes(bits))),
            default=0,
        )
        return Q(Exact(bit, 1)) | Q(pk__in=rest if self.blocks.rest is None else list(rest))

    def _complete(self) -> QuerySet[Response]:
        return Response.objects.filter(survey=self.survey, status=ResponseStatus.COMPLETE)


_BITS = """
WITH {chosen}
SELECT block.number, chosen.bits
FROM chosen JOIN surveys_tallyblock block ON block.id = chosen.block_id
"""


def one_by_one(said: Q, prefix: str = "") -> Q:
    """The same of any responses, at `prefix` from what is asked about."""
    mine = Answer.objects.filter(said, response=OuterRef(f"{prefix}pk"))
    return Q(Exists(mine.order_by()))
