"""A file of any known format as a definition of ours. Pure: nothing is stored."""

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from django.utils.translation import gettext as _

from surveys.flow.definition import SCHEMA
from surveys.importing import limesurvey, surveyjs, tables, xlsform
from surveys.importing.assembling import Imported, assemble
from surveys.importing.bounded import LARGEST, read_json, read_text, read_xml
from surveys.importing.old_workbook import sheets_of_old_workbook
from surveys.importing.source import FileRefused, Omitted, Source
from surveys.importing.xforms import sheets_of_xform

# What the page offers to choose from.
ENDINGS = (".lss", ".lsg", ".lsq", ".xlsx", ".xls", ".csv", ".md", ".json", ".xml")
_OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"


def read_file(name: str, raw: bytes) -> Imported:
    """Read a survey of another program, or of ours. Raises FileRefused with a plain reason."""
    if len(raw) > LARGEST:
        raise FileRefused(_("The file is larger than 10 MB."))
    title = PurePath(name).stem[:200]
    ending = PurePath(name).suffix.lower()
    if ending == ".json" or raw.lstrip()[:1] in (b"{", b"["):
        return _of_json(read_json(raw), title)
    return assemble(_source(ending, raw, title))


def _source(ending: str, raw: bytes, title: str) -> Source:
    if raw.startswith(_OLD_WORKBOOK):
        return xlsform.read_sheets(sheets_of_old_workbook(raw), title=title)
    if raw.startswith(b"PK"):
        return xlsform.read_sheets(tables.sheets_of_workbook(raw), title=title)
    if ending == ".csv":
        return xlsform.read_sheets(tables.sheets_of_csv(read_text(raw)), title=title)
    if ending in {".md", ".txt"}:
        return xlsform.read_sheets(tables.sheets_of_markdown(read_text(raw)), title=title)
    if ending in {".lss", ".lsg", ".lsq", ".xml"}:
        root = read_xml(raw)
        if root.tag == "document":
            return limesurvey.read_document(root)
        return xlsform.read_sheets(sheets_of_xform(root), title=title)
    raise FileRefused(_("Files of this kind are not read: %(name)s.") % {"name": ending or title})


def _of_json(raw: Any, title: str) -> Imported:
    if not isinstance(raw, Mapping):
        raise FileRefused
    definition = raw.get("definition", raw)
    if isinstance(definition, Mapping) and isinstance(definition.get("languages"), list):
        return _own(definition)
    content = raw.get("content", raw)
    if isinstance(content, Mapping) and isinstance(content.get("survey"), list):
        name = str(raw.get("name") or raw.get("id_string") or title)
        return assemble(xlsform.read_sheets(xlsform.rows_of_json(content), title=name))
    if raw.get("type") == "survey" and isinstance(raw.get("children"), list):
        return assemble(xlsform.read_sheets(xlsform.rows_of_tree(raw), title=title))
    if surveyjs.looks_like(raw):
        return assemble(surveyjs.read_survey(raw, title=title))
    raise FileRefused


def _own(definition: Mapping[str, Any]) -> Imported:
    """Our own JSON is kept as it is; the builder says what keeps it from being published."""
    if definition.get("schema", SCHEMA) != SCHEMA:
        raise FileRefused(
            _("This product reads definitions with “schema” %(number)s.") % {"number": SCHEMA}
        )
    pages = _maps(definition.get("pages"))
    elements = [one for page in pages for one in _maps(page.get("elements"))]
    things = [one for element in elements for name in ("choices", "columns")
              for one in _maps(element.get(name))]  # fmt: skip
    rows = [one for element in elements for one in _maps(element.get("rows"))]
    jumps = [one for page in pages for one in _maps(page.get("jumps"))]
    ends = [*_maps(definition.get("ends")), *_maps(definition.get("quotas"))]
    conditions = sum(
        bool(one.get(name))
        for one in (*pages, *elements, *things, *rows, *jumps, *ends)
        for name in ("when", "required_when")
    ) + sum(len(_maps(one.get("checks"))) + ("value" in one) for one in elements)
    if not elements:
        raise FileRefused(_("There are no questions in this file."))
    texts = definition.get("texts")
    title = texts.get("title") if isinstance(texts, Mapping) else None
    words = title if isinstance(title, Mapping) else {}
    counts = {
        "pages": len(pages), "questions": len(elements), "choices": len(things),
        "rows": len(rows), "conditions": conditions,
    }  # fmt: skip
    omitted: list[Omitted] = []
    return Imported(
        "huiyin", {str(k): str(v)[:200] for k, v in words.items()}, dict(definition), counts,
        {"elements": len(elements), "conditions": conditions}, omitted,
    )  # fmt: skip


def _maps(raw: Any) -> list[Mapping[str, Any]]:
    return [one for one in raw if isinstance(one, Mapping)] if isinstance(raw, list) else []
