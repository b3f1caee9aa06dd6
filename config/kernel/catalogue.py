"""The catalogue of translations: collected, written and compiled with Babel alone.

Django's own makemessages needs the GNU gettext programs, which a newcomer may not have. The
file is written so that a change in the code changes only the lines it must: no dates, no line
numbers, sorted by file.
"""

import ast
import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

# Which arguments of a call are the sentence, its plural, its context.
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
TEMPLATES = {".html", ".txt", ".svg"}
HEADER = """\
# Translations of Huiyin. `make messages` brings the sentences up to date with the code.
msgid ""
msgstr ""
"Language: {locale}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plural_forms}\\n"

"""
_LITERAL = r"""u?(?:'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")"""
_TEMPLATE_CALL = re.compile(
    rf"(?<![\w.])(_|n?p?gettext)\(\s*({_LITERAL}(?:\s*,\s*{_LITERAL})*)\s*(?:,\s*count)?\s*\)"
)


def sentences(root: Path, folders: list[str]) -> Catalog:
    """Every sentence marked for translation below `root`/`folders`, without translations."""
    catalogue = Catalog()
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix == ".py" and "migrations" not in path.parts:
                found = _of_python(path)
            elif path.suffix in TEMPLATES and "templates" in path.relative_to(root).parts:
                found = _of_template(path)
            else:
                continue
            name = path.relative_to(root).as_posix()
            for context, sentence, comments in found:
                catalogue.add(
                    sentence, context=context, locations=[(name, 0)], auto_comments=comments
                )
    return catalogue


Found = tuple[str | None, str | tuple[str, str], list[str]]


def _of_python(path: Path) -> Iterator[Found]:
    source = path.read_bytes()
    calls = extract_python(BytesIO(source), KEYWORDS, ["Translators:"], {"encoding": "utf-8"})
    for _line, function, arguments, comments in calls:
        given = arguments if isinstance(arguments, tuple) else (arguments,)
        yield from _understood(function, given, list(comments))


def _of_template(path: Path) -> Iterator[Found]:
    # templatize() gives lines that look like calls, among words that are no Python at all.
    for function, arguments in _TEMPLATE_CALL.findall(templatize(path.read_text(), str(path))):
        given = ast.literal_eval(f"({arguments},)")
        yield from _understood(function, given, [])


def _understood(
    function: str, given: tuple[str | None, ...], comments: list[str]
) -> Iterator[Found]:
    with_context = "pgettext" in function
    context = given[0] if with_context else None
    texts = [text for text in given[1 if with_context else 0 :] if text]
    if not texts or (with_context and context is None):
        return  # a variable: whoever made its value marked it
    if function.startswith("n"):
        yield context, (texts[0], texts[1]), comments
    else:
        yield context, texts[0], comments


def read(path: Path, locale: str) -> Catalog:
    if not path.exists():
        return Catalog(locale=locale, domain="django")
    with path.open("rb") as file:
        return read_po(file, locale=locale, domain="django")


def updated(catalogue: Catalog, current: Catalog) -> Catalog:
    """`catalogue` with exactly the sentences of `current`; what was translated stays so."""
    catalogue.update(current, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    return catalogue


def write(catalogue: Catalog, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    for message in catalogue:
        message.locations = sorted({(name, 0) for name, _line in message.locations})
    body = BytesIO()
    write_po(body, catalogue, width=98, omit_header=True, sort_by_file=True, include_lineno=False)
    header = HEADER.format(locale=catalogue.locale_identifier, plural_forms=catalogue.plural_forms)
    path.write_text(header + body.getvalue().decode().rstrip("\n") + "\n")


def compile_to(catalogue: Catalog, path: Path) -> None:
    with path.open("wb") as file:
        write_mo(file, catalogue)


def problems(catalogue: Catalog, current: Catalog) -> Iterator[str]:
    """What keeps `catalogue` from saying everything in `current`; one line each."""
    for message in current:
        if not message.id:
            continue
        known = catalogue.get(message.id, message.context)
        if known is None or not _has_translation(known):
            yield f"not translated: {_name(message)}"
        elif known.fuzzy:
            yield f"fuzzy: {_name(message)}"
        else:
            yield from (f"wrong ({error}): {_name(message)}" for error in known.check(catalogue))
    for message in catalogue:
        if message.id and current.get(message.id, message.context) is None:
            yield f"obsolete: {_name(message)}"


def _has_translation(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else [message.string]
    return all(strings)


def _name(message: Message) -> str:
    sentence = message.id if isinstance(message.id, str) else message.id[0]
    where = message.locations[0][0] if message.locations else "nowhere"
    return f"{sentence!r} ({where})"
