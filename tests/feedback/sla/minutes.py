"""Working time counted minute by minute: slow, and too simple to be wrong in the same way."""

from datetime import UTC, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)


class Minutes:
    """A stretch of `days` local days from `first` on: which of its minutes are working time."""

    def __init__(self, calendar, first, days):
        tz = ZoneInfo(calendar.zone)
        self.start = datetime.combine(first, time(0), tz).astimezone(UTC)
        self.open = []
        moment, shown = self.start, None
        until = datetime.combine(first + timedelta(days=days), time(0), tz).astimezone(UTC)
        while moment < until:
            wall = moment.astimezone(tz)
            minute = wall.hour * 60 + wall.minute
            if wall.date() != shown:
                shown, reached = wall.date(), -1
                spans = calendar.spans_on(shown)
            reached = max(reached, minute)  # a clock that is set back shows nothing new
            self.open.append(any(a <= reached < b for a, b in spans))
            moment += MINUTE
        self._from = {}

    def at(self, index):
        return self.start + index * MINUTE

    def without(self, pauses):
        """The same with minutes of `pauses` (pairs of indexes) not counted, as running totals."""
        counted = list(self.open)
        for a, b in pauses:
            counted[a:b] = [False] * (b - a)
        return list(accumulate(counted, initial=0))

    @staticmethod
    def elapsed(totals, start, end):
        return totals[end] - totals[start]

    @staticmethod
    def due(totals, start, minutes):
        """Index of the first minute at which `minutes` have passed; None if beyond the end."""
        wanted = totals[start] + minutes
        return next((i for i in range(start, len(totals)) if totals[i] >= wanted), None)
