"""What stands below an answer and is no part of it: signatures, phone lines, disclaimers."""

from feedback.channels.email.quote_marks import (
    CARD_END,
    CARD_TOP,
    DISCLAIMER,
    DISCLAIMS,
    MAX_LINE,
    MOBILE_SIGNATURE,
    RULE_ONLY,
    SENTENCE,
    SIGNATURE_RULE,
)

SIGNATURE_LINES = 15
MAX_TAILS = 50


def without_tail(lines: list[str]) -> list[str]:
    """Take off, from the end: rules, phone signatures, `-- ` blocks and disclaimers."""
    for _ in range(MAX_TAILS):
        shorter = _one_tail_less(lines)
        if len(shorter) == len(lines) or not any(line.strip() for line in shorter):
            break
        lines = shorter
    return lines


def _one_tail_less(lines: list[str]) -> list[str]:
    end = len(lines)
    while end and RULE_ONLY.fullmatch(lines[end - 1][:MAX_LINE]):
        end -= 1
    if end and MOBILE_SIGNATURE.fullmatch(lines[end - 1][:MAX_LINE]):
        return lines[: end - 1]
    for start in range(max(1, end - SIGNATURE_LINES), end):
        if SIGNATURE_RULE.fullmatch(lines[start][:20]):
            if any(SENTENCE.search(line[:MAX_LINE]) for line in lines[start + 1 : end]):
                continue
            return lines[:start]
    start = end
    while start and lines[start - 1].strip():
        start -= 1
    if (
        0 < start < end - 1
        and CARD_TOP.fullmatch(lines[start])
        and CARD_END.fullmatch(lines[end - 1])
    ):
        return lines[:start]
    if start and DISCLAIMER.match(lines[start]) and DISCLAIMS.search(lines[start][:MAX_LINE]):
        return lines[:start]
    return lines[:end]
