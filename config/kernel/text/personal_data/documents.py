"""Numbers on papers and cards: identity, bank, passport, plate, company. Pure: texts are given as
`surroundings.plain` copies."""

import re

from config.kernel.text.personal_data import checksums
from config.kernel.text.personal_data.kinds import Certainty, Kind, Span, Spans
from config.kernel.text.personal_data.surroundings import is_an_amount, is_of_an_order

_ID_18 = re.compile(
    r"(?<![0-9A-Za-z])[1-8][0-9]{5}[ -]?[12][089][0-9]{2}[ -]?[01][0-9][ -]?[0-3][0-9][ -]?"
    r"[0-9]{3}[ -]?[0-9Xx](?![0-9])(?![A-Za-z]{2})"
)
# Grouped in any way: the check digit decides.
_ID_GROUPED = re.compile(r"(?<![0-9A-Za-z])[1-8](?:[ -]?[0-9]){16}[ -]?[0-9Xx](?![0-9A-Za-z])")
_ID_15 = re.compile(r"(?<![0-9A-Za-z])[1-8][0-9]{14}(?![0-9A-Za-z])")
_ID_SAID = re.compile(r"(?:身份证|身份證|身分证|证件|ID[ ]?card)\S{0,8}$", re.IGNORECASE)
_CARD = re.compile(r"(?<![0-9A-Za-z.])[2-69][0-9]{3}(?:[ -]{0,2}[0-9]){10,15}(?![0-9])(?!\.[0-9])")
_CARD_SAID = re.compile(
    r"(?:银行卡|储蓄卡|信用卡|借记卡|卡号|账号|帐号|户头|(?:card|account|acct)(?:[ ]?(?:no\.?|"
    r"number))?)"
    r"\S{0,4}[ ]?$",
    re.IGNORECASE,
)
_COMPANY = re.compile(r"(?<![0-9A-Za-z])[1-9ANY][0-9A-HJ-NP-RTUWXY]{17}(?![0-9A-Za-z])")
_COMPANY_SAID = re.compile(r"(?:信用代码|税号|纳税人|识别号|执照|代码证)\S{0,6}[ ]?$")
_IBAN = re.compile(
    r"(?<![0-9A-Za-z])[A-Z]{2}[0-9]{2}(?:[ ]?[A-Z0-9]{4}){2,7}(?:[ "
    r"]?[A-Z0-9]{1,4})?(?![A-Za-z0-9])"
)
_PASSPORT = re.compile(
    r"(?:护照|護照|passport)[^0-9A-Z\n]{0,12}?"
    r"(?P<number>(?<![A-Z])(?:[A-Z]{1,2}[ ]?[0-9]{6,8}|[0-9]{8,9})(?![0-9A-Za-z]))",
)
_PASSPORT_SAID = re.compile(
    r"\b[Pp]assport(?:[ ](?:no\.?|number|num))?(?:[ ]is)?[ ]?[:#.]?[ ]?"
    r"(?P<number>[A-Za-z]{0,2}[0-9]{6,9})(?![0-9A-Za-z])"
)
_PERMIT = re.compile(
    r"(?:通行证|通行證|回乡证|回鄉證|台胞证|台胞證|居留证|居留證|居住证|permit)[^0-9A-Z\n]{0,10}?"
    r"(?P<number>(?<![A-Z])[A-Z]{0,2}[0-9]{7,10}(?:\([0-9A-Z]{1,2}\))?(?![0-9A-Za-z]))"
)
_HONG_KONG = re.compile(r"(?<![0-9A-Za-z])([A-Z]{1,2})([0-9]{6})\(([0-9A])\)")
_TAIWAN = re.compile(
    r"(?:身[份分][证證]|统一编号|統一編號|证件|證件|"
    r"\bID\b)[^0-9A-Z\n]{0,10}?(?P<number>[A-Z][1289][0-9]{8})"
    r"(?![0-9A-Za-z])"
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•. -]?"
    r"(?P<rest>[A-HJ-NP-Z][A-HJ-NP-Z0-9][0-9]{4}|[0-9]{5}[A-HJ-K]|"
    r"[A-HJ-NP-Z0-9]{4}[A-HJ-NP-Z0-9挂学警港澳领使])"
    r"(?![0-9A-Za-z])",
    re.IGNORECASE,
)
_PLATE_SAID = re.compile(r"(?:车牌|牌照|车号|号牌|车辆|牌号)\S{0,4}$")
_NO_PLATE_AFTER = re.compile(r"[ ]?(?:型|系列|款|级)")
_SSN = re.compile(r"(?<![0-9-])(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}(?![0-9-])")
_SSN_SAID = re.compile(
    r"\b(?:ssn|social[ ]security(?:[ ](?:no\.?|number))?)(?:[ ]is)?[ ]?[:#]?[ ]?"
    r"(?P<number>[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{4})(?![0-9])",
    re.IGNORECASE,
)
_NINO = re.compile(
    r"(?<![0-9A-Za-z])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r"(?:[0-9]{6}|[ ][0-9]{2}[ ][0-9]{2}[ ][0-9]{2}[ ]|[ ][0-9]{6}[ ])[A-D](?![0-9A-Za-z])"
)
_SEPARATORS = re.compile("[ -]")


def identity_cards(text: str) -> Spans:
    """Identity cards of the mainland (18 signs with a valid check sign, or with a wrong one where
    the text says what it is; 15 digits of the old ones), Hong Kong and Taiwan."""
    seen = -1
    for pattern in (_ID_18, _ID_GROUPED):
        for found in pattern.finditer(text):
            if found.start() == seen:
                continue
            number = _SEPARATORS.sub("", found[0])
            if checksums.is_id_card(number):
                seen = found.start()
                yield Span(*found.span(), Kind.ID_CARD, Certainty.CERTAIN)
            elif checksums.looks_like_id_card(number) and _said(_ID_SAID, text, found.start()):
                yield Span(*found.span(), Kind.ID_CARD, Certainty.LIKELY)
    for found in _ID_15.finditer(text):
        if checksums.looks_like_id_card(found[0]) and not is_of_an_order(text, found.start()):
            said = _said(_ID_SAID, text, found.start())
            certainty = Certainty.CERTAIN if said else Certainty.POSSIBLE
            yield Span(*found.span(), Kind.ID_CARD, certainty)
    yield from _other_identity_cards(text)


def _other_identity_cards(text: str) -> Spans:
    for found in _HONG_KONG.finditer(text):
        if checksums.is_hong_kong_id(found[1], found[2], found[3]):
            yield Span(*found.span(), Kind.ID_CARD, Certainty.CERTAIN)
    for found in _TAIWAN.finditer(text):
        if checksums.is_taiwan_id(found["number"]):
            yield Span(*found.span("number"), Kind.ID_CARD, Certainty.CERTAIN)


def bank_cards(text: str) -> Spans:
    """Cards by beginning, length and Luhn; any number with Luhn where the text says “card”."""
    for found in _CARD.finditer(text):
        start, end = found.span()
        number = _SEPARATORS.sub("", found[0])
        if is_of_an_order(text, start) or is_an_amount(text, start, end):
            continue
        if checksums.is_bank_card(number):
            yield Span(start, end, Kind.BANK_CARD, Certainty.CERTAIN)
        elif _said(_CARD_SAID, text, start) and checksums.passes_luhn(number):
            yield Span(start, end, Kind.BANK_CARD, Certainty.LIKELY)


def company_codes(text: str) -> Spans:
    """Unified social credit codes."""
    for found in _COMPANY.finditer(text):
        # One in 31 of all long numbers has the right check sign.
        numbers_only = found[0].isdigit()
        if numbers_only and not _said(_COMPANY_SAID, text, found.start()):
            continue
        if checksums.is_company_code(found[0]):
            yield Span(*found.span(), Kind.COMPANY_CODE, Certainty.CERTAIN)


def passports(text: str) -> Spans:
    """Passports and permits of travel and stay, where the text says what they are."""
    for pattern in (_PASSPORT, _PASSPORT_SAID, _PERMIT):
        for found in pattern.finditer(text):
            yield Span(*found.span("number"), Kind.PASSPORT, Certainty.LIKELY)


def plates(text: str) -> Spans:
    """Chinese number plates, with those of new energy; without a digit only where the text says
    that it is one."""
    for found in _PLATE.finditer(text):
        digits = sum(sign.isdigit() for sign in found["rest"])
        said = _said(_PLATE_SAID, text, found.start())
        small = found[0] != found[0].upper()
        if said or (
            digits >= (3 if small else 1) and not _NO_PLATE_AFTER.match(text, found.end())
        ):
            certainty = Certainty.CERTAIN if said else Certainty.LIKELY
            yield Span(*found.span(), Kind.PLATE, certainty)


def foreign_numbers(text: str) -> Spans:
    """US social security, British national insurance, IBAN."""
    for found in _SSN.finditer(text):
        if not is_of_an_order(text, found.start()):
            yield Span(*found.span(), Kind.SSN, Certainty.LIKELY)
    for found in _SSN_SAID.finditer(text):
        yield Span(*found.span("number"), Kind.SSN, Certainty.CERTAIN)
    for found in _NINO.finditer(text):
        yield Span(*found.span(), Kind.NATIONAL_INSURANCE, Certainty.LIKELY)
    for found in _IBAN.finditer(text):
        if checksums.is_iban(found[0].replace(" ", "")):
            yield Span(*found.span(), Kind.IBAN, Certainty.CERTAIN)


def _said(word: re.Pattern[str], text: str, start: int) -> bool:
    return word.search(text[max(0, start - 20) : start]) is not None
