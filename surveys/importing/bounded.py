"""Files of strangers: nothing is read that is too big, too deep or leads elsewhere."""

import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder
from xml.parsers import expat

from django.utils.translation import gettext as _

from surveys.importing.source import FileRefused

LARGEST = 10 * 1024 * 1024
LARGEST_UNPACKED = 40 * 1024 * 1024
DEEPEST = 60
MOST_NODES = 400_000


def read_xml(raw: bytes) -> Element:
    """The root of an XML file. A document type (entities, files of elsewhere) is refused, and
    so is what is deeper than 60 levels or has more than 400,000 elements. Raises FileRefused."""
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    depth = nodes = 0

    def begins(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth, nodes
        depth, nodes = depth + 1, nodes + 1
        if depth > DEEPEST or nodes > MOST_NODES:
            raise FileRefused(_("This file is nested too deeply or has too many parts."))
        builder.start(_braced(name), {_braced(key): value for key, value in attributes.items()})

    def ends(name: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(_braced(name))

    def refuse(*_anything: Any) -> None:
        raise FileRefused(_("This file defines entities of its own (DOCTYPE); that is refused."))

    parser.StartElementHandler, parser.EndElementHandler = begins, ends
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.buffer_text = True
    try:
        parser.Parse(raw, True)
        return builder.close()
    except (expat.ExpatError, ParseError, ValueError, LookupError) as wrong:
        raise FileRefused(
            _("This file is no XML that can be read: %(why)s.") % {"why": wrong}
        ) from wrong


def _braced(name: str) -> str:
    """Names of a namespace as ElementTree writes them: {address}name."""
    return f"{{{name}" if "}" in name else name


def read_json(raw: bytes) -> Any:
    """Raises FileRefused."""
    try:
        return json.loads(raw.decode("utf-8-sig"), parse_constant=_no_number)
    except (ValueError, RecursionError) as wrong:
        raise FileRefused(
            _("This file is no JSON that can be read: %(why)s.") % {"why": wrong}
        ) from wrong


def _no_number(name: str) -> Any:
    raise ValueError(name)


def read_text(raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030", "latin-1"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise FileRefused


_DAMAGED = (
    KeyError, RuntimeError, OSError, NotImplementedError, EOFError, ValueError,
    zipfile.BadZipFile, zlib.error,
)  # fmt: skip
_BLOCK = 1 << 18


class Package:
    """A ZIP of which at most 40 MB (or `most` bytes) are unpacked. Raises FileRefused."""

    def __init__(self, raw: bytes, most: int = LARGEST_UNPACKED) -> None:
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(raw))
        except _DAMAGED as wrong:
            raise FileRefused(_("This file is no workbook that can be opened.")) from wrong
        self.names = set(self.zip.namelist())
        if sum(part.file_size for part in self.zip.infolist()) > most:
            raise FileRefused(_("Unpacked this file is larger than it may be."))
        # What is said of sizes need not be true: it is counted while reading as well.
        self.left = most

    def xml(self, name: str) -> Element:
        return read_xml(b"".join(self.blocks(name)))

    def blocks(self, name: str) -> Iterator[bytes]:
        """A part piece by piece. Raises FileRefused where it is damaged or too large."""
        try:
            with self.zip.open(name) as part:
                while block := part.read(_BLOCK):
                    self.left -= len(block)
                    if self.left < 0:
                        raise FileRefused(_("Unpacked this file is larger than it may be."))
                    yield block
        except _DAMAGED as wrong:
            raise FileRefused(
                _("This workbook is damaged. Open it, save it again, and try once more.")
            ) from wrong
