"""A mail that somebody passes on: what they wrote above it, and the mail as its author sent it."""

import re
from dataclasses import dataclass, replace

from feedback.channels.email.addresses import parse_addresses
from feedback.channels.email.parse import parse_mail
from feedback.channels.email.parsed import Address, Attachment, ParsedMail
from feedback.channels.email.quote_marks import (
    FIELD_NAME,
    FORWARD,
    MAX_LINE,
    ORIGINAL,
    RULE_ONLY,
    field_kind,
)
from feedback.channels.email.subject import base_subject
from feedback.channels.email.tails import without_tail

MAX_LINES = 10_000
MAX_FIELDS = 30
MAX_INNER_BYTES = 20_000_000
# Programs that announce an answer and a forwarded mail alike tell them apart by the subject.
PASSED_ON = re.compile(
    r"\s*(?:(?:re|回复|答复)\s{0,3}[:：]\s{0,3}){0,3}"
    r"(?:fwd?|fw|wg|tr|rv|enc|vb|doorst|转发|轉發|轉寄|转寄)\s{0,3}[:：]",
    re.IGNORECASE,
)
SUBJECT_NAMES = re.compile(
    r"(?:subject|主题|主題|主旨|标题|betreff|objet|asunto|件名)", re.IGNORECASE
)
# "Jane <jane@x.cn<mailto:jane@x.cn>>", as Outlook writes plain text.
LINKED = re.compile(r"<mailto:[^<>\s]{0,320}>")
QUOTED_ONCE = re.compile(r"\s{0,3}[>＞] ?")


@dataclass(frozen=True, slots=True)
class Forward:
    """`own_words` are of whoever passed it on, "" when they wrote none. `original` is the mail
    of its author: attached, with all that it held; or read from the text, and then with the
    files of the mail around it."""

    own_words: str
    original: ParsedMail
    is_attached: bool = False


def read_forward(mail: ParsedMail) -> Forward | None:
    """What `mail` passes on. None where no program says that it does, where its author has no
    address, or where it holds several mails."""
    return _attached(mail) or _inline(mail)


# -- as a file ---------------------------------------------------------------------------------


def _attached(mail: ParsedMail) -> Forward | None:
    inner = [one for one in mail.attachments if _is_mail(one)]
    if len(inner) != 1 or len(inner[0].payload) > MAX_INNER_BYTES:
        return None
    original = parse_mail(inner[0].payload)
    if "@" not in original.from_address:
        return None
    beside = tuple(one for one in mail.attachments if one is not inner[0] and not one.inline)
    own = _without_rules(without_tail(mail.text.strip("\n").split("\n")[:MAX_LINES]))
    original = replace(
        original,
        subject=original.base_subject or mail.base_subject,
        attachments=(*original.attachments, *beside),
    )
    return Forward(own, original, is_attached=True)


def _is_mail(file: Attachment) -> bool:
    return file.content_type == "message/rfc822" or file.name.lower().endswith(".eml")


# -- in the text -------------------------------------------------------------------------------


def _inline(mail: ParsedMail) -> Forward | None:
    lines = [line.rstrip() for line in mail.text.split("\n")[:MAX_LINES]]
    start = _where_it_begins(lines, is_passed_on=bool(PASSED_ON.match(mail.subject)))
    if start is None:
        return None
    announced, first_field = start
    fields, end = _read_fields(lines, first_field)
    text = lines[end:]
    if QUOTED_ONCE.match(lines[first_field]):
        text = [_without_mark(line) for line in text]
    author = _author(fields)
    if author is None:
        return None
    own = _without_rules(without_tail(lines[:announced]))
    # Programs name the mail that they pass on: answers to it will name it, too.
    named = [*mail.references, *mail.in_reply_to]
    original = replace(
        mail,
        message_id=named[-1] if named else "",
        in_reply_to=(),
        references=tuple(named[:-1]),
        from_address=author.email,
        from_name=author.name,
        from_addresses=(author,),
        sender=(),
        reply_to=(),
        subject=mail.base_subject or base_subject(_subject(fields)),
        text="\n".join(text).strip("\n"),
        html="" if own else mail.html,
        attachments=tuple(replace(one, inline=False) for one in mail.attachments)
        if own
        else mail.attachments,
        authentication_results=(),
        defects=(),
    )
    return Forward(own, original)


def _where_it_begins(lines: list[str], *, is_passed_on: bool) -> tuple[int, int] | None:
    """The line that announces the mail, and the first line of its header."""
    for index, line in enumerate(lines):
        cut = line[:MAX_LINE]
        if cut.strip() and FORWARD.fullmatch(cut):
            pass
        elif not is_passed_on:
            continue
        elif not ORIGINAL.fullmatch(cut):
            if _is_header(lines, index):
                return index, index
            continue
        following = _next_written(lines, index + 1)
        if following is not None and _is_header(lines, following, least=1):
            return index, following
    return None


def _is_header(lines: list[str], index: int, *, least: int = 2) -> bool:
    """Whether fields begin here of which one, and of several the first or second, is an author;
    `least` of them."""
    fields, _end = _read_fields(lines, index)
    return len(fields) >= least and any(
        field_kind(f"{name}:") == "sender" for name, _value in fields[:3]
    )


def _read_fields(lines: list[str], index: int) -> tuple[list[tuple[str, str]], int]:
    """The fields from `index` on as (name, value), and where the text after them begins. Header
    and text may be quoted once, as Apple Mail does it."""
    bare = _without_mark if QUOTED_ONCE.match(lines[index]) else str
    fields: list[tuple[str, str]] = []
    while index < len(lines) and len(fields) < MAX_FIELDS:
        line = bare(lines[index])[:MAX_LINE]
        if field_kind(line):
            name, value = _split(line)
            fields.append((name, value))
        elif not line.strip():
            following = _next_written(lines, index)
            if following is None or not fields or not field_kind(bare(lines[following])):
                break
        elif fields and "@" in line:  # the rest of many recipients
            fields[-1] = (fields[-1][0], f"{fields[-1][1]} {line.strip()}")
        else:
            break
        index += 1
    return fields, index


def _without_mark(line: str) -> str:
    return QUOTED_ONCE.sub("", line, count=1)


def _split(line: str) -> tuple[str, str]:
    found = FIELD_NAME.match(line)
    if found is None:
        return "", line
    return re.sub(r"[\s\u3000*]+", "", found[1]), line[found.end() :].strip(" \t*\u3000\xa0")


def _author(fields: list[tuple[str, str]]) -> Address | None:
    for name, value in fields:
        if field_kind(f"{name}:") == "sender":
            written = LINKED.sub("", value).replace("＜", "<").replace("＞", ">")
            return next(iter(parse_addresses(written.encode())), None)
    return None


def _subject(fields: list[tuple[str, str]]) -> str:
    return next((value for name, value in fields if SUBJECT_NAMES.fullmatch(name)), "")


def _next_written(lines: list[str], index: int) -> int | None:
    places = range(index, min(len(lines), index + 5))
    return next((place for place in places if lines[place].strip("> \t")), None)


def _without_rules(lines: list[str]) -> str:
    kept = list(lines)
    while kept and RULE_ONLY.fullmatch(kept[-1][:MAX_LINE]):
        kept.pop()
    return "\n".join(kept).strip()
