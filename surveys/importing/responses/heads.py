"""Which column is what, guessed from the head of a table. Pure."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

from surveys.importing.responses.targets import Part, Target

# As other programs head what is known of a response.
_FACTS = {
    "_response": (
        "response", "response id", "responseid", "respondent id", "respondentid", "id", "_id",
        "_uuid", "uuid", "token", "编号", "答卷编号", "序号", "答卷",
    ),
    "_completed": (
        "completed", "completed at", "submitted", "submitted at", "submitdate", "submission date",
        "submission time", "_submission_time", "end", "end date", "enddate", "endtime",
        "date submitted", "timestamp", "recordeddate", "recorded date", "提交时间",
        "提交答卷时间", "时间戳记", "完成时间", "结束时间", "结束答题时间", "已完成",
    ),
    "_started": (
        "begun", "started", "started at", "startdate", "start date", "start", "starttime",
        "开始时间", "开始答题时间", "开始于",
    ),
    "_seconds": (
        "seconds", "seconds spent", "duration", "duration (in seconds)", "interviewtime",
        "所用时间", "答题时长", "用时", "用时(秒)",
    ),
    "_language": ("language", "lang", "startlanguage", "userlanguage", "user language", "语言"),
    "_collector": ("collector", "way", "collector id", "途径", "来源", "收集方式"),
    "_status": ("status", "状态"),
    "_channel": ("channel", "渠道"),
    "_customer": ("customer", "客户"),
    "_version": ("version", "__version__", "版本"),
    "_weight": ("weight", "权重"),
    "_feedback": ("feedback", "ticket", "反馈", "工单", "反馈编号"),
    "_email": (
        "email", "e-mail", "email address", "e-mail address", "recipientemail", "customer email",
        "邮箱", "电子邮箱", "邮件", "邮箱地址",
    ),
    "_customer_number": ("customer number", "customer id", "客户编号"),
}  # fmt: skip
_BETWEEN = re.compile(r"[\[\]/.:：\s]+|\s*[-–—]\s+")
_OTHER = {"other", "othertext", "_other", "其他", "其它", "comment"}


def guessed(head: Sequence[str], targets: Sequence[Target]) -> list[str]:
    """For each column the name of its target, "" where none is seen. None comes twice. Codes go
    before words, words before the names that other programs use; where the same words head
    several questions, columns get them in order."""
    free = {target.name: target for target in targets}
    found = [""] * len(head)
    for candidates in (_by_code, _by_words, _by_pieces, _by_custom):
        for at, cell in enumerate(head):
            if found[at] or not cell.strip():
                continue
            name = next((one for one in candidates(cell, targets) if one in free), "")
            if name:
                found[at] = free.pop(name).name
    return found


def plain(text: str) -> str:
    """Without regard to capitals, width and spaces."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _by_code(cell: str, targets: Sequence[Target]) -> Iterator[str]:
    wanted = plain(cell)
    yield from (one.name for one in targets if one.name.casefold() == wanted)


def _by_words(cell: str, targets: Sequence[Target]) -> Iterator[str]:
    wanted = plain(cell)
    # Words of “other” are headed as their choice is: behind it, where that has a column.
    for is_words in (False, True):
        for one in targets:
            if (one.part == Part.WORDS) == is_words and wanted in map(plain, one.labels.values()):
                yield one.name


def _by_pieces(cell: str, targets: Sequence[Target]) -> Iterator[str]:
    """matrix[row], group/question, question/choice, Q1[other], “Question [Choice]”."""
    pieces = [piece for piece in _BETWEEN.split(plain(cell)) if piece]
    names = {one.name.casefold(): one for one in targets}
    for first in range(len(pieces)):
        joined = "_".join(pieces[first:])
        if joined in names:
            yield names[joined].name
        if pieces[-1] in _OTHER and first < len(pieces) - 1:
            code = "_".join(pieces[first:-1])
            yield from (
                one.name
                for one in targets
                if one.part == Part.WORDS and one.leaf.casefold() == code
            )
    asked, bracket, rest = plain(cell).rstrip("]").rpartition("[")
    if bracket:
        yield from _by_words(f"{asked.strip()} – {rest.strip()}", targets)


def _by_custom(cell: str, targets: Sequence[Target]) -> Iterator[str]:
    wanted = plain(cell)
    yield from (name for name, words in _FACTS.items() if wanted in words)
