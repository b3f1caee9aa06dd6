"""Word lists as plain text, for people to read and add to."""

import re
from functools import cache
from importlib import resources

_HEADING = re.compile(r"\[([a-z ]+?)(?: (-?\d+(?:\.\d+)?))?\]")


@cache
def sections(name: str, parted_by: str | None = None) -> dict[tuple[str, float], list[str]]:
    """The entries of a list by the name and number of their section (0.0 where it has none).
    `parted_by`: what parts entries in a line, else spaces. Lines that begin with # are notes."""
    found: dict[tuple[str, float], list[str]] = {}
    section: list[str] = []
    text = resources.files(__package__).joinpath(f"{name}.txt").read_text("utf-8")
    for line in text.splitlines():
        heading = _HEADING.fullmatch(line)
        if heading:
            section = found.setdefault((heading[1], float(heading[2] or 0)), [])
        elif line and not line.startswith("#"):
            section += [one for piece in line.split(parted_by) if (one := piece.strip())]
    return found


def entries(name: str, section: str, parted_by: str | None = None) -> list[str]:
    """All entries of the sections of one name, whatever their numbers."""
    return [
        word
        for (named, _), words in sections(name, parted_by).items()
        if named == section
        for word in words
    ]


def both(section: str) -> tuple[list[str], list[str]]:
    """The entries of a section in Chinese and in English."""
    return entries("zh", section), entries("en", section, ",")
