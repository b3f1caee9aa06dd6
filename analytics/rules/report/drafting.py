"""What a report says before anybody has written in it: its eight parts, from what there is."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from analytics.enums import PartKind
from analytics.rules.report.blocks import Block


def usual_titles() -> dict[PartKind, str]:
    """The headings of the parts, in the active language."""
    return {kind: str(kind.label) for kind in PartKind}


def first_blocks() -> dict[PartKind, list[Block]]:
    """The parts as a draft has them. What was not gathered says nothing, and speaks up once it
    is."""
    return {
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
        PartKind.SUGGESTIONS: [
            _figure("measures"),
            _table("measures"),
            _hint(_suggestions()),
        ],
        PartKind.CONCLUSION: [_own("findings"), _hint(_conclusion())],
    }


def _analysis() -> list[Block]:
    return [
        _heading(pgettext("heading in a report", "Satisfaction")),
        _figure("csat"),
        _chart("satisfaction"),
        *(_figure(key) for key in ("overall", "functional", "service", "emotional")),
        _chart("four"),
        _figure("nps"),
        _figure("ces"),
        _table("satisfied"),
        _heading(pgettext("heading in a report", "Answers and solutions")),
        _figure("first_response"),
        _chart("response"),
        _figure("resolution"),
        _figure("promises_kept"),
        _figure("first_contact"),
        _figure("reopened"),
        _table("teams"),
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
        _figure("problems"),
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
