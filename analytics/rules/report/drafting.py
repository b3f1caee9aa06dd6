"""What a report says before anybody has written in it: its eight parts, from what there is."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from analytics.enums import PartKind
from analytics.rules.report.blocks import Block
from analytics.rules.report.material import Material


def usual_titles() -> dict[PartKind, str]:
    """The headings of the parts, in the active language."""
    return {kind: str(kind.label) for kind in PartKind}


def first_blocks(material: Material) -> dict[PartKind, list[Block]]:
    """The parts as a draft has them; what was not gathered is left out."""
    found = {
        PartKind.COVER: [],
        PartKind.CONTENTS: [],
        PartKind.INTRODUCTION: [_own("period"), _purpose(), _own("method")],
        PartKind.OVERVIEW: [
            _figure("received"),
            _chart("volume"),
            _figure("channels"),
            _table("customers"),
            _figure("responses"),
            _table("surveys"),
        ],
        PartKind.ANALYSIS: _analysis(),
        PartKind.PROBLEMS: _problems(),
        PartKind.SUGGESTIONS: [_table("measures"), _hint(_suggestions())],
        PartKind.CONCLUSION: [_own("findings"), _hint(_conclusion())],
    }
    return {
        kind: _without_empty([one for one in blocks if _is_there(one, material)])
        for kind, blocks in found.items()
    }


def _without_empty(blocks: list[Block]) -> list[Block]:
    """A heading below which nothing is left is none."""
    following = [*blocks[1:], None]
    return [
        one
        for one, after in zip(blocks, following, strict=False)
        if not (_is_heading(one) and (after is None or _is_heading(after)))
    ]


def _is_heading(block: Block) -> bool:
    return bool(block.get("text", "").startswith("## "))


def _analysis() -> list[Block]:
    return [
        _heading(pgettext("heading in a report", "Satisfaction")),
        _figure("csat"),
        _chart("satisfaction"),
        *(_figure(key) for key in ("overall", "functional", "service", "emotional")),
        _chart("four"),
        _figure("nps"),
        _heading(pgettext("heading in a report", "Answers and solutions")),
        _figure("first_response"),
        _chart("response"),
        _figure("resolution"),
        _figure("reopened"),
        _heading(pgettext("heading in a report", "What customers write about")),
        _figure("categories"),
        _chart("categories"),
        _figure("topics"),
        _chart("topics"),
        _figure("keywords"),
        _heading(pgettext("heading in a report", "How it sounds")),
        _figure("negative"),
        _chart("mood"),
    ]


def _problems() -> list[Block]:
    return [
        _figure("complaints"),
        _table("complaints"),
        _table("problems"),
        _hint(
            _(
                "The main problems: what goes wrong with the product, the way we work and the "
                "experience of customers, whom it reaches and why."
            )
        ),
    ]


def _suggestions() -> str:
    return _(
        "What we suggest for each problem: product, service, process. Who does it, and by when?"
    )


def _conclusion() -> str:
    return _("The main findings in a few sentences, and the direction for the next period.")


def _purpose() -> Block:
    text = _(
        "It shows how satisfied customers are, what they write about, how quickly they were "
        "answered, which problems stand behind it, and what should be done."
    )
    return {"kind": "text", "text": text, "hint": ""}


def _is_there(block: Block, material: Material) -> bool:
    kind, key = block["kind"], block.get("key")
    if kind == "figure":
        return key in material.figures or key in material.rankings
    if kind == "chart":
        return key in material.charts
    return key in material.tables if kind == "table" else True


def _figure(key: str) -> Block:
    return {"kind": "figure", "key": key}


def _chart(key: str) -> Block:
    return {"kind": "chart", "key": key}


def _table(key: str) -> Block:
    return {"kind": "table", "key": key}


def _own(kind: str) -> Block:
    return {"kind": kind}


def _heading(words: str) -> Block:
    return {"kind": "text", "text": f"## {words}", "hint": ""}


def _hint(words: str) -> Block:
    return {"kind": "text", "text": "", "hint": words}
