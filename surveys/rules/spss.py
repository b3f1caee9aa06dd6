"""SPSS syntax that reads a CSV: names, kinds, labels, missing values and sets of boxes. PSPP reads
it as well. Widths and lengths are in bytes of UTF-8, as SPSS counts them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

LONGEST_NAME = 64
LONGEST_LABEL = 255
LONGEST_VALUE_LABEL = 120
WIDEST = 32_767
MOST_MISSING = 3  # SPSS takes no more single values
_RESERVED = frozenset(
    {"ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"}
)
_FORMATS = {"number": "F12.4", "whole": "F8.0", "day": "SDATE10", "moment": "YMDHMS19"}


@dataclass(frozen=True, slots=True)
class Variable:
    """`kind` is number, whole, day, moment or text (`width` bytes). `labels` are of values,
    `missing` those that are no answer. `belongs_to` is the set of boxes that it is one of."""

    name: str
    label: str
    kind: str
    width: int = 1
    labels: Mapping[int, str] = field(default_factory=dict)
    missing: Sequence[int] = ()
    belongs_to: str = ""


def names_for(wanted: Iterable[str]) -> list[str]:
    """A name of SPSS for each: letters, digits and _, at most 64 bytes, none twice whatever its
    capitals, none that is a word of the language."""
    taken: set[str] = set()
    found = []
    for one in wanted:
        name = re.sub(r"[^A-Za-z0-9_]", "_", one).strip("_") or "v"
        if not name[0].isalpha() or name.upper() in _RESERVED:
            name = f"v_{name}"
        name = base = name[:LONGEST_NAME].rstrip("_")
        number = 2
        while name.lower() in taken:
            end = f"_{number}"
            name, number = base[: LONGEST_NAME - len(end)] + end, number + 1
        taken.add(name.lower())
        found.append(name)
    return found


def numbers_for(codes: Sequence[str]) -> dict[str, int]:
    """Code of a choice → number: the code itself where all of them are whole numbers, else the
    place. New choices come last, so that numbers of before stay."""
    if all(re.fullmatch(r"-?(?:0|[1-9][0-9]{0,8})", code) for code in codes):
        return {code: int(code) for code in codes}
    return {code: place for place, code in enumerate(codes, start=1)}


def cut(text: str, most: int) -> str:
    """At most so many bytes, whole characters, on one line."""
    line = " ".join(text.split())
    return line.encode()[:most].decode(errors="ignore")


def quoted(text: str, most: int = LONGEST_LABEL) -> str:
    return "'" + cut(text, most).replace("'", "''") + "'"


def syntax(variables: Sequence[Variable], *, data: str, title: str) -> str:
    """The whole file. `data` is the name of the CSV, whose first line are names."""
    lines = [
        f"* {cut(title, 200).replace('*', ' ')}.",
        "SET UNICODE=ON.",
        "GET DATA",
        "  /TYPE=TXT",
        f"  /FILE={quoted(data)}",
        "  /ENCODING='UTF8'",
        "  /ARRANGEMENT=DELIMITED",
        '  /DELIMITERS=","',
        "  /QUALIFIER='\"'",
        "  /FIRSTCASE=2",
        "  /VARIABLES=",
        *(f"    {one.name} {_format(one)}" for one in variables),
        "  .",
        "VARIABLE LABELS",
        *(f"  {one.name} {quoted(one.label)}" for one in variables),
        "  .",
    ]
    for one in variables:
        if one.labels:
            lines.append(f"VALUE LABELS {one.name}")
            lines += [
                f"  {value} {quoted(text, LONGEST_VALUE_LABEL)}"
                for value, text in one.labels.items()
            ]
            lines.append("  .")
        if one.missing:
            values = ", ".join(map(str, one.missing[:MOST_MISSING]))
            lines.append(f"MISSING VALUES {one.name} ({values}).")
    lines += _sets(variables)
    lines += ["EXECUTE.", "SAVE OUTFILE='data.sav'."]
    return "\n".join(lines) + "\n"


def _format(variable: Variable) -> str:
    if variable.kind == "text":
        return f"A{min(max(variable.width, 1), WIDEST)}"
    return _FORMATS[variable.kind]


def _sets(variables: Sequence[Variable]) -> list[str]:
    """Boxes of one question as one set of several answers."""
    members: dict[str, list[Variable]] = {}
    for one in variables:
        if one.belongs_to:
            members.setdefault(one.belongs_to, []).append(one)
    names = names_for(members)
    return [
        f"MRSETS /MDGROUP NAME=${name[: LONGEST_NAME - 1]} LABEL={quoted(label_of(boxes))} "
        f"VARIABLES={' '.join(box.name for box in boxes)} VALUE=1."
        for name, boxes in zip(names, members.values(), strict=True)
    ]


def label_of(boxes: Sequence[Variable]) -> str:
    return boxes[0].label.rpartition(" – ")[0] or boxes[0].label
