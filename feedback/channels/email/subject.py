"""Subjects: what is left when prefixes, tags and our number are taken off."""

import re

MAX_SUBJECT = 255
NUMBER = re.compile(r"[\[【]\s{0,3}(?:F-)?#\s{0,3}(?:F-)?(\d{1,18})\s{0,3}[\]】]", re.IGNORECASE)
PREFIX = re.compile(
    r"\s*(?:re|ref|fw|fwd|aw|wg|antw|sv|vs|vb|tr|rv|res|enc|odp|ynt|ilt|回复|回覆|回信|答复|答覆"
    r"|转发|轉發|轉寄|转寄|自动回复|自動回覆|自动答复|自動回復|自动应答"
    r"|automatic reply|auto(?:[- ]?reply)?|out of office|automatische antwort|réponse automatique)"
    r"\s{0,3}(?:[\[(（*]\d{1,3}[\])）]?)?\s{0,3}[:：]",
    re.IGNORECASE,
)
TAG = re.compile(
    r"\s*(?:\*{2,5}\s{0,2}(?:spam|垃圾邮件)\s{0,2}\*{2,5}"
    r"|[\[【(（]\s{0,2}(?:\*{0,5}(?:possible )?spam\*{0,5}|bulk|external|ext|外部邮件|外部"
    r"|垃圾邮件|疑似垃圾邮件)\s{0,2}[\]】)）])\s*:?",
    re.IGNORECASE,
)
LIST_TAG = re.compile(r"\s*\[[^\[\]#]{1,40}\](?=\s*\S)")
BLANKS = re.compile(r"\s+")


def base_subject(subject: str) -> str:
    """Return the subject without reply prefixes, spam and list tags and our `[#1042]`.

    Prefixes are taken from the front only, as often as they stand there, in the languages that
    our customers' programs use. A subject made of nothing else is given back as it was.
    """
    original = subject = BLANKS.sub(" ", subject[: MAX_SUBJECT * 4]).strip()
    subject = BLANKS.sub(" ", NUMBER.sub(" ", subject)).strip()
    had_prefix = True
    while had_prefix:
        found = PREFIX.match(subject) or TAG.match(subject)
        had_prefix = bool(found)
        if found:
            subject = subject[found.end() :].strip()
            if listed := LIST_TAG.match(subject):
                subject = subject[listed.end() :].strip()
    return subject or original


def subject_number(subject: str) -> int | None:
    """Return 1042 for a subject with `[#1042]` (the last one if there are several)."""
    found = NUMBER.findall(subject[: MAX_SUBJECT * 4])
    return int(found[-1]) if found else None
