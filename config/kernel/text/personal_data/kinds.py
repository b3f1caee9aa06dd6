"""What kinds of personal data there are, how sure a finding is, and what a finding says. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What was found. The values stand in files, settings and the API: never rename one."""

    PHONE = "phone"
    EMAIL = "email"
    ID_CARD = "id_card"
    BANK_CARD = "bank_card"
    PASSPORT = "passport"  # and travel permits
    NAME = "name"
    ADDRESS = "address"
    WECHAT = "wechat_id"
    QQ = "qq"
    PLATE = "plate"
    BIRTH_DATE = "birth_date"
    COMPANY_CODE = "uscc"
    URL = "url"  # only one that carries a token or says who somebody is
    IP = "ip"
    SSN = "ssn"
    NATIONAL_INSURANCE = "nino"
    IBAN = "iban"
    POSTCODE = "postcode"
    OWN = "own"  # found by a pattern of the installation


class Certainty(IntEnum):
    """How sure a finding is: by its shape only, by its shape and what stands around it, or by a
    check digit or a word that says what follows."""

    POSSIBLE = 1
    LIKELY = 2
    CERTAIN = 3


class Span(NamedTuple):
    """A finding of one detector: characters `start` up to `end` of the text."""

    start: int
    end: int
    kind: Kind
    certainty: Certainty


@dataclass(frozen=True, slots=True)
class Found:
    """One piece of personal data: characters `start` up to `end` of the text as it was given, and
    what stands there."""

    kind: Kind
    start: int
    end: int
    value: str
    certainty: Certainty


Spans = Iterator[Span]
