"""The XML of LimeSurvey as rows: .lss (survey), .lsg (group), .lsq (question). Texts stand in
tables of their own since version 4 and in the rows of each language before."""

from collections import defaultdict
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from surveys.importing.source import Wording

Row = dict[str, str]


@dataclass(slots=True)
class LimeFile:
    kind: str
    default_language: str
    tables: dict[str, list[Row]]
    # (table of texts, id) → column → language → text
    texts: dict[tuple[str, str], dict[str, Wording]] = field(default_factory=dict)

    def text(self, table: str, key: str, column: str) -> Wording:
        return dict(self.texts.get((table, key), {}).get(column, {}))


_TEXTS = {
    "groups": ("gid", ("group_name", "description")),
    "questions": ("qid", ("question", "help")),
    "subquestions": ("qid", ("question", "help")),
    "answers": ("aid", ("answer",)),
}
_L10NS = {
    "group_l10ns": ("groups", "gid"), "question_l10ns": ("questions", "qid"),
    "answer_l10ns": ("answers", "aid"),
}  # fmt: skip


def read_rows(root: Element) -> LimeFile:
    tables = {
        table.tag: [
            {cell.tag: cell.text or "" for cell in row} for row in table.iterfind("rows/row")
        ]
        for table in root
        if table.find("rows") is not None
    }
    languages = [one.text or "" for one in root.iterfind("languages/language")]
    usual = next((row.get("language", "") for row in tables.get("surveys", ())), "")
    kind = root.findtext("LimeSurveyDocType") or ""
    found = LimeFile(kind, usual or next(iter(languages), ""), tables)
    texts: dict[tuple[str, str], dict[str, Wording]] = defaultdict(lambda: defaultdict(dict))
    for name, (key, columns) in _TEXTS.items():
        once: dict[str, Row] = {}
        for row in tables.get(name, ()):
            identity = _identity(name, row, key)
            row["#"] = identity
            for column in columns:
                if column in row:
                    shared = "questions" if name == "subquestions" else name
                    texts[shared, identity][column][row.get("language", "")] = row[column]
            once.setdefault(identity, row)
        found.tables[name] = list(once.values())
    for name, (table, key) in _L10NS.items():
        for row in tables.get(name, ()):
            for column in _TEXTS[table][1]:
                if column in row:
                    texts[table, row.get(key, "")][column][row.get("language", "")] = row[column]
    found.texts = {key: dict(value) for key, value in texts.items()}
    return found


def _identity(name: str, row: Row, key: str) -> str:
    """One row a language has the same question; old answers have no number of their own."""
    if name == "answers" and "aid" not in row:
        return "/".join((row.get("qid", ""), row.get("scale_id", "0"), row.get("code", "")))
    return row.get(key, "")


def attributes(found: LimeFile) -> dict[str, dict[str, str]]:
    """qid → attribute → value, as far as it says something."""
    settings: dict[str, dict[str, str]] = defaultdict(dict)
    for row in found.tables.get("question_attributes", ()):
        value = row.get("value", "").strip()
        if value:
            settings[row.get("qid", "")].setdefault(row.get("attribute", ""), value)
    return settings
