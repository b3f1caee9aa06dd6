"""Every address of the product, taken from the resolver: a page that is added is attacked too."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

# What a path may hold where the product expects a number, a key or a word.
WORDS = (
    "\x00",
    "12-\x00",
    "²-x",
    "1" * 40 + "-x",
    "é" * 200,
    "1-" + "a" * 3000,
    "..",
    "__class__",
)
HOSTILE_PARTS: dict[str, tuple[str, ...]] = {
    "IntConverter": ("0", "9" * 18, "9" * 40),
    "UUIDConverter": ("00000000-0000-0000-0000-000000000000",),
    "SlugConverter": ("x" * 300, "__class__"),
    "StringConverter": WORDS,
    "PathConverter": (*WORDS, "1/\x00", "9" * 40, "_5F_00"),
    "": WORDS,  # a group of a regular expression
}


@dataclass(frozen=True)
class Address:
    """One pattern: its name as reverse() knows it, and the kind of each part of its path."""

    name: str
    kinds: Mapping[str, str]

    def path(self, parts: Mapping[str, Any]) -> str:
        return reverse(self.name, kwargs={name: parts[name] for name in self.kinds})

    def hostile(self, honest: Mapping[str, Any]) -> Iterator[str]:
        """Its path with one part that is not what it should be."""
        for name, kind in self.kinds.items():
            for part in HOSTILE_PARTS[kind]:
                try:
                    yield self.path({**honest, name: part})
                except NoReverseMatch:  # the pattern itself does not let it through
                    continue


def every_address() -> list[Address]:
    return list(_walk(get_resolver(), "", {}))


def _walk(resolver: URLResolver, namespace: str, kinds: dict[str, str]) -> Iterator[Address]:
    for entry in resolver.url_patterns:
        converters = entry.pattern.converters.items()
        here = kinds | {name: type(converter).__name__ for name, converter in converters}
        if isinstance(entry, URLResolver):
            below = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from _walk(entry, below, here)
        elif isinstance(entry, URLPattern) and entry.name:
            groups = entry.pattern.regex.groupindex
            yield Address(f"{namespace}{entry.name}", dict.fromkeys(groups, "") | here)
