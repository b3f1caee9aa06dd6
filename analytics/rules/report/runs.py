"""Words with numbers among them: a sentence is a list of runs, each of one kind."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

_PLACE = re.compile(r"%\((\w+)\)s")


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one kind. `url` leads to the list behind a number; `is_number` sets it off."""

    words: str
    url: str = ""
    is_number: bool = False
    is_bold: bool = False

    def in_json(self) -> dict[str, str | bool]:
        found: dict[str, str | bool] = {"t": self.words}
        if self.url:
            found["u"] = self.url
        if self.is_number:
            found["n"] = True
        if self.is_bold:
            found["b"] = True
        return found


Runs = list[Run]


def fill(template: str, values: Mapping[str, "Run | Sequence[Run] | str"]) -> Runs:
    """`template` with a run for each %(name)s. KeyError for a name that has no value: a
    translation that names something else is found by the tests."""
    found: Runs = []
    end = 0
    for place in _PLACE.finditer(template):
        found.append(Run(template[end : place.start()]))
        value = values[place.group(1)]
        found += [Run(value)] if isinstance(value, str) else _several(value)
        end = place.end()
    found.append(Run(template[end:]))
    return [one for one in found if one.words]


def _several(value: "Run | Sequence[Run]") -> Sequence[Run]:
    return [value] if isinstance(value, Run) else value


def joined(several: Iterable[Sequence[Run]], between: str) -> Runs:
    """Runs one after the other with the same words between them."""
    found: Runs = []
    for one in several:
        if found:
            found.append(Run(between))
        found += one
    return found


def plain(runs: Iterable[Run]) -> str:
    return "".join(one.words for one in runs)
