"""The list behind a figure: an address that shows exactly what was counted, or none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from analytics.metrics.catalogue.metric import Metric
from analytics.metrics.periods import Period
from analytics.selectors.facts.counting import stored
from analytics.selectors.facts.dimension import Key, roots
from analytics.selectors.facts.fact import Fact
from analytics.selectors.facts.facts import FACTS
from analytics.selectors.facts.question import Question
from feedback.enums import OPEN_STATES
from feedback.selectors.kept_settings import categories
from feedback.selectors.queue import queue_url
from feedback.selectors.queue_filters import NONE
from surveys.models import Question as Asked
from surveys.selectors.response_list import responses_url

Values = Mapping[str, tuple[Key, ...]]  # of dimensions; what the things counted have


@dataclass
class Lists:
    """Addresses for one question. `keys` are all values of each dimension that rows have."""

    question: Question
    metric: Metric
    today: date
    keys: Mapping[str, Iterable[Key]]
    _texts: dict[str, Mapping[Key, str]] = field(default_factory=dict)
    _asked: list[tuple[int, UUID, str]] | None = None

    @property
    def fact(self) -> Fact:
        return FACTS[self.metric.fact]

    def url(self, keys: tuple[Key, ...] | None, period: Period) -> str:
        """Of one row, or with None of all of them; empty where no list shows just these."""
        values: dict[str, tuple[Key, ...]] = dict(self.question.filters)
        for name, key in zip(self.question.by, keys, strict=True) if keys is not None else ():
            if name == "branch" and "category" in values:
                values["category"] = _under(key, values["category"])
            else:
                values[name] = (key,)
        if "branch" in values and "category" in values:
            del values["branch"]
        return self.url_of(values, period)

    def url_of(self, values: Values, period: Period) -> str:
        """Of what has these values, each dimension any of several."""
        if self.fact.asked:
            return self._responses(values, period)
        return self._records(values, period) if self.fact.in_list else ""

    def _records(self, values: Values, period: Period) -> str:
        given: dict[str, Any] = {}
        if self.metric.is_stock:
            if period.last < self.today:
                return ""  # what was open then is no list of today
            given["state"] = list(OPEN_STATES)
        else:
            name = self.fact.in_list
            given |= {f"{name}_from": period.first, f"{name}_to": period.last}
        for name, wanted in values.items():
            in_queue = self.question.dimension(name).in_queue
            if not in_queue:
                return ""
            if name == "category" and name in self.question.by and self._is_above(wanted):
                if None in wanted:
                    return ""  # no list is of those without and of some by themselves
                in_queue = "filed"
            given[in_queue] = self._in_list(name, wanted)
        for name, value in self.metric.list_filters.items():
            allowed = [value] if isinstance(value, str) else list(value)
            given[name] = [one for one in given.get(name, allowed) if one in allowed]
            if not given[name]:
                return ""  # the list of none of them would be a list of all
        return queue_url(**given)

    @staticmethod
    def _is_above(keys: Iterable[Key]) -> bool:
        parents = {one.parent_id for one in categories().values()}
        return any(key in parents for key in keys if key is not None)

    def _in_list(self, name: str, wanted: Iterable[Key]) -> list[str]:
        texts = self._texts_of(name)
        return [NONE if key is None else texts.get(key, str(key)) for key in wanted]

    def _texts_of(self, name: str) -> Mapping[Key, str]:
        if name not in self._texts:
            dimension = self.question.dimension(name)
            given = dict(self.question.filters).get(name, ())
            wanted = {*self.keys.get(name, ()), *given} - {None}
            if stored(name) == "category":
                wanted |= set(dict(self.question.filters).get("category", ())) - {None}
            self._texts[name] = dimension.texts(wanted) if wanted else {}
        return self._texts[name]

    def _responses(self, values: Values, period: Period) -> str:
        """One question of one survey, narrowed by what its list knows."""
        surveys = values.get("survey")
        found = [
            (slug, code, survey)
            for survey, slug, code in self._questions()
            if surveys is None or survey in surveys
        ]
        if len(found) != 1:
            return ""
        given: dict[str, Any] = {}
        slug, code, survey = found[0]
        for name, wanted in values.items():
            if name == "survey":
                continue
            dimension = self.question.dimension(name)
            allowed = dimension.in_responses
            # Its list takes one value of each, and only of a team "none".
            if not allowed or len(wanted) != 1 or (wanted[0] is None and name != "team"):
                return ""
            if dimension.response_text is None:
                given[allowed] = wanted[0]  # this list has the numbers of rows and no codes
            elif dimension.of_survey == survey:
                given.setdefault(allowed, []).append(dimension.response_text(wanted[0]))
            else:
                return ""
        return responses_url(slug, question=code, first=period.first, last=period.last, **given)

    def _questions(self) -> list[tuple[int, UUID, str]]:
        if self._asked is None:
            rows = Asked.objects.filter(role=self.fact.asked).order_by()
            self._asked = list(rows.values_list("survey_id", "survey__slug", "code"))
        return self._asked


def _under(root: Key, keys: Iterable[Key]) -> tuple[Key, ...]:
    """Those of the filter that belong to a main category."""
    above = roots()
    return tuple(one for one in keys if above.get(one) == root)
